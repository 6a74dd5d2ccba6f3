/** One watched copy per kind, shared by everything in a process. */
import type { Client, KubeObject, Resource } from './client.ts';
import { type AwaitKind, Informer } from './informer.ts';
import { kindArrivals } from './kind-arrivals.ts';
import { CRDS } from './kinds.ts';

export class Informers {
  readonly #client: Client;
  readonly #log: (message: string) => void;
  // Each entry was created from the Resource<T> it is looked up by, so its T is that resource's.
  readonly #informers = new Map<string, Informer<KubeObject>>();
  #kindArrivals: AwaitKind | undefined;

  /** @param log one line for what the API refuses. */
  constructor(client: Client, log: (message: string) => void) {
    this.#client = client;
    this.#log = log;
  }

  /** The informer of a kind, started. Its first list may be incomplete: await `start()` if that matters. */
  of<T extends KubeObject>(resource: Resource<T>): Informer<T> {
    const key = `${resource.apiVersion}/${resource.plural}`;
    let informer = this.#informers.get(key);
    if (informer === undefined) {
      const awaitKind: AwaitKind = (...kind) => this.#arrivals()(...kind);
      informer = new Informer<KubeObject>(this.#client, resource, this.#log, awaitKind);
      this.#informers.set(key, informer);
    }
    void informer.start();
    // See `#informers`.
    return informer as unknown as Informer<T>;
  }

  /** Ends the watch of a kind that is no longer served. Its listeners are kept: the next `of` watches again. */
  async suspend(resource: Resource): Promise<void> {
    await this.#informers.get(`${resource.apiVersion}/${resource.plural}`)?.suspend();
  }

  /** Watches the definitions as soon as a kind is not served. */
  #arrivals(): AwaitKind {
    this.#kindArrivals ??= kindArrivals(this.of(CRDS));
    return this.#kindArrivals;
  }

  async stop(): Promise<void> {
    await Promise.all([...this.#informers.values()].map((informer) => informer.stop()));
  }
}
