/**
 * One browser project's run of one lab: a cluster, a terminal and a journal of what was played. Brings the cluster to
 * the entry of an exercise and plays its steps.
 */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { drifted, driftOf, knownToFail } from '../language/drift.ts';
import type { Drift, Exercise, Lab, Release, Section, Step } from '../language/lab.ts';
import type { ClusterContext } from '../steps/context.ts';
import type { Failure, Observation } from '../steps/evidence.ts';
import { StepFailure } from '../steps/failure.ts';
import { natureOf, needsBrowser, playOnCluster } from '../steps/index.ts';
import { resolveStep } from '../steps/resolve.ts';
import type { ControlPlaneName } from './host/control-plane.ts';
import { redactDeep, redactor } from './redact.ts';
import { openScene, type Scene } from './scene.ts';
import type { Target } from './target.ts';

export interface StepOutcome {
  readonly observations: readonly Observation[];
  readonly failure?: Failure;
  /** What is declared of the step on this release; a failure that it announces is none of the lab's. */
  readonly drift?: Drift;
}

export type Entry =
  | { readonly state: 'ready'; readonly replayed: number }
  | { readonly state: 'blocked'; readonly by: string; readonly failure: Failure };

interface Place {
  readonly section: Section;
  readonly exercise: Exercise;
}

export class Stage {
  readonly #name: string;
  readonly #directory: string;
  readonly #release: Release;
  readonly #controlPlane: ControlPlaneName | undefined;
  #lab: Lab;
  #scene: Promise<Scene> | undefined;
  #before: Target | undefined;
  #scenes = 0;
  /** The next step to be played: all before it have taken effect. */
  #cursor = { exercise: 0, step: 0 };
  /** What acted, as its YAML stood then: an edited lab is not where this cluster is. */
  #acted: string[] = [];
  #broken: { exercise: number; by: string; failure: Failure } | undefined;
  /** Set while a step acts: when that is cut short, nobody knows what it left behind. */
  #acting = false;
  #stopped = false;
  #queue: Promise<unknown> = Promise.resolve();
  readonly #lost = Promise.withResolvers<never>();

  /** @param directory private; the stage makes and removes it. */
  constructor(name: string, lab: Lab, release: Release, directory: string, controlPlane?: ControlPlaneName) {
    this.#name = name;
    this.#lab = lab;
    this.#release = release;
    this.#controlPlane = controlPlane;
    this.#directory = directory;
    // Seen by whoever asks something of the stage.
    this.#lost.promise.catch(() => undefined);
  }

  /** Rejects when the cluster ended by itself: nothing more can be played. Else stays pending. */
  get lost(): Promise<never> {
    return this.#lost.promise;
  }

  /** The lab as its files now say: edited files count from the next exercise on. */
  set lab(lab: Lab) {
    this.#lab = lab;
  }

  get release(): Release {
    return this.#release;
  }

  /** Starts the cluster if it is not there yet. */
  scene(): Promise<Scene> {
    // A step still in its turn when the run ends must not start another cluster.
    if (this.#stopped) return Promise.reject(new Error('the stage has been taken down'));
    this.#scene ??= this.#open();
    return this.#scene;
  }

  /**
   * Brings the cluster to where `exercise` begins: plays what acts and waits in between; starts from an empty cluster
   * when it is already beyond.
   */
  enter(file: string, exercise: number, signal: AbortSignal): Promise<Entry> {
    return this.#inTurn(signal, async () => {
      const target = this.#ordinal(file, exercise);
      const anew = this.#acting || this.#isEdited();
      if (!anew && this.#broken !== undefined && target > this.#broken.exercise)
        return { state: 'blocked', by: this.#broken.by, failure: this.#broken.failure };
      const beyond = this.#cursor.exercise > target || (this.#cursor.exercise === target && this.#cursor.step > 0);
      if (anew || beyond || this.#broken !== undefined) await this.#startOver();
      return this.#catchUp(target, signal);
    });
  }

  /** Plays one step of the exercise that was entered. Never throws for a finding about the lab. */
  play(file: string, exercise: number, step: number, signal: AbortSignal): Promise<StepOutcome> {
    return this.#inTurn(signal, async () => {
      const ordinal = this.#ordinal(file, exercise);
      const found = this.#place(ordinal).exercise.steps[step];
      if (found === undefined) throw new Error(`${file} has no step ${step} in exercise ${exercise}`);
      return this.#advance(ordinal, step, found, signal);
    });
  }

