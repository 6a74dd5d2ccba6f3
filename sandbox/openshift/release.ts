/** Differences between releases, read from `releases/<release>.yaml`. */

import { readdir, readFile } from 'node:fs/promises';
import { load } from 'js-yaml';
import { ownFormat } from '../../model/own-format.ts';
import { type Figure, figuresOf, type Sources } from './sources.ts';

export interface MeshFigures {
  /** The default of `spec.version` in a control plane. */
  readonly default: string;
  readonly supported: readonly string[];
  readonly chartVersion: string;
  readonly operatorVersion: string;
  readonly imageTag: string;
  readonly stages: readonly (readonly string[])[];
  readonly alwaysReady: readonly string[];
  /** Whether the Prometheus pod has a third container, a proxy of its own. */
  readonly prometheusProxy: boolean;
  readonly cni: { readonly daemonSet: string; readonly network: string; readonly containers: readonly string[] };
  /** Whether the member roll creates ServiceMeshMember objects. */
  readonly memberObjects: boolean;
  /** Whether the label `sidecar.istio.io/inject` takes precedence over the annotation. */
  readonly injectionLabel: boolean;
  /** Whether pods can choose a template (`sidecar`, `gateway`), and customize the proxy in a container `istio-proxy`. */
  readonly injectionTemplates: boolean;
  /** `spec.tracing.type` in the console's form for a control plane. */
  readonly formTracing: 'Jaeger' | 'None';
  readonly ior: {
    readonly enabled: boolean;
    /** The text that is hashed for the host `*`. */
    readonly hashOfStar: string;
    readonly updateInPlace: boolean;
    /** Whether egress gateways, and Gateways with `maistra.io/manageRoute: "false"`, get no Route. */
    readonly optOut: boolean;
  };
}

export interface SailFigures {
  /** The default of `spec.version` in an Istio. */
  readonly default: string;
  /** The values of `spec.version`, with the version of Istio for each. */
  readonly versions: Readonly<Record<string, string>>;
  /** Values of `spec.version` that the API accepts and the operator does not install. */
  readonly endOfLife: readonly string[];
  /** Whether lists show the columns Namespace and Profile (since 3.1). */
  readonly namespaceColumns: boolean;
  /** Whether there is a condition DependenciesHealthy (since 3.1). */
  readonly dependencies: boolean;
  /** Whether a tag and a revision of one name fail both, whichever is older (3.0 and 3.2). */
  readonly nameConflictsFailBoth: boolean;
  /** Whether a condition that is True has its type as its reason (since 3.4). */
  readonly reasonsWhenTrue: boolean;
  /** Whether the proxy is an init container by default, as with Istio 1.27 and kubelet 1.33 or later. */
  readonly nativeSidecars: boolean;
  /** Served versions of ZTunnel. */
  readonly ztunnel: readonly string[];
  /** The storage version of Istio's networking kinds. Both v1 and v1beta1 are served. */
  readonly istioStorage: string;
}

export interface CatalogPackage {
  readonly name: string;
  readonly displayName: string;
  readonly defaultChannel: string;
  /** Names of ClusterServiceVersions, from oldest to newest. */
  readonly channels: Readonly<Record<string, readonly string[]>>;
}

export interface CatalogCsv {
  readonly displayName: string;
  readonly version: string;
  readonly replaces?: string;
  /** Prefixes of the files in schemas/crds that belong to this operator's bundle. */
  readonly crds: readonly string[];
  readonly deployment: string;
  /** Images by container name. */
  readonly containers: Readonly<Record<string, string>>;
}

export interface Release {
  readonly release: string;
  readonly openshift: {
    readonly version: string;
    readonly channel: string;
    /** The default network of new clusters: OVN-Kubernetes since 4.12. */
    readonly networkType: 'OpenShiftSDN' | 'OVNKubernetes';
  };
  /** Values of Service Mesh 2. */
  readonly mesh?: MeshFigures;
  /** Values of Service Mesh 3. */
  readonly sail?: SailFigures;
  readonly packages: readonly CatalogPackage[];
  readonly csvs: Readonly<Record<string, CatalogCsv>>;
  /** The sources of the values above. */
  readonly sources: Sources;
}

const FOLDER = new URL('./releases/', import.meta.url);

/** @throws when there is no such release. The message lists the existing ones. */
export async function loadRelease(name: string): Promise<Release> {
  const known = (await readdir(FOLDER)).filter((file) => file.endsWith('.yaml')).map((file) => file.slice(0, -5));
  if (!known.includes(name)) {
    throw new Error(`LW-SANDBOX-RELEASE: unknown release "${name}"; the sandbox imitates ${known.sort().join(', ')}`);
  }
  return ownFormat(load(await readFile(new URL(`${name}.yaml`, FOLDER), 'utf8')));
}

/** @returns every figure of the release with its source, `undefined` for an unknown release. */
export async function releaseFigures(name: string): Promise<readonly Figure[] | undefined> {
  const release = await loadRelease(name).catch(() => undefined);
  return release === undefined ? undefined : figuresOf(release);
}

export interface Versions {
  /** The minor version of OpenShift: 8 in `4.8.57`. */
  readonly minor: number;
  /** The tag of OpenShift's images: `v4.8`. */
  readonly tag: string;
  /** The version of Kubernetes: `v1.21.0`. The patch version is not the real one. */
  readonly kubernetes: string;
}

/** Versions derived from the OpenShift version of a release. OpenShift 4.N contains Kubernetes 1.(N + 13). */
export function versionsOf({ openshift }: Release): Versions {
  const minor = Number(openshift.version.split('.')[1]);
  return { minor, tag: `v4.${minor}`, kubernetes: `v1.${minor + 13}.0` };
}

/** @throws when there is no such release, or it is not a Service Mesh 2 release. */
export async function loadMeshFigures(name: string): Promise<MeshFigures> {
  const { mesh } = await loadRelease(name);
  if (mesh === undefined) throw new Error(`LW-SANDBOX-RELEASE: release "${name}" is not a Service Mesh 2 release`);
  return mesh;
}
