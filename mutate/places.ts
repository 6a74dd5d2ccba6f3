/** The steps of a lab with their positions. */
import type { Lab, Section, Step } from '../model/lab.ts';

export interface Place {
  readonly section: Section;
  /** Index of the exercise within the section. */
  readonly exercise: number;
  /** Ordinal of the exercise in the lab. */
  readonly ordinal: number;
  readonly index: number;
  readonly step: Step;
}

/** Steps grouped by exercise, in the lab's order. */
export function exercisesOf(lab: Lab): readonly (readonly Place[])[] {
  let ordinal = -1;
  return lab.sections.flatMap((section) =>
    section.exercises.map(({ steps }, exercise) => {
      ordinal += 1;
      const counted = ordinal;
      return steps.map((step, index) => ({ section, exercise, ordinal: counted, index, step }));
    }),
  );
}