  async expand(text: string): Promise<string> {
    return (await this.scene()).terminal.expand(text);
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#close();
    await rm(this.#directory, { recursive: true, force: true });
  }

  /** One at a time: a client that hung up may still be in the middle of a step when the next one comes. */
  #inTurn<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    const turn = this.#queue.then(() => {
      signal.throwIfAborted();
      return work();
    });
    this.#queue = turn.catch(() => undefined);
    return turn;
  }

  /** True when a step that has acted reads differently now, or is gone. */
  #isEdited(): boolean {
    const now = this.#places().flatMap(({ exercise }) => exercise.steps.filter((step) => natureOf(step) === 'acts'));
    return this.#acted.some((yaml, index) => now[index]?.yaml !== yaml);
  }

  async #advance(ordinal: number, index: number, step: Step, signal: AbortSignal): Promise<StepOutcome> {
    const acts = natureOf(step) === 'acts';
    const drift = driftOf(step, this.#release.name, this.#lab.releases);
    this.#acting = acts;
    const outcome = await this.#playStep(drift === undefined ? step : drifted(step, drift), signal);
    this.#acting = false;
    this.#cursor = { exercise: ordinal, step: index + 1 };
    if (acts) this.#acted.push(step.yaml);
    const known = drift !== undefined && knownToFail(drift);
    if (outcome.failure !== undefined && !known && outcome.blocks !== false && natureOf(step) !== 'observes')
      this.#break(ordinal, index, step, outcome.failure);
    const { observations, failure } = outcome;
    return {
      observations,
      ...(failure === undefined ? {} : { failure }),
      ...(drift === undefined ? {} : { drift }),
    };
  }

  #break(ordinal: number, index: number, step: Step, failure: Failure): void {
    const { section, exercise } = this.#place(ordinal);
    this.#broken = {
      exercise: ordinal,
      by: `section ${section.number}, "${exercise.title}", step ${index + 1}: ${step.title}`,
      failure,
    };
  }

  async #catchUp(target: number, signal: AbortSignal): Promise<Entry> {
    let replayed = 0;
    while (this.#cursor.exercise < target) {
      const { exercise: ordinal, step: index } = this.#cursor;
      const step = this.#place(ordinal).exercise.steps[index];
      if (step === undefined) {
        this.#cursor = { exercise: ordinal + 1, step: 0 };
        continue;
      }
      if (natureOf(step) === 'observes') {
        this.#cursor = { exercise: ordinal, step: index + 1 };
        continue;
      }
      await this.#advance(ordinal, index, step, signal);
      replayed += 1;
      if (this.#broken !== undefined) return { state: 'blocked', by: this.#broken.by, failure: this.#broken.failure };
    }
    return { state: 'ready', replayed };
  }

  async #playStep(step: Step, signal: AbortSignal): Promise<StepOutcome & { blocks?: boolean }> {
    if (needsBrowser(step)) throw new Error(`${step.verb} is played in the browser`);
    const scene = await this.scene();
    const observations: Observation[] = [];
    const redact = redactor([scene.target.login.token]);
    const context: ClusterContext = {
      terminal: scene.terminal,
      api: scene.api,
      figures: this.#release.figures,
      callImage: this.#lab.callImage,
      signal,
      observe: (observation) => observations.push(redactDeep(observation, redact)),
    };
    try {
      await playOnCluster(resolveStep(step, { release: this.#release.figures }), context);
      return { observations };
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof StepFailure) {
        const at = error.failure.at.file === '' ? step.at : error.failure.at;
        return { observations, failure: redactDeep({ ...error.failure, at }, redact), blocks: error.blocks };
      }
      const failure = {
        code: 'LW-CLUSTER',
        message: `${step.verb} could not be played: ${error instanceof Error ? error.message : String(error)}`,
        at: step.at,
        next: 'npx labwright doctor',
      };
      return { observations, failure: redactDeep(failure, redact) };
    }
  }

  async #startOver(): Promise<void> {
    await this.#close();
    this.#cursor = { exercise: 0, step: 0 };
    this.#acted = [];
    this.#acting = false;
    this.#broken = undefined;
  }

  async #open(): Promise<Scene> {
    this.#scenes += 1;
    const directory = join(this.#directory, String(this.#scenes));
    const before = this.#before;
    const scene = await openScene(this.#lab, {
      name: this.#name,
      directory,
      release: this.#release.name,
      before,
      ...(this.#controlPlane === undefined ? {} : { controlPlane: this.#controlPlane }),
    });
    scene.target.lost?.catch((error: unknown) => this.#lost.reject(error));
    return scene;
  }

  async #close(): Promise<void> {
    const opening = this.#scene;
    this.#scene = undefined;
    const scene = await opening?.catch(() => undefined);
    if (scene === undefined) return;
    this.#before = scene.target;
    await scene.close();
  }

  #places(): readonly Place[] {
    return this.#lab.sections.flatMap((section) => section.exercises.map((exercise) => ({ section, exercise })));
  }

  #place(ordinal: number): Place {
    const place = this.#places()[ordinal];
    if (place === undefined) throw new Error(`the lab ${this.#lab.name} has no exercise ${ordinal}`);
    return place;
  }

  #ordinal(file: string, exercise: number): number {
    const places = this.#places();
    const first = places.findIndex(({ section }) => section.file === file);
    if (first < 0) throw new Error(`${file} is not a section of the lab ${this.#lab.name}`);
    return first + exercise;
  }
}
