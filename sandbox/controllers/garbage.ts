/**
 * Garbage collection by owner references: dependents are deleted after their owner (background), the owner waits for them
 * (foreground), or they are released (orphan). Works for every kind that the API serves, including custom resources.
 */

import { groupOf } from '../../model/api-version.ts';
import type { ControllerContext, RunningController } from '../client/builder.ts';
import { ApiError, type Client, type KubeObject, type OwnerReference, type Resource } from '../client/client.ts';
import { Controller } from '../client/controller.ts';
import type { Informers } from '../client/informers.ts';
import { CRDS, type CustomResourceDefinition } from '../client/kinds.ts';
import { discover } from './discovery.ts';

const FOREGROUND = 'foregroundDeletion';
const ORPHAN = 'orphan';
const AGAIN_MS = 100;
/** Events have no owners or dependents. The others are views without owners. */
const IGNORED = new Set(['events', 'componentstatuses', 'packagemanifests', 'projects', 'leases']);

export function startGarbageCollector(context: ControllerContext): RunningController {
  const { client, informers } = context;
  const graph = new Graph(client);
  const crds = informers.of(CRDS);
  const log = (message: string): void => context.log('garbage-collector', message);
  const controller = new Controller(
    (uid) => graph.process(uid),
    (uid, error) => log(`${graph.describe(uid)}: ${error}`),
  );
  const kinds = new WatchedKinds(informers, graph, (uid) => controller.enqueue(uid));
  const sync = new Controller(
    async () => {
      const collectable = await discover(client, ['list', 'watch', 'delete']);
      const served = collectable.filter((kind) => !IGNORED.has(kind.plural));
      await kinds.follow(served);
      // A CRD is announced shortly before its kind appears in discovery.
      return crds.list().every((crd) => isServed(crd, served)) ? undefined : AGAIN_MS;
    },
    (_, error) => log(`discovery: ${error}`),
  );
  crds.onChange(({ type }) => {
    if (type !== 'modified') sync.enqueue('discovery');
  });
  sync.enqueue('discovery');
  return {
    name: 'garbage-collector',
    stop: async () => {
      await sync.stop();
      await controller.stop();
    },
  };
}

/** Keeps the graph up to date with the objects of every kind that is served. */
class WatchedKinds {
  readonly #informers: Informers;
  readonly #graph: Graph;
  readonly #onChange: (uid: string) => void;
  readonly #watched = new Map<string, Resource>();
  /** Kinds with a listener. It is kept when a kind is removed, and called again when the kind is installed again. */
  readonly #heard = new Set<string>();

  /** @param onChange called with the UID of each object to look at again. */
  constructor(informers: Informers, graph: Graph, onChange: (uid: string) => void) {
    this.#informers = informers;
    this.#graph = graph;
    this.#onChange = onChange;
  }

