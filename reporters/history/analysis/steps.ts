/**
 * Identifies the same step in many runs: by its YAML, even if it has moved within its section or its exercise was renamed; if its
 * YAML was changed, by its position.
 */
import type { HistoryExercise, HistoryFailure, HistoryRun } from '../record.ts';

/** A step of a lab over time; or the setup of an exercise, if that failed. */
export interface TrackedStep {
  /** Unique within its lab. */
  readonly id: number;
  /** As in the newest run. */
  section: number;
  sectionTitle: string;
  exercise: string;
  title: string;
  /** For ordering: as in the newest run. */
  order: number;
  /** No step of the lab: what an exercise needs before its first one. */
  readonly setUp?: true;
}

/** What one run saw of one step, in all browsers. */
export interface Sighting {
  readonly step: TrackedStep;
  readonly passedIn: string[];
  readonly failedIn: string[];
  failure?: HistoryFailure;
  /** The browser whose wait came closest to its deadline. */
  wait?: { readonly deadlineMs: number; readonly takenMs: number };
}

export interface Tracked {
  /** In the guide's order. */
  readonly steps: readonly TrackedStep[];
  /** By run id. */
  readonly sightings: ReadonlyMap<string, ReadonlyMap<TrackedStep, Sighting>>;
}

interface Found {
  readonly text: string;
  readonly place: string;
  readonly label: Omit<TrackedStep, 'id'>;
  readonly see: (sighting: Sighting) => void;
}

/** @param runs of one lab, oldest first. */
export function trackSteps(runs: readonly HistoryRun[]): Tracked {
  const book = new Book();
  const sightings = new Map(runs.map((run) => [run.id, book.take(findSteps(run))]));
  const steps = book.steps.sort((a, b) => a.section - b.section || a.order - b.order || a.id - b.id);
  return { steps, sightings };
}

class Book {
  readonly steps: TrackedStep[] = [];
  readonly #byText = new Map<string, TrackedStep>();
  readonly #byPlace = new Map<string, TrackedStep>();

  take(found: readonly Found[]): Map<TrackedStep, Sighting> {
    const known = new Set(found.flatMap(({ text }) => this.#byText.get(text) ?? []));
    const seen = new Map<TrackedStep, Sighting>();
    for (const one of found) {
      const there = this.#byPlace.get(one.place);
      const step = this.#byText.get(one.text) ?? (there !== undefined && !known.has(there) ? there : this.#add(one));
      this.#byText.set(one.text, step);
      this.#byPlace.set(one.place, step);
      Object.assign(step, one.label);
      const sighting = seen.get(step) ?? { step, passedIn: [], failedIn: [] };
      one.see(sighting);
      seen.set(step, sighting);
    }
    return seen;
  }

  #add({ label }: Found): TrackedStep {
    const step = { id: this.steps.length, ...label };
    this.steps.push(step);
    return step;
  }
}

function findSteps(run: HistoryRun): Found[] {
  const times = new Map<string, number>();
  return run.sections.flatMap((section) => {
    const { number, title: sectionTitle } = section;
    const orders = new Map<string, number>();
    return section.exercises.flatMap((exercise) => {
      const nth = orders.get(exercise.title) ?? orders.size;
      orders.set(exercise.title, nth);
      const label = { section: number, sectionTitle, exercise: exercise.title };
      return [...setUpOf(exercise, label, nth * 1000), ...stepsOf(exercise, label, nth * 1000, times)];
    });
  });
}

type Label = Pick<TrackedStep, 'section' | 'sectionTitle' | 'exercise'>;

function stepsOf(exercise: HistoryExercise, label: Label, order: number, times: Map<string, number>): Found[] {
  return exercise.steps.map((step) => {
    // The same line may occur twice in a section: then its occurrence identifies it.
    const counted = `${exercise.browser}\u0000${label.section}\u0000${step.yaml}`;
    const time = times.get(counted) ?? 0;
    times.set(counted, time + 1);
    return {
      text: `${label.section}\u0000${step.yaml}\u0000${time}`,
      place: `${label.section}\u0000${exercise.title}\u0000${step.index}\u0000${step.verb}`,
      label: { ...label, title: step.title, order: order + step.index + 1 },
      see: (sighting) => {
        (step.outcome === 'passed' ? sighting.passedIn : sighting.failedIn).push(exercise.browser);
        if (step.failure !== undefined) sighting.failure ??= step.failure;
        if (step.wait !== undefined && usedOf(step.wait) >= usedOf(sighting.wait)) sighting.wait = step.wait;
      },
    };
  });
}

/** An exercise that failed outside its steps is tracked like a step. */
function setUpOf(exercise: HistoryExercise, label: Label, order: number): Found[] {
  const { failure, browser, title } = exercise;
  const key = `${label.section}\u0000${title}\u0000set-up`;
  if (failure === undefined && exercise.status !== 'passed') return [];
  const see = (sighting: Sighting) => {
    (failure === undefined ? sighting.passedIn : sighting.failedIn).push(browser);
    if (failure !== undefined) sighting.failure ??= failure;
  };
  return [{ text: key, place: key, label: { ...label, title: 'the exercise’s setup', order, setUp: true }, see }];
}

/** Share of the deadline that was used, from 0; above 1 if it was missed. */
export function usedOf(wait: Sighting['wait']): number {
  return wait === undefined ? 0 : wait.takenMs / wait.deadlineMs;
}
