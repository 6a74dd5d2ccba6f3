/** Deadlines follow the machine: a step that is slow because many processes want the same cores is not a failure of the lab. */
import { pace } from '../model/pace.ts';
import { StepFailure } from './failure.ts';

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
