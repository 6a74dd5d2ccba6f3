/**
 * Plays a lab's steps in their order on a session's cluster. Reaches the entry state of an exercise by playing the steps before
 * it that act or wait, or by going back.
 */
import { knownToFail } from '../language/drift.ts';
import type { Failure } from '../model/evidence.ts';
import type { Lab, Release, Step } from '../model/lab.ts';
import { natureOf } from '../steps/index.ts';
import { type Checkpoint, Checkpoints, returnShell } from './checkpoints.ts';
import type { Environments } from './environments.ts';
import { ExerciseOrder } from './exercise-order.ts';
import { type Point, Progress } from './progress.ts';
import type { ClickRequest, Clicks, Entry, StepOutcome } from './session-types.ts';
import { SharedOutcomes } from './shared-outcomes.ts';
import { StepPlayer } from './step-player.ts';

export class Playthrough {
  #lab: Lab;
  #order: ExerciseOrder;
  readonly #environments: Environments;
  readonly #player: StepPlayer;
  #progress = new Progress();
  readonly #checkpoints = new Checkpoints();
  /** On a shared cluster: what was seen in the exercises that are played once for all browsers. */
  readonly shared = new SharedOutcomes();

  constructor(lab: Lab, release: Release, environments: Environments) {
    this.#lab = lab;
    this.#order = new ExerciseOrder(lab);
    this.#environments = environments;
    this.#player = new StepPlayer(release, environments);
  }

  get lab(): Lab {
    return this.#lab;
  }

  /** The lab as its files are now. */
  set lab(lab: Lab) {
    this.#lab = lab;
    this.#order = new ExerciseOrder(lab);
  }

  get order(): ExerciseOrder {
    return this.#order;
  }

  get here(): Point {
    return this.#progress.here;
  }

  /** On a shared cluster that has got so far: the entry of the first exercise that each browser plays for itself. */
  get boundary(): Checkpoint | undefined {
    return this.#checkpoints.boundary;
  }

  /** Whether a step was ended while it acted, so that its effects are unknown. */
  get isCutShort(): boolean {
    return this.#progress.isActing;
  }

  /** On a shared cluster: whether an exercise was played for all browsers. */
  isShared(exercise: number): boolean {
    const { boundary } = this.#checkpoints;
    if (boundary === undefined || this.#order.isEdited(this.#progress.acted)) return false;
    return exercise < boundary.exercise && this.shared.get(exercise, 0) !== undefined;
  }

  /** Brings the cluster to the entry state of an exercise; goes back or starts over if it is past it. */
  async reach(exercise: number, signal: AbortSignal): Promise<Entry> {
    const { broken, isActing, acted } = this.#progress;
    const anew = isActing || this.#order.isEdited(acted);
    if (!anew && broken !== undefined && exercise > broken.exercise)
      return { state: 'blocked', by: broken.by, failure: broken.failure };
    if (anew || broken !== undefined || this.#progress.isPast(exercise)) {
      const checkpoint = this.#checkpoints.before(exercise, broken?.exercise, anew);
      await (checkpoint === undefined ? this.#startOver() : this.goBack(checkpoint));
    }
    return this.#catchUp(exercise, signal);
  }

  /** Plays one step of the exercise that was reached. */
  async advance(
    ordinal: number,
    index: number,
    step: Step,
    signal: AbortSignal,
    clicked?: Clicks,
  ): Promise<StepOutcome> {
    const nature = natureOf(step);
    this.#progress.begin({ acts: nature === 'acts' });
    const { blocks, ...outcome } = await this.#player.play(this.#lab, step, signal, clicked);
    this.#progress.end(ordinal, index, step.yaml);
    const { failure, drift } = outcome;
    const known = drift !== undefined && knownToFail(drift);
    if (failure !== undefined && !known && blocks !== false && nature !== 'observes')
      this.#break(ordinal, index, step, failure);
    if (ordinal < this.#order.firstOwn()) this.shared.set(ordinal, index, { yaml: step.yaml, outcome });
    return outcome;
  }

  /** What a browser is to click in the web console for a step, before it is played. */
  clicks(step: Step, signal: AbortSignal): Promise<ClickRequest> {
    return this.#player.clicks(this.#lab, step, signal);
  }

  endClicks(): Promise<void> {
    return this.#player.endClicks();
  }

  /** The cluster is as it was at that point. Waits for what the lab had waited for by then. @returns whether it came true. */
  async returnTo(point: Point, signal: AbortSignal): Promise<boolean> {
    this.#progress.returnTo(point);
    for (const step of this.#order.steps(point.exercise))
      if (natureOf(step) === 'waits' && !(await this.#player.comesTrue(this.#lab, step, signal))) return false;
    return true;
  }

  /** Undoes on a shared cluster what was played after a point. */
  async goBack(checkpoint: Checkpoint): Promise<void> {
    await this.#player.endClicks();
    const environment = await this.#environments.current(this.#lab);
    await environment.cluster.history?.rewind(checkpoint.mark);
    this.#progress.returnTo(checkpoint);
    if (this.#checkpoints.isFresh(checkpoint)) {
      this.#checkpoints.boundary = undefined;
      this.shared.clear();
      this.#environments.renew(environment);
    } else {
      await returnShell(environment, checkpoint);
    }
  }

  #break(ordinal: number, index: number, step: Step, failure: Failure): void {
    const { section, exercise } = this.#order.place(ordinal);
    const by = `section ${section.number}, "${exercise.title}", step ${index + 1}: ${step.title}`;
    this.#progress.break({ exercise: ordinal, by, failure });
  }

  async #catchUp(target: number, signal: AbortSignal): Promise<Entry> {
    let replayed = 0;
    await this.#remember();
    while (this.#progress.exercise < target) {
      const { exercise: ordinal, step: index } = this.#progress;
      const step = this.#order.place(ordinal).exercise.steps[index];
      if (step === undefined) {
        this.#progress.moveTo(ordinal + 1, 0);
        await this.#remember();
        continue;
      }
      if (natureOf(step) === 'observes') {
        this.#progress.moveTo(ordinal, index + 1);
        continue;
      }
      await this.advance(ordinal, index, step, signal);
      replayed += 1;
      const { broken } = this.#progress;
      if (broken !== undefined) return { state: 'blocked', by: broken.by, failure: broken.failure };
    }
    return { state: 'ready', replayed };
  }

  /** Records the entry of an exercise of a shared cluster if a later one may return to it. */
  async #remember(): Promise<void> {
    const { exercise, step, here } = this.#progress;
    const firstOwn = this.#order.firstOwn();
    if (step > 0 || !this.#checkpoints.wants(exercise, firstOwn)) return;
    await this.#checkpoints.record(await this.#environments.current(this.#lab), here, firstOwn);
  }

  async #startOver(): Promise<void> {
    await this.#environments.close();
    this.#progress = new Progress();
  }
}
