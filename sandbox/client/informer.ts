/** A local, watched copy of one kind of object: list once, then follow the watch; list again when the watch is lost. */
import { setTimeout } from 'node:timers/promises';
import { ApiError, type Client, type KubeObject, type Resource } from './client.ts';

export interface Change<T> {
  readonly type: 'added' | 'modified' | 'deleted';
  readonly object: T;
  readonly before: T | undefined;
}
export type ChangeListener<T> = (change: Change<T>) => void;

const FIRST_PAUSE_MS = 20;
const LONGEST_PAUSE_MS = 2_000;
/** A kind may appear with its operator, and its users should notice soon. */
const LONGEST_UNSERVED_PAUSE_MS = 400;

/**
 * Waits for a kind that is not served: until it may have come, the time is over, or `signal` aborts.
 * @returns whether it may have come.
 */
export type AwaitKind = (resource: Resource, milliseconds: number, signal: AbortSignal) => Promise<boolean>;

const pauseOnly: AwaitKind = async (_, milliseconds, signal) => {
  await pauseFor(Math.min(milliseconds, LONGEST_UNSERVED_PAUSE_MS), signal);
  return false;
};

/** Ends early when `signal` aborts. */
export async function pauseFor(milliseconds: number, signal: AbortSignal): Promise<void> {
  await setTimeout(milliseconds, undefined, { signal }).catch(() => undefined);
}

export function keyOf(object: KubeObject): string {
  return object.metadata.namespace === undefined
    ? object.metadata.name
    : `${object.metadata.namespace}/${object.metadata.name}`;
}

export class Informer<T extends KubeObject> {
  readonly resource: Resource<T>;
  readonly #client: Client;
  readonly #log: (message: string) => void;
  readonly #awaitKind: AwaitKind;
  readonly #objects = new Map<string, T>();
  readonly #listeners = new Set<ChangeListener<T>>();
  readonly #synced = Promise.withResolvers<void>();
  #abort = new AbortController();
  #running: Promise<void> | undefined;

  /**
   * @param log one line for errors of the API, or for a listener that throws.
   * @param awaitKind by default the kind is looked for every 400 ms.
   */
  constructor(
    client: Client,
    of: Resource<T>,
    log: (message: string) => void = () => undefined,
    awaitKind: AwaitKind = pauseOnly,
  ) {
    this.#client = client;
    this.resource = of;
    this.#log = log;
    this.#awaitKind = awaitKind;
  }

  /** Resolves when the first list is complete; waits for the kind to be served. Idempotent; starts again after `stop`. */
  start(): Promise<void> {
    if (this.#running === undefined) {
      this.#abort = new AbortController();
      this.#running = this.#follow(this.#abort.signal);
    }
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
    this.#running = undefined;
  }

  /** Stops, and forgets all objects: the kind is no longer served. */
  async suspend(): Promise<void> {
    await this.stop();
    this.#replace([]);
  }

  async #follow(signal: AbortSignal): Promise<void> {
    let pause = FIRST_PAUSE_MS;
    let refused = '';
    while (!signal.aborted) {
      try {
        const { items, resourceVersion } = await this.#client.list(this.resource);
        this.#replace(items);
        this.#synced.resolve();
        pause = FIRST_PAUSE_MS;
        refused = '';
        await this.#watch(resourceVersion, signal);
      } catch (error) {
        if (signal.aborted) return;
        const unserved = error instanceof ApiError && error.code === 404;
        if (unserved) this.#replace([]);
        const message = refusalOf(error);
        if (message !== undefined && message !== refused) this.#log(`${this.resource.plural}: ${message}`);
        refused = message ?? refused;
        // The kind is not served yet, the connection was lost, or the version expired: list again, with growing delays.
        const cameMaybe = unserved && (await this.#awaitKind(this.resource, pause, signal));
        if (!unserved) await pauseFor(pause, signal);
        pause = cameMaybe ? FIRST_PAUSE_MS : Math.min(pause * 2, LONGEST_PAUSE_MS);
      }
    }
  }

  async #watch(from: string, signal: AbortSignal): Promise<void> {
    let resourceVersion = from;
    while (!signal.aborted) {
      for await (const event of this.#client.watch(this.resource, { resourceVersion, signal })) {
        if (event.type === 'ERROR') throw new ApiError(410, 'Expired', 'watch expired');
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

  /** A listener that throws must not keep the others from being called. */
  #tell(change: Change<T>): void {
    for (const listener of this.#listeners) {
      try {
        listener(change);
      } catch (error) {
        this.#log(
          `${this.resource.plural}: a listener failed: ${error instanceof Error ? error.stack : String(error)}`,
        );
      }
    }
  }
}

/**
 * An answer of the API that is not transient: 403, 401, 400, 500, … A kind that is not served and an expired version are transient.
 */
function refusalOf(error: unknown): string | undefined {
  if (!(error instanceof ApiError) || error.code === 404 || error.code === 410) return undefined;
  return `${error.code} ${error.reason}: ${error.message}`;
}
