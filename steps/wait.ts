/** How close a wait came to its deadline, for those who watch a lab over time. */
import type { Observation } from '../model/evidence.ts';

/** Plays a step and, if it has a deadline, observes how much of it was used, even if it was too short. */
export async function timed(
  step: { readonly verb: string; readonly within?: number },
  context: { observe(observation: Observation): void },
  play: () => Promise<void>,
): Promise<void> {
  const started = performance.now();
  try {
    await play();
  } finally {
    if (step.within !== undefined && step.within > 0) {
      context.observe({ kind: 'wait', deadlineMs: step.within, takenMs: Math.round(performance.now() - started) });
    }
  }
}
