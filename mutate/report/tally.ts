/** Counts results and sums them up in one line. */
import type { KillReason, Result } from '../model.ts';

export interface Tally {
  /** Those that make a difference. */
  readonly mistakes: number;
  readonly caught: number;
  readonly survived: number;
  readonly blocked: number;
  readonly equivalent: number;
}

export function tallyOf(results: readonly Result[]): Tally {
  const count = (...statuses: readonly Result['status'][]): number =>
    results.filter(({ status }) => statuses.includes(status)).length;
  const equivalent = count('equivalent');
  return {
    mistakes: results.length - equivalent,
    caught: count('killed', 'timeout'),
    survived: count('survived'),
    blocked: count('blocked'),
    equivalent,
  };
}

/** `82 of 82 mistakes caught`. */
export function headlineOf({ mistakes, caught }: Tally): string {
  return `${caught} of ${mistakes} mistakes caught`;
}

/** Explains why a kill is doubtful. */
export function doubtOf({ step, message }: KillReason): string {
  if (step !== undefined) return 'its message does not name the mistake';
  return message === undefined
    ? 'neither the step nor its message names the mistake'
    : 'the step does not name the mistake';
}
