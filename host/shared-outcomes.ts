/** On a cluster that browsers share: what one browser's run saw of the steps that are played once for all. */
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

/** A picture is kept with the test of the browser that took it. */
function withoutPictures(outcome: StepOutcome): StepOutcome {
  return { ...outcome, observations: outcome.observations.filter(({ kind }) => kind !== 'page') };
}
