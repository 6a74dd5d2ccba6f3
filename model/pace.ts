/** How busy the machine is: what is slow because many processes want the same cores is no failure of a lab. */
import { availableParallelism, loadavg } from 'node:os';

/** Processes for each core that a run of two browsers and two sandboxes brings along itself. */
const USUAL_LOAD = 4;
/** Deadlines get so many times as long at most, so that what never comes is told in the end. */
const LONGEST = 4;

/**
 * @param load processes that want to run, on average over the last minute. @param cores of the machine.
 * @returns how many times as long a deadline is at the moment: 1 up to four processes a core.
 */
export function pace(load = loadavg()[0] ?? 0, cores = availableParallelism()): number {
  return Math.min(LONGEST, Math.max(1, load / (cores * USUAL_LOAD)));
}
