/** For a cluster that browsers share: the outcomes of steps that are played once for all browsers. */
import type { StepOutcome } from './session-types.ts';

export interface SharedOutcome {
  /** Of the step as it was played. */
  readonly yaml: string;
  readonly outcome: StepOutcome;
}

export class SharedOutcomes {
  readonly #seen = new Map<string, SharedOutcome>();

  /** @param exercise counted through the whole lab. */
  get(exercise: number, step: number): SharedOutcome | undefined {
    return this.#seen.get(`${exercise}/${step}`);
  }

  set(exercise: number, step: number, shared: SharedOutcome): void {
    this.#seen.set(`${exercise}/${step}`, { ...shared, outcome: withoutPictures(shared.outcome) });
  }

  clear(): void {
    this.#seen.clear();
  }
}

/** Leaves out pictures, which stay with the test of the browser that took them. */
function withoutPictures(outcome: StepOutcome): StepOutcome {
  return { ...outcome, observations: outcome.observations.filter(({ kind }) => kind !== 'page') };
}
