/**
 * One browser project's run of one lab: a cluster, a terminal and a journal of what was played. Brings the cluster to
 * the entry of an exercise and plays its steps.
 */
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Exercise, Lab, Release, Section, Step } from '../language/lab.ts';
import type { ClusterContext } from '../steps/context.ts';
import type { Failure, Observation } from '../steps/evidence.ts';
import { StepFailure } from '../steps/failure.ts';
import { natureOf, needsBrowser, playOnCluster } from '../steps/index.ts';
import { resolveStep } from '../steps/resolve.ts';
import { KubernetesApi } from './api.ts';
import { Connection } from './connection.ts';
import { redactDeep, redactor } from './redact.ts';
import { openTerminal } from './shell.ts';
import { sandboxTarget, type Target } from './target.ts';
import type { BashTerminal } from './terminal.ts';

export interface StepOutcome {
  readonly observations: readonly Observation[];
  readonly failure?: Failure;
}

export type Entry =
  | { readonly state: 'ready'; readonly replayed: number }
  | { readonly state: 'blocked'; readonly by: string; readonly failure: Failure };

/** The cluster as far as it is ready to be played on. */
interface Scene {
  readonly target: Target;
  readonly terminal: BashTerminal;
  readonly connection: Connection;
  readonly api: KubernetesApi;
  readonly openshiftVersion: string;
}

interface Place {
  readonly section: Section;
  readonly exercise: Exercise;
}

export class Stage {
  readonly #name: string;
  readonly #directory: string;
  readonly #release: Release;
  #lab: Lab;
  #scene: Promise<Scene> | undefined;
  #scenes = 0;
  /** The next step to be played: all before it have taken effect. */
  #cursor = { exercise: 0, step: 0 };
  #broken: { exercise: number; by: string; failure: Failure } | undefined;

  /** @param directory private; the stage makes and removes it. */
  constructor(name: string, lab: Lab, release: Release, directory: string) {
    this.#name = name;
    this.#lab = lab;
    this.#release = release;
    this.#directory = directory;
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
    this.#scene ??= this.#open();
    return this.#scene;
  }

  /**
   * Brings the cluster to where `exercise` begins: plays what acts and waits in between; starts from an empty cluster
   * when it is already beyond.
   */
  async enter(file: string, exercise: number, signal: AbortSignal): Promise<Entry> {
    const target = this.#ordinal(file, exercise);
    if (this.#broken !== undefined && target > this.#broken.exercise)
      return { state: 'blocked', by: this.#broken.by, failure: this.#broken.failure };
    const beyond = this.#cursor.exercise > target || (this.#cursor.exercise === target && this.#cursor.step > 0);
    if (beyond || this.#broken !== undefined) await this.#startOver();
    return this.#catchUp(target, signal);
  }

  /** Plays one step of the exercise that was entered. Never throws for a finding about the lab. */
  async play(file: string, exercise: number, step: number, signal: AbortSignal): Promise<StepOutcome> {
    const ordinal = this.#ordinal(file, exercise);
    const place = this.#place(ordinal);
    const found = place.exercise.steps[step];
    if (found === undefined) throw new Error(`${file} has no step ${step} in exercise ${exercise}`);
    const outcome = await this.#playStep(found, signal);
    this.#record(ordinal, step, found, outcome);
    return outcome;
  }

  async expand(text: string): Promise<string> {
    return (await this.scene()).terminal.expand(text);
  }

  async stop(): Promise<void> {
    await this.#close();
    await rm(this.#directory, { recursive: true, force: true });
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
      const outcome = await this.#playStep(step, signal);
      this.#record(ordinal, index, step, outcome);
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
      const message = redact(error instanceof Error ? error.message : String(error));
      return {
        observations,
        failure: {
          code: 'LW-CLUSTER',
          message: `${step.verb} could not be played: ${message}`,
          at: step.at,
          next: 'npx labwright doctor',
        },
      };
    }
  }

  #record(ordinal: number, index: number, step: Step, outcome: StepOutcome & { blocks?: boolean }): void {
    this.#cursor = { exercise: ordinal, step: index + 1 };
    if (outcome.failure === undefined || natureOf(step) !== 'acts' || outcome.blocks === false) return;
    const { section, exercise } = this.#place(ordinal);
    this.#broken = {
      exercise: ordinal,
      by: `section ${section.number}, "${exercise.title}", step ${index + 1}: ${step.title}`,
      failure: outcome.failure,
    };
  }

  async #startOver(): Promise<void> {
    await this.#close();
    this.#cursor = { exercise: 0, step: 0 };
    this.#broken = undefined;
  }

  async #open(): Promise<Scene> {
    this.#scenes += 1;
    const directory = join(this.#directory, String(this.#scenes));
    await mkdir(directory, { recursive: true, mode: 0o700 });
    const target = await sandboxTarget(this.#lab, { name: this.#name, directory, release: this.#release.name });
    try {
      const connection = await Connection.open(target.kubeconfig, target.context);
      const api = new KubernetesApi(connection);
      const terminal = await openTerminal(target, directory, redactor([target.login.token]));
      return { target, terminal, connection, api, openshiftVersion: await openshiftVersion(api) };
    } catch (error) {
      await target.stop();
      throw error;
    }
  }

  async #close(): Promise<void> {
    const opening = this.#scene;
    this.#scene = undefined;
    const scene = await opening?.catch(() => undefined);
    if (scene === undefined) return;
    await scene.terminal.stop();
    scene.connection.close();
    await scene.target.stop();
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

async function openshiftVersion(api: KubernetesApi): Promise<string> {
  const kind = await api.resolveObject('config.openshift.io/v1', 'ClusterVersion');
  const version = kind === undefined ? undefined : await api.get(kind, 'version');
  const desired = version?.status?.['desired'];
  if (typeof desired === 'object' && desired !== null && 'version' in desired && typeof desired.version === 'string')
    return desired.version;
  return 'unknown';
}
