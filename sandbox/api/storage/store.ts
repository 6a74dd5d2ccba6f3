/** Keeps objects in memory, with one global resourceVersion and a history of change events. */
import type { ApiObject } from '../types.ts';

/** The stored states by their objects. */
const entries = new WeakMap<object, Entry>();

/** The JSON of any value. That of a stored object is created only once. */
export function jsonOf(value: unknown): string {
  const entry = typeof value === 'object' && value !== null ? entries.get(value) : undefined;
  return entry?.json ?? JSON.stringify(value);
}

/** A stored state of an object. Its JSON is created once, for all readers and watchers. */
export class Entry {
  readonly object: ApiObject;
  readonly version: number;
  readonly key: string;
  #json: string | undefined;

  constructor(object: ApiObject, version: number, key: string) {
    this.object = object;
    this.version = version;
    this.key = key;
    entries.set(object, this);
  }

  get json(): string {
    this.#json ??= JSON.stringify(this.object);
    return this.#json;
  }
}

export interface StoreEvent {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly storage: string;
  readonly entry: Entry;
  /** The state before; `undefined` for ADDED. */
  readonly before: Entry | undefined;
  readonly version: number;
}

type Listener = (event: StoreEvent) => void;

/** How many events the history keeps. A watch from an older resourceVersion fails with 410. */
const HISTORY = 20_000;

export class Store {
  #version = 1000;
  /** Events up to this version have been dropped from the history. */
  #compacted = 0;
  #history: StoreEvent[] = [];
  readonly #collections = new Map<string, Map<string, Entry>>();
  readonly #listeners = new Map<string, Set<Listener>>();

  get version(): number {
    return this.#version;
  }

  /** The oldest resourceVersion a watch can start from. */
  get compacted(): number {
    return this.#compacted;
  }

  /** @param storage `group/plural`; @param key `namespace/name` or `name`. */
  get(storage: string, key: string): Entry | undefined {
    return this.#collections.get(storage)?.get(key);
  }

  /** Entries in the order of their keys, like etcd's. */
  list(storage: string, namespace?: string): Entry[] {
    const collection = this.#collections.get(storage);
    if (collection === undefined) return [];
    const prefix = namespace === undefined ? '' : `${namespace}/`;
    const found: Entry[] = [];
    for (const [key, entry] of collection) if (key.startsWith(prefix)) found.push(entry);
    return found.sort((a, b) => (a.key < b.key ? -1 : 1));
  }

  /** Like `list`, at an earlier resourceVersion. It must not be older than `compacted`. */
  listAt(storage: string, version: number, namespace?: string): Entry[] {
    const then = new Map(this.list(storage, namespace).map((entry) => [entry.key, entry]));
    const prefix = namespace === undefined ? '' : `${namespace}/`;
    for (const { entry, before } of this.since(storage, version).reverse()) {
      if (!entry.key.startsWith(prefix)) continue;
      if (before === undefined) then.delete(entry.key);
      else then.set(entry.key, before);
    }
    return [...then.values()].sort((a, b) => (a.key < b.key ? -1 : 1));
  }

  /** The storages that contain objects. */
  storages(): string[] {
    return [...this.#collections.keys()];
  }

  /** Stores a new state, and sets its resourceVersion. The object must not be changed afterwards. */
  put(storage: string, key: string, object: ApiObject): Entry {
    let collection = this.#collections.get(storage);
    if (collection === undefined) {
      collection = new Map();
      this.#collections.set(storage, collection);
    }
    const before = collection.get(key);
    const entry = this.#entry(key, object);
    collection.set(key, entry);
    this.#emit({ type: before === undefined ? 'ADDED' : 'MODIFIED', storage, entry, before, version: entry.version });
    return entry;
  }

  remove(storage: string, key: string): Entry | undefined {
    const before = this.#collections.get(storage)?.get(key);
    if (before === undefined) return undefined;
    this.#collections.get(storage)?.delete(key);
    const { object } = before;
    const entry = this.#entry(key, { ...object, metadata: { ...object.metadata } });
    this.#emit({ type: 'DELETED', storage, entry, before, version: entry.version });
    return entry;
  }

  /** The events of a storage after a resourceVersion. */
  since(storage: string, version: number): StoreEvent[] {
    // Binary search: versions grow along the history.
    let low = 0;
    let high = this.#history.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#history[middle]?.version ?? 0) > version) high = middle;
      else low = middle + 1;
    }
    return this.#history.slice(low).filter((event) => event.storage === storage);
  }

  /** @returns a function that ends the subscription. */
  subscribe(storage: string, listener: Listener): () => void {
    const listeners = this.#listeners.get(storage) ?? new Set();
    this.#listeners.set(storage, listeners);
    listeners.add(listener);
    return () => listeners.delete(listener);
  }

  #entry(key: string, object: ApiObject): Entry {
    this.#version += 1;
    object.metadata.resourceVersion = String(this.#version);
    return new Entry(object, this.#version, key);
  }

  #emit(event: StoreEvent): void {
    this.#history.push(event);
    if (this.#history.length > HISTORY * 1.5) {
      const dropped = this.#history.splice(0, this.#history.length - HISTORY);
      this.#compacted = dropped.at(-1)?.version ?? this.#compacted;
    }
    for (const listener of this.#listeners.get(event.storage) ?? []) listener(event);
  }
}
