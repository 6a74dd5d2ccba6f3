/** How long and how often the same is asked again: an API may be busy or away for a while, and come back. */
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

/** Why an outcome is not taken for the last word, and how long the server asked to wait. */
export interface Trouble {
  readonly why: string;
  readonly wishMs: number;
}

export type Outcome<T> = { readonly answer: T } | { readonly error: unknown };

/**
 * Asks until `trouble` sees none, or patience ends; the last outcome is the outcome.
 * @throws what the last asking threw.
 */
export async function patiently<T>(
  ask: () => Promise<T>,
  trouble: (outcome: Outcome<T>) => Trouble | undefined,
  options: PatienceOptions = {},
): Promise<T> {
  const deadline = performance.now() + (options.patienceMs ?? PATIENCE_MS);
  let pause = FIRST_PAUSE_MS;
  for (;;) {
    const outcome = await ask().then(
      (answer): Outcome<T> => ({ answer }),
      (error: unknown): Outcome<T> => ({ error }),
    );
    const seen = trouble(outcome);
    const wait = Math.max(pause, seen?.wishMs ?? 0);
    if (seen === undefined || performance.now() + wait > deadline || options.signal?.aborted === true) {
      if ('error' in outcome) throw outcome.error;
      return outcome.answer;
    }
    options.onPause?.(seen.why);
    await after(wait, undefined, options.signal === undefined ? {} : { signal: options.signal });
    pause = Math.min(pause * 2, LONGEST_PAUSE_MS);
  }
}

/** Whether an answer of this status to a read at `path` may be another one soon. */
export function isPassing(status: number, path: string): boolean {
  // A group whose server is away says so for as long as it is; it must not hold up the others.
  if (status === 503 && /^\/apis\/[^/]+\/[^/]+\/?(\?|$)/.test(path)) return false;
  return PASSING.has(status);
}

/** Whether no answer at all may become one: verification that fails, and names that don't exist, stay what they are. */
export function mayComeBack(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return !/CERT|SELF_SIGNED|UNABLE_TO_|ERR_TLS|ENOTFOUND|ABORT_ERR|ERR_INVALID|EPROTO/.test(code);
}

/** What a `Retry-After` header asks for, in ms. */
export function wishOf(retryAfter: string | undefined): number {
  const seconds = Number(retryAfter ?? 0);
  return Number.isFinite(seconds) ? Math.min(Math.max(0, seconds) * 1_000, LONGEST_WISH_MS) : 0;
}
