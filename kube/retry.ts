/** The harness's retry policy for the Kubernetes API: if it is busy or unavailable, it may answer a moment later. */
import { setTimeout as after } from 'node:timers/promises';

/** After this time without an answer, the last error is thrown. */
const RETRY_MS = 45_000;
const FIRST_PAUSE_MS = 200;
const LONGEST_PAUSE_MS = 2_000;
/** A longer `Retry-After` is capped: a run does not wait that long. */
const LONGEST_RETRY_AFTER_MS = 20_000;

/** The server is busy or unavailable. */
const TRANSIENT = new Set([429, 500, 502, 503, 504]);

export interface RetryOptions {
  readonly signal?: AbortSignal;
  /** Called before every pause. */
  readonly onPause?: (why: string) => void;
  readonly timeoutMs?: number;
}

/** Why an outcome is worth a retry, and how long the server asked to wait (0 if it did not). */
export interface RetryReason {
  readonly why: string;
  readonly retryAfterMs: number;
}

export type Outcome<T> = { readonly answer: T } | { readonly error: unknown };

/**
 * Attempts with growing pauses until `reasonFor` returns undefined or the time is up; then the last outcome counts.
 * @throws what the last attempt threw.
 */
export async function retry<T>(
  attempt: () => Promise<T>,
  reasonFor: (outcome: Outcome<T>) => RetryReason | undefined,
  options: RetryOptions = {},
): Promise<T> {
  const deadline = performance.now() + (options.timeoutMs ?? RETRY_MS);
  let pause = FIRST_PAUSE_MS;
  for (;;) {
    const outcome = await attempt().then(
      (answer): Outcome<T> => ({ answer }),
      (error: unknown): Outcome<T> => ({ error }),
    );
    const reason = reasonFor(outcome);
    const wait = Math.max(pause, reason?.retryAfterMs ?? 0);
    if (reason === undefined || performance.now() + wait > deadline || options.signal?.aborted === true) {
      if ('error' in outcome) throw outcome.error;
      return outcome.answer;
    }
    options.onPause?.(reason.why);
    await after(wait, undefined, options.signal === undefined ? {} : { signal: options.signal });
    pause = Math.min(pause * 2, LONGEST_PAUSE_MS);
  }
}

/** Whether a read of `path` that was answered with this status may succeed soon. */
export function isTransientStatus(status: number, path: string): boolean {
  // Discovery of one group whose server is unavailable must not delay the others.
  if (status === 503 && /^\/apis\/[^/]+\/[^/]+\/?(\?|$)/.test(path)) return false;
  return TRANSIENT.has(status);
}

/** Whether a connection error may pass. An untrusted certificate and an unknown host name won't. */
export function isTransient(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return !/CERT|SELF_SIGNED|UNABLE_TO_|ERR_TLS|ENOTFOUND|ABORT_ERR|ERR_INVALID|EPROTO/.test(code);
}

/** The value of a `Retry-After` header, in ms. */
export function parseRetryAfter(retryAfter: string | undefined): number {
  const seconds = Number(retryAfter ?? 0);
  return Number.isFinite(seconds) ? Math.min(Math.max(0, seconds) * 1_000, LONGEST_RETRY_AFTER_MS) : 0;
}
