/** A part of the kernel's nftables that follows the cluster: written as a whole, once for simultaneous changes. */
import { mustRun } from '../runtime/run.ts';

export class Rules {
  readonly #text: () => string;
  readonly #onError: (error: unknown) => void;
  #loaded = '';
  #running: Promise<void> | undefined;
  #dirty = false;

  /** @param text the current rules, for `nft -f`; they must replace their table. */
  constructor(text: () => string, onError: (error: unknown) => void) {
    this.#text = text;
    this.#onError = onError;
  }

  /** Resolves when the kernel has the rules. */
  change(): Promise<void> {
    this.#dirty = true;
    this.#running ??= this.#load();
    return this.#running;
  }

  async #load(): Promise<void> {
    while (this.#dirty) {
      await new Promise((resolve) => setImmediate(resolve));
      this.#dirty = false;
      const text = this.#text();
      if (text === this.#loaded) continue;
      try {
        await mustRun('nft', ['-f', '-'], text);
        this.#loaded = text;
      } catch (error) {
        this.#onError(error);
      }
    }
    this.#running = undefined;
  }
}
