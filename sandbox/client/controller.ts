/** The reconcile loop: keys in, one reconcile per key at a time, failures retried with growing delays. */
import { ApiError } from './client.ts';

export interface Reconciler {
  /** Brings the object named by `key` to its desired state. A returned number requests another round after that many milliseconds. */
  // biome-ignore lint/suspicious/noConfusingVoidType: most reconcilers return nothing
  reconcile(key: string): Promise<number | void>;
}

export class Controller {
  readonly #reconcile: Reconciler['reconcile'];
  readonly #onError: (key: string, error: unknown) => void;
  readonly #queued = new Set<string>();
  readonly #active = new Map<string, Promise<void>>();
  readonly #failures = new Map<string, number>();
  readonly #timers = new Map<string, NodeJS.Timeout>();
  #stopped = false;

  constructor(reconcile: Reconciler['reconcile'], onError: (key: string, error: unknown) => void) {
    this.#reconcile = reconcile;
    this.#onError = onError;
  }

  /** Requests a reconcile of `key`; several requests before it runs are one. */
  enqueue(key: string): void {
    if (this.#stopped) return;
    if (this.#active.has(key)) {
      this.#queued.add(key);
      return;
    }
    this.#active.set(key, this.#run(key));
  }

  enqueueAfter(key: string, ms: number): void {
    if (this.#stopped) return;
    clearTimeout(this.#timers.get(key));
    this.#timers.set(
      key,
      setTimeout(() => this.enqueue(key), ms),
    );
  }

  /** Resolves when no reconcile runs any more. */
  async stop(): Promise<void> {
    this.#stopped = true;
    for (const timer of this.#timers.values()) clearTimeout(timer);
    await Promise.all(this.#active.values());
  }

  async #run(key: string): Promise<void> {
    // Wait for simultaneous events before the first reconcile.
    await new Promise((resolve) => setImmediate(resolve));
    do {
      this.#queued.delete(key);
      await this.#once(key);
    } while (this.#queued.has(key) && !this.#stopped);
    this.#active.delete(key);
  }

  async #once(key: string): Promise<void> {
    try {
      const again = await this.#reconcile(key);
      this.#failures.delete(key);
      if (typeof again === 'number') this.enqueueAfter(key, again);
    } catch (error) {
      const failures = (this.#failures.get(key) ?? 0) + 1;
      this.#failures.set(key, failures);
      // A Conflict only means that someone else was faster: try again without reporting it.
      if (!(error instanceof ApiError && error.reason === 'Conflict')) this.#onError(key, error);
      this.enqueueAfter(key, Math.min(5 * 2 ** failures, 5_000));
    }
  }
}
