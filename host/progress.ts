/** How far a session has come in its lab, and what keeps it from going on. */
import type { Failure } from '../model/evidence.ts';

/** A point in the lab: the beginning of an exercise, and how many acting steps had been played by then. */
export interface Point {
  /** Ordinal of the exercise that begins here. */
  readonly exercise: number;
  readonly acted: number;
}

interface Break {
  readonly exercise: number;
  readonly by: string;
  readonly failure: Failure;
}

export class Progress {
  #exercise = 0;
  #step = 0;
  #acted: string[] = [];
  #broken: Break | undefined;
  #isActing = false;

  /** Ordinal of the exercise that the next step belongs to. All steps before the next one have taken effect. */
  get exercise(): number {
    return this.#exercise;
  }

  /** Index of the next step within its exercise. */
  get step(): number {
    return this.#step;
  }

  /** Acting steps that were played, with their YAML at that time: if the lab was edited, the cluster does not match it. */
  get acted(): readonly string[] {
    return this.#acted;
  }

  /** The failed step that blocks the exercises after its own. */
  get broken(): Break | undefined {
    return this.#broken;
  }

  /** True while a step acts. If that is cut short, it stays true, since the step's effects are unknown. */
  get isActing(): boolean {
    return this.#isActing;
  }

  get here(): Point {
    return { exercise: this.#exercise, acted: this.#acted.length };
  }

  /** Whether something of the exercise has been played, or of one after it. */
  isPast(exercise: number): boolean {
    return this.#exercise > exercise || (this.#exercise === exercise && this.#step > 0);
  }

  begin({ acts }: { readonly acts: boolean }): void {
    this.#isActing = acts;
  }

  /** The step that began has ended. @param yaml of the step. */
  end(exercise: number, step: number, yaml: string): void {
    this.moveTo(exercise, step + 1);
    if (this.#isActing) this.#acted.push(yaml);
    this.#isActing = false;
  }

  moveTo(exercise: number, step: number): void {
    this.#exercise = exercise;
    this.#step = step;
  }

  break(broken: Break): void {
    this.#broken = broken;
  }

  /** The cluster is again as it was at that point. */
  returnTo({ exercise, acted }: Point): void {
    this.moveTo(exercise, 0);
    this.#acted = this.#acted.slice(0, acted);
    this.#isActing = false;
    if (this.#broken !== undefined && this.#broken.exercise >= exercise) this.#broken = undefined;
  }
}
