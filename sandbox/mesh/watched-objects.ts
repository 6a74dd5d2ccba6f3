/** Copies of all objects that the mesh is made of, kept up to date by watches. */
import type { KubeObject, Resource } from '../client/client.ts';
import type { Informer } from '../client/informer.ts';
import type { Informers } from '../client/informers.ts';
import { MESH_KINDS } from './kinds/index.ts';
import { ENDPOINTS, NAMESPACES, type Namespace, PODS, SECRETS, SERVICES } from './model/kubernetes.ts';
import { CONFIG_MAPS } from './model/mesh-config.ts';
import { VIRTUAL_SERVICES } from './model/virtual-service.ts';

const CORE: readonly Resource[] = [NAMESPACES, SERVICES, ENDPOINTS, PODS, SECRETS, CONFIG_MAPS];

export interface WatchListeners {
  /** An object of any kind has come, changed or gone. */
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

  /** Resolves when the Kubernetes kinds are known. The mesh's own are followed as soon as they are served. */
  async start(listeners: WatchListeners): Promise<void> {
    const follow = (of: Resource): Informer<KubeObject> => {
      const informer = this.#informers.of(of);
      this.#followed.add(of);
      informer.onChange(({ type, object, before }) => {
        if (type !== 'modified' || before === undefined || !isSameRule(before, object)) listeners.onChange(object);
      });
      return informer;
    };
    await Promise.all(CORE.map((of) => follow(of).start()));
    // CRDs come together: only one kind need be asked for until they are there.
    void this.#informers
      .of(VIRTUAL_SERVICES)
      .start()
      .then(() => {
        for (const { resource } of MESH_KINDS) listeners.onKind(follow(resource));
      });
  }

  list<T extends KubeObject>(of: Resource<T>): readonly T[] {
    return this.#followed.has(of) ? this.#informers.of(of).list() : [];
  }
}

/** Whether only the status has changed, of a kind that counts the changes of its spec. */
function isSameRule(before: KubeObject, now: KubeObject): boolean {
  const { generation, labels, uid } = now.metadata;
  if (generation === undefined || now.metadata.deletionTimestamp !== undefined) return false;
  if (!MESH_KINDS.some(({ resource }) => resource.kind === now.kind)) return false;
  const same = before.metadata.generation === generation && before.metadata.uid === uid;
  return same && JSON.stringify(before.metadata.labels) === JSON.stringify(labels);
}