  async follow(served: readonly Resource[]): Promise<void> {
    const names = new Set(served.map(nameOf));
    for (const [name, kind] of this.#watched) {
      if (names.has(name)) continue;
      this.#watched.delete(name);
      await this.#informers.suspend(kind);
    }
    for (const kind of served) if (!this.#watched.has(nameOf(kind))) this.#watch(kind);
  }

  #watch(kind: Resource): void {
    const name = nameOf(kind);
    this.#watched.set(name, kind);
    this.#graph.kinds.set(`${kind.apiVersion}/${kind.kind}`, kind);
    const informer = this.#informers.of(kind);
    if (this.#heard.has(name)) return;
    this.#heard.add(name);
    informer.onChange(({ type, object }) => {
      for (const uid of this.#graph.observe(kind, object, type === 'deleted')) this.#onChange(uid);
    });
  }
}

function nameOf({ apiVersion, plural }: Resource): string {
  return `${apiVersion}/${plural}`;
}

function isServed({ spec: { group, names } }: CustomResourceDefinition, served: readonly Resource[]): boolean {
  return (
    served.some((kind) => kind.plural === names.plural && kind.apiVersion.startsWith(`${group}/`)) ||
    IGNORED.has(names.plural)
  );
}

interface Entry {
  kind: Resource;
  object: KubeObject;
}

class Graph {
  readonly kinds = new Map<string, Resource>();
  readonly #client: Client;
  readonly #objects = new Map<string, Entry>();
  readonly #dependents = new Map<string, Set<string>>();

  constructor(client: Client) {
    this.#client = client;
  }

  describe(uid: string): string {
    const object = this.#objects.get(uid)?.object;
    return object === undefined ? uid : `${object.kind} ${object.metadata.namespace ?? ''}/${object.metadata.name}`;
  }

  /** Records a change; returns the uids to check. */
  observe(kind: Resource, object: KubeObject, gone: boolean): string[] {
    const uid = object.metadata.uid ?? '';
    const before = this.#objects.get(uid);
    for (const owner of before?.object.metadata.ownerReferences ?? []) this.#dependents.get(owner.uid)?.delete(uid);
    const owners = object.metadata.ownerReferences ?? [];
    if (gone) {
      this.#objects.delete(uid);
      const dependents = [...(this.#dependents.get(uid) ?? [])];
      // An owner that waits for its dependents may be ready now.
      return [...dependents, ...owners.map((owner) => owner.uid).filter((one) => this.#waits(one))];
    }
    this.#objects.set(uid, { kind, object });
    for (const owner of owners) {
      const set = this.#dependents.get(owner.uid) ?? new Set();
      this.#dependents.set(owner.uid, set.add(uid));
    }
    return owners.length > 0 || this.#waits(uid) ? [uid] : [];
  }

  #waits(uid: string): boolean {
    const metadata = this.#objects.get(uid)?.object.metadata;
    if (metadata?.deletionTimestamp === undefined) return false;
    return (metadata.finalizers ?? []).some((finalizer) => finalizer === FOREGROUND || finalizer === ORPHAN);
  }

  async process(uid: string): Promise<number | undefined> {
    const entry = this.#objects.get(uid);
    if (entry === undefined) return undefined;
    const { metadata } = entry.object;
    if (metadata.deletionTimestamp !== undefined) {
      if (metadata.finalizers?.includes(ORPHAN)) await this.#orphan(entry);
      else if (metadata.finalizers?.includes(FOREGROUND)) await this.#foreground(entry);
      return undefined;
    }
    return this.#collect(entry);
  }

  /** Deletes the object if none of its owners exists; removes references to those that don't. */
  async #collect({ kind, object }: Entry): Promise<undefined> {
    const owners = object.metadata.ownerReferences ?? [];
    if (owners.length === 0) return undefined;
    const present = await Promise.all(owners.map((owner) => this.#exists(owner, object.metadata.namespace)));
    const { name, namespace, uid } = object.metadata;
    if (present.every((one) => !one)) {
      await ignoreMissing(this.#client.delete(kind, name, namespace, uid === undefined ? {} : { uid }));
    } else if (present.some((one) => !one)) {
      const ownerReferences = owners.filter((_, index) => present[index]);
      await ignoreMissing(this.#client.patch(kind, name, namespace, { metadata: { uid, ownerReferences } }));
    }
    return undefined;
  }

  async #exists(owner: OwnerReference, namespace: string | undefined): Promise<boolean> {
    if (this.#objects.has(owner.uid)) return true;
    const kind = this.kinds.get(`${owner.apiVersion}/${owner.kind}`) ?? this.#sameGroup(owner);
    // An owner whose kind is not served, or not yet, cannot be checked.
    if (kind === undefined) return true;
    const found = await this.#client.find<KubeObject>(kind, owner.name, kind.namespaced ? namespace : undefined);
    return found?.metadata.uid === owner.uid;
  }

  #sameGroup(owner: OwnerReference): Resource | undefined {
    const group = groupOf(owner.apiVersion);
    return [...this.kinds.values()].find((kind) => kind.kind === owner.kind && groupOf(kind.apiVersion) === group);
  }

  async #foreground({ kind, object }: Entry): Promise<void> {
    const uid = object.metadata.uid ?? '';
    const dependents = this.#dependentsOf(uid);
    for (const { kind: of, object: one } of dependents) {
      if (one.metadata.deletionTimestamp !== undefined) continue;
      const path = this.#client.path(of, one.metadata.namespace, one.metadata.name);
      const preconditions = { uid: one.metadata.uid };
      const options = { apiVersion: 'v1', kind: 'DeleteOptions', propagationPolicy: 'Foreground', preconditions };
      await ignoreMissing(this.#client.request('DELETE', path, options));
    }
    const blocking = dependents.filter(({ object: one }) =>
      one.metadata.ownerReferences?.some((owner) => owner.uid === uid && owner.blockOwnerDeletion === true),
    );
    if (blocking.length === 0) await this.#removeFinalizer(kind, object, FOREGROUND);
  }

  async #orphan({ kind, object }: Entry): Promise<void> {
    const uid = object.metadata.uid ?? '';
    for (const { kind: of, object: one } of this.#dependentsOf(uid)) {
      const ownerReferences = (one.metadata.ownerReferences ?? []).filter((owner) => owner.uid !== uid);
      const { name, namespace } = one.metadata;
      await ignoreMissing(
        this.#client.patch(of, name, namespace, { metadata: { uid: one.metadata.uid, ownerReferences } }),
      );
    }
    await this.#removeFinalizer(kind, object, ORPHAN);
  }

  #dependentsOf(uid: string): Entry[] {
    return [...(this.#dependents.get(uid) ?? [])].flatMap((one) => this.#objects.get(one) ?? []);
  }

  async #removeFinalizer(kind: Resource, object: KubeObject, finalizer: string): Promise<void> {
    const { name, namespace, resourceVersion, finalizers = [] } = object.metadata;
    const metadata = { resourceVersion, finalizers: finalizers.filter((one) => one !== finalizer) };
    await ignoreMissing(this.#client.patch(kind, name, namespace, { metadata }));
  }
}

async function ignoreMissing(call: Promise<unknown>): Promise<void> {
  try {
    await call;
  } catch (error) {
    if (!(error instanceof ApiError && (error.code === 404 || error.code === 405))) throw error;
  }
}
