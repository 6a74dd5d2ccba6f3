/** How long and how often something is asked again that only reads: an API may be away for a while, and come back. */
import type { IncomingMessage } from 'node:http';
import { setTimeout as after } from 'node:timers/promises';

/** An API that is away longer than this is away. */
const PATIENCE_MS = 45_000;
const FIRST_PAUSE_MS = 200;
const LONGEST_PAUSE_MS = 2_000;
/** Longer pauses than this, as `Retry-After` may ask for, are not worth a run's time. */
const LONGEST_WISH_MS = 20_000;

/** Too busy, or away: the same request may well be answered a moment later. */
const PASSING = new Set([429, 500, 502, 503, 504]);

export interface PatienceOptions {
  readonly signal?: AbortSignal;
  /** Told of every pause before the same is asked again. */
  readonly onPause?: (why: string) => void;
  readonly patienceMs?: number;
}

export class Patience {
  readonly #options: PatienceOptions;

  constructor(options: PatienceOptions = {}) {
    this.#options = options;
  }

  /**
   * Asks until there is an answer that is not passing, or patience ends; then hands out the last one.
   * @param ask sends the request; throws when there is no answer at all.
   * @param path its address: what an API group that is away answers is not waited for.
   * @throws what the last asking threw.
   */
  async read(ask: () => Promise<IncomingMessage>, path: string): Promise<IncomingMessage> {
    const deadline = performance.now() + (this.#options.patienceMs ?? PATIENCE_MS);
    let pause = FIRST_PAUSE_MS;
    for (;;) {
      const last = await this.#attempt(ask);
      const wait = Math.max(pause, 'answer' in last ? wishOf(last.answer) : 0);
      const over = performance.now() + wait > deadline || this.#options.signal?.aborted === true;
      if ('answer' in last) {
        const { statusCode = 502 } = last.answer;
        if (over || !PASSING.has(statusCode) || (statusCode === 503 && isDiscovery(path))) return last.answer;
        last.answer.resume();
        this.#options.onPause?.(`HTTP ${statusCode}`);
      } else {
        if (over || isFinal(last.error)) throw last.error;
        this.#options.onPause?.(last.error instanceof Error ? last.error.message : String(last.error));
      }
      await after(wait, undefined, { ...(this.#options.signal === undefined ? {} : { signal: this.#options.signal }) });
      pause = Math.min(pause * 2, LONGEST_PAUSE_MS);
    }
  }

  async #attempt(ask: () => Promise<IncomingMessage>): Promise<{ answer: IncomingMessage } | { error: unknown }> {
    try {
      return { answer: await ask() };
    } catch (error) {
      return { error };
    }
  }
}

/** What `Retry-After` asks for, in ms. */
export function wishOf(answer: IncomingMessage): number {
  const seconds = Number(answer.headers['retry-after'] ?? 0);
  return Number.isFinite(seconds) ? Math.min(seconds * 1_000, LONGEST_WISH_MS) : 0;
}

/** A group whose server is away says so for as long as it is; it must not hold up the others. */
function isDiscovery(path: string): boolean {
  return /^\/apis\/[^/]+\/[^/]+\/?(\?|$)/.test(path);
}

/** Verification that fails, and names that don't exist, will not come right by asking again. */
function isFinal(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return /CERT|SELF_SIGNED|UNABLE_TO_|ERR_TLS|ENOTFOUND|ABORT_ERR|ERR_INVALID/.test(code);
}
