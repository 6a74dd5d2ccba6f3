/** One watched copy per kind, shared by all controllers of a process part. */
import type { Client, KubeObject, Resource } from './client.ts';
import { Informer } from './informer.ts';

export class Informers {
  readonly #client: Client;
  // Each entry was made from the Resource<T> it is looked up by, so its T is that resource's.
  readonly #informers = new Map<string, Informer<KubeObject>>();

  constructor(client: Client) {
    this.#client = client;
  }

  /** The informer of a kind, started. Its first list may still be under way: await `start()` where that matters. */
  of<T extends KubeObject>(resource: Resource<T>): Informer<T> {
    const key = `${resource.apiVersion}/${resource.plural}`;
    let informer = this.#informers.get(key);
    if (informer === undefined) {
      informer = new Informer<KubeObject>(this.#client, resource as Resource);
      this.#informers.set(key, informer);
      void informer.start();
    }
    return informer as unknown as Informer<T>;
  }

  /** Ends the watch of a kind that is no longer served. */
  async forget(resource: Resource): Promise<void> {
    const key = `${resource.apiVersion}/${resource.plural}`;
    const informer = this.#informers.get(key);
    this.#informers.delete(key);
    await informer?.stop();
  }

  async stop(): Promise<void> {
    await Promise.all([...this.#informers.values()].map((informer) => informer.stop()));
  }
}
