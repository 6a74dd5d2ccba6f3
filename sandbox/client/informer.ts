/** A local, watched copy of one kind of object: list once, then follow the watch; list again when the watch is lost. */
import { ApiError, type Client, type KubeObject, type Resource } from './client.ts';

export type ChangeListener<T> = (change: {
  type: 'added' | 'modified' | 'deleted';
  object: T;
  before: T | undefined;
}) => void;

export function keyOf(object: KubeObject): string {
  return object.metadata.namespace === undefined
    ? object.metadata.name
    : `${object.metadata.namespace}/${object.metadata.name}`;
}

export class Informer<T extends KubeObject> {
  readonly resource: Resource<T>;
  readonly #client: Client;
  readonly #objects = new Map<string, T>();
  readonly #listeners = new Set<ChangeListener<T>>();
  readonly #abort = new AbortController();
  readonly #synced = Promise.withResolvers<void>();
  #running: Promise<void> | undefined;

  constructor(client: Client, of: Resource<T>) {
    this.#client = client;
    this.resource = of;
  }

  /** Resolves when the first list is in; waits for the kind to be served if it is not yet. Idempotent. */
  start(): Promise<void> {
    this.#running ??= this.#follow();
    return this.#synced.promise;
  }

  /** By `namespace/name`, or `name` for cluster-scoped kinds. */
  get(key: string): T | undefined {
    return this.#objects.get(key);
  }

  list(namespace?: string): T[] {
    const all = [...this.#objects.values()];
    return namespace === undefined ? all : all.filter((object) => object.metadata.namespace === namespace);
  }

  /** Existing objects are reported as added, at once. */
  onChange(listener: ChangeListener<T>): void {
    this.#listeners.add(listener);
    for (const object of this.#objects.values()) listener({ type: 'added', object, before: undefined });
  }

  async stop(): Promise<void> {
    this.#abort.abort();
    await this.#running;
  }

  async #follow(): Promise<void> {
    const { signal } = this.#abort;
    let backoff = 20;
    while (!signal.aborted) {
      try {
        const { items, resourceVersion } = await this.#client.list(this.resource);
        this.#replace(items);
        this.#synced.resolve();
        backoff = 20;
        await this.#watch(resourceVersion, signal);
      } catch (error) {
        // A kind not served yet, a lost connection, an expired version: list again, a little later each time.
        if (!signal.aborted) await new Promise((resolve) => setTimeout(resolve, backoff));
        // A kind comes with its operator, and then its users should not be the last to know.
        const unserved = error instanceof ApiError && error.code === 404;
        backoff = Math.min(backoff * 2, unserved ? 400 : 2_000);
      }
    }
  }

  async #watch(from: string, signal: AbortSignal): Promise<void> {
    let resourceVersion = from;
    while (!signal.aborted) {
      for await (const event of this.#client.watch(this.resource, { resourceVersion, signal })) {
        if (event.type === 'ERROR') throw new Error('watch expired');
        resourceVersion = event.object.metadata.resourceVersion ?? resourceVersion;
        if (event.type === 'BOOKMARK') continue;
        if (event.type === 'DELETED') this.#remove(event.object);
        else this.#put(event.object);
      }
    }
  }

  #replace(items: T[]): void {
    const keys = new Set(items.map(keyOf));
    for (const [key, object] of this.#objects) if (!keys.has(key)) this.#remove(object);
    for (const item of items) {
      if (this.#objects.get(keyOf(item))?.metadata.resourceVersion !== item.metadata.resourceVersion) this.#put(item);
    }
  }

  #put(object: T): void {
    const before = this.#objects.get(keyOf(object));
    this.#objects.set(keyOf(object), object);
    this.#tell({ type: before === undefined ? 'added' : 'modified', object, before });
  }

  #remove(object: T): void {
    const before = this.#objects.get(keyOf(object));
    this.#objects.delete(keyOf(object));
    this.#tell({ type: 'deleted', object, before });
  }

  #tell(change: Parameters<ChangeListener<T>>[0]): void {
    for (const listener of this.#listeners) listener(change);
  }
}
