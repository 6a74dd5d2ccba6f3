/** The exercises of a lab in the order of the guide, each with an ordinal that counts through all sections. */
import type { Exercise, Lab, Section, Step } from '../model/lab.ts';
import { natureOf } from '../steps/index.ts';

interface Place {
  readonly section: Section;
  readonly exercise: Exercise;
}

export class ExerciseOrder {
  readonly #lab: Lab;
  readonly #places: readonly Place[];

  constructor(lab: Lab) {
    this.#lab = lab;
    this.#places = lab.sections.flatMap((section) => section.exercises.map((exercise) => ({ section, exercise })));
  }

  /** The exercise with an ordinal. @throws {Error} if the lab has none. */
  place(ordinal: number): Place {
    const place = this.#places[ordinal];
    if (place === undefined) throw new Error(`the lab ${this.#lab.name} has no exercise ${ordinal}`);
    return place;
  }

  /** @param exercise counts within the section. Undefined if the lab, as it reads now, has no such exercise. */
  exercise(file: string, exercise: number): Exercise | undefined {
    return this.#lab.sections.find((section) => section.file === file)?.exercises[exercise];
  }

  /** @throws {Error} if the file is not a section of the lab. */
  ordinal(file: string, exercise: number): number {
    const first = this.#places.findIndex(({ section }) => section.file === file);
    if (first < 0) throw new Error(`${file} is not a section of the lab ${this.#lab.name}`);
    return first + exercise;
  }

  /** The first exercise that each browser plays for itself. */
  firstOwn(): number {
    const first = this.#places.findIndex(({ section }) => section.number >= this.#lab.eachBrowserFrom);
    return first < 0 ? this.#places.length : first;
  }

  /** @param end ordinal of the first exercise that does not count; all count when absent. */
  steps(end?: number): readonly Step[] {
    return this.#places.slice(0, end).flatMap(({ exercise }) => exercise.steps);
  }

  /** True if an acting step that was played has been edited or removed since. @param acted YAML of those that were played. */
  isEdited(acted: readonly string[]): boolean {
    const now = this.steps().filter((step) => natureOf(step) === 'acts');
    return acted.some((yaml, index) => now[index]?.yaml !== yaml);
  }
}
