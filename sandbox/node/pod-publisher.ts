/** Writes a pod's status: several changes of one moment become one write, and a write that fails is made again. */
import { setTimeout as sleep } from 'node:timers/promises';

const RETRY_MS = 100;

export class PodPublisher {
  readonly #write: () => Promise<void>;
  readonly #onError: (error: unknown) => boolean;
  #publishing: Promise<void> | undefined;
  #dirty = false;
  #waiters: (() => void)[] = [];

  /** @param onError told when a write failed. @returns true when it is worth another try. */
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
