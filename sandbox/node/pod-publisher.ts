/** Writes a pod's status: simultaneous changes become one write, and a failed write is repeated. */
import { setTimeout as sleep } from 'node:timers/promises';

const RETRY_MS = 100;

export class PodPublisher {
  readonly #write: () => Promise<void>;
  readonly #onError: (error: unknown) => boolean;
  #publishing: Promise<void> | undefined;
  #dirty = false;
  #waiters: (() => void)[] = [];

  /** @param onError called if a write failed. @returns true if it should be repeated. */
  constructor(write: () => Promise<void>, onError: (error: unknown) => boolean) {
    this.#write = write;
    this.#onError = onError;
  }

  publish(): void {
    this.#dirty = true;
    this.#publishing ??= this.#publishAll();
  }

  /** Resolves with the next change. */
  change(): Promise<void> {
    return new Promise((resolve) => this.#waiters.push(resolve));
  }

  async #publishAll(): Promise<void> {
    while (this.#dirty) {
      await new Promise((resolve) => setImmediate(resolve));
      this.#dirty = false;
      const waiters = this.#waiters;
      this.#waiters = [];
      for (const wake of waiters) wake();
      try {
        await this.#write();
      } catch (error) {
        if (!this.#onError(error)) continue;
        await sleep(RETRY_MS);
        this.#dirty = true;
      }
    }
    this.#publishing = undefined;
  }
}
