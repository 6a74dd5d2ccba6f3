/** Creates and deletes declared objects through the sandbox's API, and waits for them. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { loadAll } from 'js-yaml';
import {
  ApiError,
  type Client,
  connect,
  type KubeObject,
  type Resource,
  resource,
} from '../../../../sandbox/client/client.ts';

type Kinds = Readonly<Record<string, Resource>>;
const NETWORKING = 'networking.istio.io/v1beta1';
const SECURITY = 'security.istio.io/v1beta1';

export const KINDS: Kinds = Object.fromEntries(
  [
    resource('v1', 'Namespace', 'namespaces', 'cluster'),
    resource('v1', 'Pod', 'pods'),
    resource('v1', 'Service', 'services'),
    resource('operators.coreos.com/v1alpha1', 'Subscription', 'subscriptions'),
    resource('maistra.io/v2', 'ServiceMeshControlPlane', 'servicemeshcontrolplanes'),
    resource('maistra.io/v1', 'ServiceMeshMemberRoll', 'servicemeshmemberrolls'),
    resource(NETWORKING, 'VirtualService', 'virtualservices'),
    resource(NETWORKING, 'DestinationRule', 'destinationrules'),
    resource(NETWORKING, 'Gateway', 'gateways'),
    resource(NETWORKING, 'ServiceEntry', 'serviceentries'),
    resource(NETWORKING, 'Sidecar', 'sidecars'),
    resource(SECURITY, 'PeerAuthentication', 'peerauthentications'),
    resource(SECURITY, 'AuthorizationPolicy', 'authorizationpolicies'),
    resource(SECURITY, 'RequestAuthentication', 'requestauthentications'),
    resource('telemetry.istio.io/v1alpha1', 'Telemetry', 'telemetries'),
    resource(NETWORKING, 'WorkloadEntry', 'workloadentries'),
    resource('networking.istio.io/v1alpha3', 'EnvoyFilter', 'envoyfilters'),
  ].map((of) => [of.kind, of]),
);

interface Conditioned extends KubeObject {
  readonly status?: {
    readonly podIP?: string;
    readonly state?: string;
    readonly configuredMembers?: readonly string[];
    readonly observedGeneration?: number;
    readonly conditions?: readonly {
      readonly type: string;
      readonly status: string;
      readonly observedGeneration?: number;
    }[];
  };
  readonly spec?: { readonly clusterIP?: string };
}

const TIMEOUT_MS = 120_000;

export class Cluster {
  readonly #client: Client;

  constructor(access: { server: string; token: string; certificateAuthority: string }) {
    this.#client = connect({ ...access, url: access.server });
  }

  async applyFile(name: string): Promise<void> {
    const text = await readFile(join(import.meta.dirname, name), 'utf8');
    for (const object of loadAll(text) as KubeObject[]) await this.create(object);
  }

  create(object: KubeObject): Promise<KubeObject> {
    return this.#client.create(kindOf(object), object);
  }

  /** Asks for an object as kubectl does, without storing it. @returns the message of the refusal, if it is refused. */
  async refusal(object: KubeObject): Promise<string | undefined> {
    const path = this.#client.path(kindOf(object), object.metadata.namespace);
    try {
      await this.#client.request('POST', `${path}?dryRun=All&fieldValidation=Strict`, object);
      return undefined;
    } catch (error) {
      if (error instanceof ApiError) return error.message;
      throw error;
    }
  }

  /** Creates the object, or replaces the existing one. */
  async put(object: KubeObject): Promise<void> {
    const of = kindOf(object);
    const { name, namespace } = object.metadata;
    const there = await this.#client.find(of, name, namespace);
    if (there === undefined) await this.create(object);
    else await this.#client.patch(of, name, namespace, object);
  }

  async delete(object: KubeObject): Promise<void> {
    try {
      await this.#client.delete(kindOf(object), object.metadata.name, object.metadata.namespace);
    } catch (error) {
      if (!(error instanceof ApiError && error.reason === 'NotFound')) throw error;
    }
  }

  /** Addresses by placeholder, `${ip:pod}` and `${clusterip:service}`. For a name in two namespaces, `alpha` wins. */
  async addresses(): Promise<ReadonlyMap<string, string>> {
    const found = new Map<string, string>();
    for (const namespace of ['alpha', 'beta', 'outer', 'plane']) {
      for (const kind of ['Pod', 'Service']) {
        const of = KINDS[kind];
        if (of === undefined) continue;
        const { items } = await this.#client.list(of as Resource<Conditioned>, { namespace });
        for (const { metadata, status, spec } of items) {
          const [word, address] = kind === 'Pod' ? ['ip', status?.podIP] : ['clusterip', spec?.clusterIP];
          const key = `\${${word}:${metadata.name}}`;
          if (address !== undefined && address !== 'None' && !found.has(key)) found.set(key, address);
        }
      }
    }
    return found;
  }

  /** @throws if the condition does not hold in time. */
  async until(kind: string, namespace: string, holds: (objects: readonly Conditioned[]) => boolean): Promise<void> {
    const of = KINDS[kind] as Resource<Conditioned>;
    const end = Date.now() + TIMEOUT_MS;
    for (;;) {
      const { items } = await this.#client.list(of, { namespace });
      if (holds(items)) return;
      if (Date.now() > end)
        throw new Error(
          `timed out waiting for ${kind} in ${namespace}: ${JSON.stringify(items.map(({ status }) => status))}`,
        );
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

/** Whether the rule's status says that the proxies have acknowledged its current generation. */
export function isReconciled({ metadata, status }: Conditioned): boolean {
  const reconciled = status?.conditions?.find(({ type }) => type === 'Reconciled');
  const seen = reconciled?.observedGeneration ?? status?.observedGeneration;
  return reconciled?.status === 'True' && String(seen) === String(metadata.generation);
}

export function isReady(object: Conditioned): boolean {
  return object.status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') ?? false;
}

function kindOf(object: KubeObject): Resource {
  const of = KINDS[object.kind];
  if (of === undefined) throw new Error(`unknown kind ${object.kind}`);
  return of;
}
