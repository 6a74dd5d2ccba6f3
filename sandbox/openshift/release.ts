/** Differences between releases, read from `releases/<release>.yaml`. */
import { readdir, readFile } from 'node:fs/promises';
import { load } from 'js-yaml';
import { type Figure, figuresOf, type Sources } from './sources.ts';

export interface MeshFigures {
  /** `spec.version` of a control plane that names none. */
  readonly default: string;
  readonly supported: readonly string[];
  readonly chartVersion: string;
  readonly operatorVersion: string;
  readonly imageTag: string;
  readonly stages: readonly (readonly string[])[];
  readonly alwaysReady: readonly string[];
  /** Whether prometheus carries a third container, its own proxy. */
  readonly prometheusProxy: boolean;
  readonly cni: { readonly daemonSet: string; readonly network: string; readonly containers: readonly string[] };
  /** Whether the member roll makes ServiceMeshMember objects. */
  readonly memberObjects: boolean;
  /** Whether the label `sidecar.istio.io/inject` is read, before the annotation. */
  readonly injectionLabel: boolean;
  /** Whether pods choose a template (`sidecar`, `gateway`) and may say something of their proxy in a container of its name. */
  readonly injectionTemplates: boolean;
  /** `spec.tracing.type` of the control plane that the console's form offers. */
  readonly formTracing: 'Jaeger' | 'None';
  readonly ior: {
    readonly enabled: boolean;
    /** The text hashed for host `*`. */
    readonly hashOfStar: string;
    readonly updateInPlace: boolean;
    /** Whether gateways of egress and `maistra.io/manageRoute: "false"` get no Route. */
    readonly optOut: boolean;
  };
}

export interface SailFigures {
  /** `spec.version` of an Istio that names none. */
  readonly default: string;
  /** What `spec.version` may say, and which version of Istio that is. */
  readonly versions: Readonly<Record<string, string>>;
  /** Whether lists show the columns Namespace and Profile (from 3.1). */
  readonly namespaceColumns: boolean;
  /** Whether there is a condition DependenciesHealthy (from 3.1). */
  readonly dependencies: boolean;
  /** Whether a condition that is True has a reason, its own type (from 3.4). */
  readonly reasonsWhenTrue: boolean;
  /** Whether the proxy is an init container: from Istio 1.27 on kubelets from 1.33. */
  readonly nativeSidecars: boolean;
  /** Served versions of ZTunnel. */
  readonly ztunnel: readonly string[];
  /** Which version of Istio's networking kinds is stored; v1 and v1beta1 are both served. */
  readonly istioStorage: string;
}

export interface CatalogPackage {
  readonly name: string;
  readonly displayName: string;
  readonly defaultChannel: string;
  /** Names of ClusterServiceVersions, the oldest first. */
  readonly channels: Readonly<Record<string, readonly string[]>>;
}

export interface CatalogCsv {
  readonly displayName: string;
  readonly version: string;
  readonly replaces?: string;
  /** Prefixes of the files in schemas/crds that this operator's bundle holds. */
  readonly crds: readonly string[];
  readonly deployment: string;
  /** Image by container name. */
  readonly containers: Readonly<Record<string, string>>;
}

export interface Release {
  readonly release: string;
  readonly openshift: {
    readonly version: string;
    readonly channel: string;
    /** What new clusters of that version have: OVN-Kubernetes from 4.12. */
    readonly networkType: 'OpenShiftSDN' | 'OVNKubernetes';
  };
  /** Of Service Mesh 2. */
  readonly mesh?: MeshFigures;
  /** Of Service Mesh 3. */
  readonly sail?: SailFigures;
  readonly packages: readonly CatalogPackage[];
  readonly csvs: Readonly<Record<string, CatalogCsv>>;
  /** Where the values above come from. */
  readonly sources: Sources;
}

const FOLDER = new URL('./releases/', import.meta.url);

/** @throws if there is no such release, naming those that exist. */
export async function loadRelease(name: string): Promise<Release> {
  const known = (await readdir(FOLDER)).filter((file) => file.endsWith('.yaml')).map((file) => file.slice(0, -5));
  if (!known.includes(name)) {
    throw new Error(`LW-SANDBOX-RELEASE: unknown release "${name}"; the sandbox imitates ${known.sort().join(', ')}`);
  }
  return load(await readFile(new URL(`${name}.yaml`, FOLDER), 'utf8')) as Release;
}

/** @returns every figure of the release with where it comes from; undefined for a release that is not imitated. */
export async function releaseFigures(name: string): Promise<readonly Figure[] | undefined> {
  const release = await loadRelease(name).catch(() => undefined);
  return release === undefined ? undefined : figuresOf(release);
}

export interface Versions {
  /** Of OpenShift: 8 of `4.8.57`. */
  readonly minor: number;
  /** What images of that OpenShift are tagged with: `v4.8`. */
  readonly tag: string;
  /** Of its Kubernetes: `v1.21.0`. Which patch it was is not imitated. */
  readonly kubernetes: string;
}

/** What follows from a release's version of OpenShift. OpenShift 4.N contains Kubernetes 1.(N + 13). */
export function versionsOf({ openshift }: Release): Versions {
  const minor = Number(openshift.version.split('.')[1]);
  return { minor, tag: `v4.${minor}`, kubernetes: `v1.${minor + 13}.0` };
}

/** @throws if there is no such release, or it is not one of Service Mesh 2. */
export async function loadMeshFigures(name: string): Promise<MeshFigures> {
  const { mesh } = await loadRelease(name);
  if (mesh === undefined) throw new Error(`LW-SANDBOX-RELEASE: release "${name}" is not one of Service Mesh 2`);
  return mesh;
}
