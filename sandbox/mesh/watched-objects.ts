/** Watched copies of all objects that the mesh uses. */
import type { KubeObject, Resource } from '../client/client.ts';
import type { Informer } from '../client/informer.ts';
import type { Informers } from '../client/informers.ts';
import { DEPLOYMENTS } from '../client/kinds.ts';
import { MESH_KINDS } from './kinds/index.ts';
import { GATEWAY_CLASSES, GRPC_ROUTES, HTTP_ROUTES, KUBE_GATEWAYS, REFERENCE_GRANTS } from './model/gateway-api.ts';
import { ENDPOINTS, NAMESPACES, type Namespace, PODS, SECRETS, SERVICES } from './model/kubernetes.ts';
import { CONFIG_MAPS } from './model/mesh-config.ts';
import { VIRTUAL_SERVICES } from './model/virtual-service.ts';

const GATEWAY_API: readonly Resource[] = [GATEWAY_CLASSES, KUBE_GATEWAYS, HTTP_ROUTES, GRPC_ROUTES, REFERENCE_GRANTS];

export interface WatchListeners {
  /** An object of any kind was added, changed or deleted. */
  readonly onChange: (object: KubeObject) => void;
  /** A kind of the mesh is followed from now on. */
  readonly onKind: (informer: Informer<KubeObject>) => void;
}

export class WatchedObjects {
  readonly namespaces: Informer<Namespace>;
  readonly #informers: Informers;
  readonly #followed = new Set<Resource>();

  constructor(informers: Informers) {
    this.#informers = informers;
    this.namespaces = informers.of(NAMESPACES);
  }

  /** Resolves when the Kubernetes kinds are listed. The mesh's own kinds are followed once they are served. */
  async start({ onChange, onKind }: WatchListeners): Promise<void> {
    // A starting pod is written half a dozen times, and each change of the mesh is computed for every proxy.
    await Promise.all([
      this.#follow(NAMESPACES, onChange, ({ metadata }) => metadata.annotations).start(),
      this.#follow(SERVICES, onChange, ({ metadata, spec }) => [metadata.annotations, spec]).start(),
      this.#follow(ENDPOINTS, onChange, ({ subsets }) => subsets).start(),
      this.#follow(PODS, onChange, ({ metadata, spec, status }) => [
        metadata.annotations,
        spec.containers,
        spec.serviceAccountName,
        status?.podIP,
      ]).start(),
      this.#follow(SECRETS, onChange, ({ data }) => data).start(),
      this.#follow(CONFIG_MAPS, onChange, ({ data }) => data).start(),
      this.#follow(DEPLOYMENTS, onChange, ({ spec }) => spec.template.spec.containers).start(),
    ]);
    // CRDs are installed together: only one kind per group is polled until they exist.
    void this.#informers
      .of(GATEWAY_CLASSES)
      .start()
      .then(() => {
        for (const of of GATEWAY_API) this.#follow(of, onChange, specOf);
      });
    void this.#informers
      .of(VIRTUAL_SERVICES)
      .start()
      .then(() => {
        for (const { resource } of MESH_KINDS) onKind(this.#follow(resource, onChange, specOf));
      });
  }

  list<T extends KubeObject>(of: Resource<T>): readonly T[] {
    return this.#followed.has(of) ? this.#informers.of(of).list() : [];
  }

  /** All rules of all meshes: objects of Istio's kinds and the Gateway API. */
  rules(): readonly KubeObject[] {
    return [...MESH_KINDS.map(({ resource }) => resource), ...GATEWAY_API].flatMap((of) => this.list(of));
  }

  /** @param read gives the parts that the mesh uses besides labels. Changes outside these parts are ignored. */
  #follow<T extends KubeObject>(
    of: Resource<T>,
    onChange: WatchListeners['onChange'],
    read: (object: T) => unknown,
  ): Informer<T> {
    const informer = this.#informers.of(of);
    this.#followed.add(of);
    informer.onChange(({ type, object, before }) => {
      if (type !== 'modified' || before === undefined || !isSame(before, object, read)) onChange(object);
    });
    return informer;
  }
}

function isSame<T extends KubeObject>(before: T, now: T, read: (object: T) => unknown): boolean {
  const seen = (object: T): string => {
    const { uid, labels, deletionTimestamp } = object.metadata;
    return JSON.stringify([uid, labels, deletionTimestamp, read(object)]);
  };
  return seen(before) === seen(now);
}

/** For kinds with a generation, that number shows whether the spec has changed; not every kind has one. */
function specOf({ metadata }: KubeObject): unknown {
  return metadata.generation ?? metadata.resourceVersion;
}
