/** Deadlines follow the machine: what is slow because many processes want the same cores is no failure of a lab. */
import { availableParallelism, loadavg } from 'node:os';
import { StepFailure } from './failure.ts';

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

/** The step with the deadline that it has on this machine now; the same step if that is the written one. */
export function atPace<S extends object>(step: S, now = pace()): S {
  if (now === 1 || !('within' in step) || typeof step.within !== 'number' || step.within === 0) return step;
  return { ...step, within: Math.round(step.within * now) };
}

/**
 * Plays a step with the deadline that it has on this machine now.
 * @throws what `play` throws; a failure says so if its deadline was not the written one.
 */
export async function playAtPace<S extends object>(
  step: S,
  play: (paced: S) => Promise<void>,
  now = pace(),
): Promise<void> {
  const paced = atPace(step, now);
  try {
    await play(paced);
  } catch (error) {
    if (!(error instanceof StepFailure) || paced === step) throw error;
    const { failure, blocks } = error;
    const text = `${now.toFixed(1)} times as long as written, because the machine was busy with other processes.`;
    const details = [...(failure.details ?? []), { title: 'Deadline', text }];
    throw new StepFailure({ ...failure, details }, { blocks, cause: error });
  }
}
