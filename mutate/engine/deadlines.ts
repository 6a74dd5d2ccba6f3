/**
 * Shortens deadlines for mutants. A mistake often makes a step time out, and the lab's own deadlines are set for slow clusters.
 * A multiple of the time that the step takes without the mistake is enough.
 */
import type { Lab, Step } from '../../model/lab.ts';
import { natureOf } from '../../steps/index.ts';
import { exercisesOf, type Place } from '../places.ts';

const FACTOR = 4;
const LEAST_WITHIN_MS = 4_000;
/** A sample of pages that are each a second late still ends, so that a check of the rule can say what is wrong. */
const LEAST_LIMIT_MS = 120_000;
/** For a step that the lab does not have. */
const UNKNOWN_MS = 2_000;

export class Deadlines {
  readonly #taken = new Map<string, number>();

  /** Records how long a step took without a mistake. */
  note({ step }: Place, takenMs: number): void {
    this.#taken.set(step.yaml, Math.max(Math.ceil(takenMs), this.#taken.get(step.yaml) ?? 0));
  }

  /** The lab with shorter deadlines from the exercise `entry` on. Earlier exercises keep theirs. */
  shortened(lab: Lab, entry: number): Lab {
    const cut = (step: Step): Step => {
      if (!('within' in step) || step.within === undefined) return step;
      const enough = Math.max(LEAST_WITHIN_MS, FACTOR * this.#takenBy(step));
      return { ...step, within: Math.min(step.within, enough) };
    };
    let ordinal = -1;
    const sections = lab.sections.map((section) => ({
      ...section,
      exercises: section.exercises.map((exercise) => {
        ordinal += 1;
        return ordinal < entry ? exercise : { ...exercise, steps: exercise.steps.map(cut) };
      }),
    }));
    return { ...lab, sections };
  }

  /** Time it takes to get to an exercise. */
  untilEntry(lab: Lab, entry: number): number {
    const before = exercisesOf(lab).slice(0, entry).flat();
    return before.reduce((sum, { step }) => sum + (natureOf(step) === 'observes' ? 0 : this.#takenBy(step)), 0);
  }

  /** For steps without a deadline, which a mistake could block forever. */
  limitOf(step: Step): number {
    const within = 'within' in step ? (step.within ?? 0) : 0;
    return Math.max(LEAST_LIMIT_MS, 2 * within, 2 * FACTOR * this.#takenBy(step));
  }

  #takenBy(step: Step): number {
    return this.#taken.get(step.yaml) ?? UNKNOWN_MS;
  }
}
