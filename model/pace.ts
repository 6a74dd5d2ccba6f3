/** How busy the machine is: a step that is slow because many processes want the same cores is not a failure of the lab. */
import { availableParallelism, loadavg } from 'node:os';

/** Processes for each core that a run of two browsers and two sandboxes brings along itself. */
const USUAL_LOAD = 4;
/** Deadlines are extended at most this many times, so that something that never happens is still reported. */
const LONGEST = 4;

/**
 * @param load processes that want to run, on average over the last minute. @param cores of the machine.
 * @returns how many times as long a deadline is at the moment: 1 up to four processes a core.
 */
export function pace(load = loadavg()[0] ?? 0, cores = availableParallelism()): number {
  return Math.min(LONGEST, Math.max(1, load / (cores * USUAL_LOAD)));
}
