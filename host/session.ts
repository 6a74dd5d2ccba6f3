/**
 * A run of one lab on one cluster: a terminal and a journal of the steps played. Brings the cluster to the entry state of an
 * exercise and plays its steps. A sandbox belongs to one browser and is started again to go back. A real cluster is shared by the
 * browsers and goes back by its ledger; sections before `eachBrowserFrom` are played on it once.
 */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Mark } from '../guard/types.ts';
import { driftOf, knownToFail } from '../language/drift.ts';
import type { Answers, AskedRequest } from '../model/answers.ts';
import type { Failure, Observation } from '../model/evidence.ts';
import { isInternalFault } from '../model/internal-fault.ts';
import type { Drift, Exercise, Lab, Release, Section, Step } from '../model/lab.ts';
import { shellQuote } from '../model/shell-quote.ts';
import { digestOf, digestUpTo } from '../model/step-digest.ts';
import type { ClusterContext } from '../steps/context.ts';
import { StepFailure } from '../steps/failure.ts';
import { drifted, natureOf, needsBrowser, playOnCluster } from '../steps/index.ts';
import { resolveStep } from '../steps/resolve.ts';
import { readAnswers } from './access-log/read.ts';
import { type Bookmark, goToBookmark, setBookmark } from './bookmark.ts';
import type { ProvidedCluster } from './cluster-provider.ts';
import { editedFailure } from './edited.ts';
import { type Environment, openEnvironment } from './environment.ts';
import { explained } from './explained.ts';
import { FieldsWithoutEffect } from './fields-without-effect.ts';
import { assumedIn, figureSourcesOf } from './figure-sources.ts';
import type { ClusterChoice } from './process/choice.ts';
import type { ControlPlaneName } from './process/control-plane.ts';
import { imitatedPartsOf } from './provenance.ts';
import { redactDeep, redactor } from './redact.ts';

export type { Bookmark } from './bookmark.ts';

export interface StepOutcome {
  readonly observations: readonly Observation[];
  readonly failure?: Failure;
  /** Imitated parts of the sandbox by which the step was judged. */
  readonly restsOn?: readonly string[];
  /** Figures of the release in what it saw that are only assumed. */
  readonly assumed?: readonly string[];
  /** Fields of the step that the sandbox accepted without effect. */
  readonly withoutEffect?: readonly string[];
  /** Drift declared for the step on this release; a failure that it announces does not count against the lab. */
  readonly drift?: Drift;
  /** The browser for which it was played, if that was another one. */
  readonly playedFor?: string;
}

export type Entry =
  | { readonly state: 'ready'; readonly replayed: number }
  | { readonly state: 'blocked'; readonly by: string; readonly failure: Failure }
  /** The lab reads differently now than when the client read it; nothing was played. */
  | { readonly state: 'edited'; readonly failure: Failure };

export interface SessionOptions {
  readonly name: string;
  readonly release: Release;
  /** Private; the session creates and removes it. */
  readonly directory: string;
  readonly cluster?: ClusterChoice;
  readonly controlPlane?: ControlPlaneName;
  /** A sandbox behind the guard, whose ledger returns it to a bookmark. */
  readonly rewindable?: boolean;
}

/** A point on a shared cluster: the position in the journal, and the shell. */
interface Moment {
  readonly mark: Mark;
  readonly exercise: number;
  readonly acted: number;
  readonly directory: string;
}

/** For background activity of the shell. */
const SHELL_MS = 5_000;

interface Place {
  readonly section: Section;
  readonly exercise: Exercise;
}

export class Session {
  readonly #options: SessionOptions;
  #lab: Lab;
  #environment: Promise<Environment> | undefined;
  #before: ProvidedCluster | undefined;
  #environments = 0;
  /** The next step to be played: all before it have taken effect. */
  #cursor = { exercise: 0, step: 0 };
  /** Acting steps that were played, with their YAML at that time: if the lab was edited, the cluster does not match it. */
  #acted: string[] = [];
  #broken: { exercise: number; by: string; failure: Failure } | undefined;
  /** Set while a step acts: if that is cut short, its effects are unknown. */
  #acting = false;
  /** On a shared cluster: the browser that plays now, and the points that can be returned to. */
  #browser = '';
  #beginning: Moment | undefined;
  #boundary: Moment | undefined;
  /** What was seen before the boundary, by exercise and step, with the YAML of the step as it was played. */
  readonly #shared = new Map<string, { readonly yaml: string; readonly outcome: StepOutcome }>();
  readonly #fields = new FieldsWithoutEffect();
  /** Whether the proxies write access logs, as far as is known: where they don't, nobody waits for a line. */
  #isLogged = true;
  #stopped = false;
  #queue: Promise<unknown> = Promise.resolve();
  readonly #lost = Promise.withResolvers<never>();

  constructor(lab: Lab, options: SessionOptions) {
    this.#lab = lab;
    this.#options = options;
    // Callers of the session get the error.
    this.#lost.promise.catch(() => undefined);
  }

  /** Rejects if the cluster ended unexpectedly: nothing more can be played. Otherwise stays pending. */
  get lost(): Promise<never> {
    return this.#lost.promise;
  }

  /** The lab as its files are now: edited files count from the next exercise on. */
  set lab(lab: Lab) {
    this.#lab = lab;
  }

  get release(): Release {
    return this.#options.release;
  }

  /** Starts the cluster if it is not running yet. */
  environment(): Promise<Environment> {
    // A step that is still queued when the run ends must not start another cluster.
    if (this.#stopped) return Promise.reject(new Error('the session has been stopped'));
    this.#environment ??= this.#open();
    return this.#environment;
  }

  /**
   * Brings the cluster to the entry state of `exercise`: plays the steps in between that act or wait; starts from an empty cluster
   * if it is already past it.
   * @param shown digest of all steps up to the end of the exercise, as they are shown; absent if they are not shown.
   */
  enter(browser: string, file: string, exercise: number, signal: AbortSignal, shown?: string): Promise<Entry> {
    return this.#inTurn(signal, async () => {
      if (shown !== undefined && shown !== digestUpTo(this.#lab, file, exercise)) {
        const at = this.#exercise(file, exercise)?.at ?? { file, line: 1, column: 1 };
        return { state: 'edited', failure: editedFailure('steps up to this exercise are', at) };
      }
      const target = this.#ordinal(file, exercise);
      if (this.#isPlayedForAnother(browser, target)) return { state: 'ready', replayed: 0 };
      if (this.#boundary !== undefined && this.#browser !== browser) await this.#goBack(this.#boundary);
      this.#browser = browser;
      const anew = this.#acting || this.#isEdited();
      if (!anew && this.#broken !== undefined && target > this.#broken.exercise)
        return { state: 'blocked', by: this.#broken.by, failure: this.#broken.failure };
      const beyond = this.#cursor.exercise > target || (this.#cursor.exercise === target && this.#cursor.step > 0);
      if (anew || beyond || this.#broken !== undefined) await this.#back(target, anew);
      return this.#catchUp(target, signal);
    });
  }

  /**
   * Plays one step of the exercise that was entered. Never throws for a finding about the lab.
   * @param shown digest of the step as it is shown; absent if it is not shown. Any other text is not played.
   */
  play(
    browser: string,
    file: string,
    exercise: number,
    step: number,
    signal: AbortSignal,
    shown?: string,
  ): Promise<StepOutcome> {
    return this.#inTurn(signal, async () => {
      const written = this.#exercise(file, exercise)?.steps[step];
      const edited: StepOutcome = {
        observations: [],
        failure: editedFailure('this step is', written?.at ?? { file, line: 1, column: 1 }),
      };
      if (shown !== undefined && (written === undefined || shown !== digestOf([written]))) return edited;
      const ordinal = this.#ordinal(file, exercise);
      const shared = this.#browser === browser ? undefined : this.#shared.get(`${ordinal}/${step}`);
      if (shared !== undefined && shared.yaml !== written?.yaml) return edited;
      if (shared !== undefined) return { ...shared.outcome, playedFor: this.#browser };
      const found = this.#place(ordinal).exercise.steps[step];
      if (found === undefined) throw new Error(`${file} has no step ${step} in exercise ${exercise}`);
      return this.#advance(ordinal, step, found, signal);
    });
  }

  /** Records the current point, at the beginning of an exercise. Only for a `rewindable` session. */
  bookmark(signal: AbortSignal): Promise<Bookmark> {
    return this.#inTurn(signal, async () => {
      const at = { exercise: this.#cursor.exercise, acted: this.#acted.length };
      return setBookmark(await this.environment(), this.#options.directory, at);
    });
  }

  /** Goes back and waits for what the lab had waited for until then. @returns false if the session must be discarded. */
  rewind(bookmark: Bookmark, signal: AbortSignal): Promise<boolean> {
    return this.#inTurn(signal, async () => {
      if (this.#acting || !(await goToBookmark(await this.environment(), bookmark))) return false;
      this.#cursor = { exercise: bookmark.exercise, step: 0 };
      this.#acted = this.#acted.slice(0, bookmark.acted);
      this.#broken = undefined;
      const before = this.#places().slice(0, bookmark.exercise);
      for (const step of before.flatMap(({ exercise }) => exercise.steps))
        if (natureOf(step) === 'waits' && (await this.#playStep(step, signal)).failure !== undefined) return false;
      return true;
    });
  }

  /** @returns the failure with inconsistencies found on the cluster. */
  async explain(failure: Failure): Promise<Failure> {
    return explained(failure, await this.environment());
  }

  /** Who answered the requests that an exercise sent, by the access logs of the mesh's proxies. */
  answers(asked: readonly AskedRequest[], signal: AbortSignal): Promise<Answers> {
    return this.#inTurn(signal, async () => {
      const { api, cluster, terminal } = await this.environment();
      const answers = await readAnswers(api, asked, await terminal.namespace(), this.#isLogged);
      this.#isLogged = answers.log === 'read';
      return redactDeep(answers, redactor(cluster.secrets));
    });
  }

  async expand(text: string): Promise<string> {
    return (await this.environment()).terminal.expand(text);
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#close();
    await rm(this.#options.directory, { recursive: true, force: true });
  }

  /** One at a time: a client that disconnected may still be in the middle of a step when the next one comes. */
  #inTurn<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    const turn = this.#queue.then(() => {
      signal.throwIfAborted();
      return work();
    });
    this.#queue = turn.catch(() => undefined);
    return turn;
  }

  /** True if an acting step that was played has been edited or removed since. */
  #isEdited(): boolean {
    const now = this.#places().flatMap(({ exercise }) => exercise.steps.filter((step) => natureOf(step) === 'acts'));
    return this.#acted.some((yaml, index) => now[index]?.yaml !== yaml);
  }

  async #advance(ordinal: number, index: number, step: Step, signal: AbortSignal): Promise<StepOutcome> {
    const acts = natureOf(step) === 'acts';
    const drift = driftOf(step, this.release.name, this.#lab.releases);
    this.#acting = acts;
    const outcome = await this.#playStep(drift === undefined ? step : drifted(step, drift), signal);
    this.#acting = false;
    this.#cursor = { exercise: ordinal, step: index + 1 };
    if (acts) this.#acted.push(step.yaml);
    if (outcome.failure !== undefined) await this.#checkCluster();
    const known = drift !== undefined && knownToFail(drift);
    if (outcome.failure !== undefined && !known && outcome.blocks !== false && natureOf(step) !== 'observes')
      this.#break(ordinal, index, step, outcome.failure);
    const { observations, failure } = outcome;
    const { restsOn, assumed, withoutEffect } = await this.#provenance(observations, acts);
    const told = {
      observations,
      ...(failure === undefined ? {} : { failure }),
      ...(restsOn.length === 0 ? {} : { restsOn }),
      ...(assumed.length === 0 ? {} : { assumed }),
      ...(withoutEffect.length === 0 ? {} : { withoutEffect }),
      ...(drift === undefined ? {} : { drift }),
    };
    if (ordinal < this.#firstOwn()) this.#shared.set(`${ordinal}/${index}`, { yaml: step.yaml, outcome: told });
    return told;
  }

  /** In a sandbox: which imitated parts the step read, and fields without effect. */
  async #provenance(observations: readonly Observation[], acts: boolean) {
    const { cluster, api } = await this.environment();
    if (cluster.kind !== 'sandbox') return { restsOn: [], assumed: [], withoutEffect: [] };
    return {
      restsOn: await imitatedPartsOf(observations, api),
      assumed: assumedIn(observations, await figureSourcesOf(this.release.name)),
      withoutEffect: acts ? await this.#fields.next(api) : [],
    };
  }

  /** A failure on a cluster that is gone says nothing about the lab. @throws {ClusterError} */
  async #checkCluster(): Promise<void> {
    const { cluster } = await this.environment();
    try {
      await cluster.check?.();
    } catch (error) {
      this.#lost.reject(error);
      throw error;
    }
  }

  /** On a shared cluster: whether another browser's run has played the exercise for this one too. */
  #isPlayedForAnother(browser: string, ordinal: number): boolean {
    if (this.#boundary === undefined || this.#browser === browser || this.#isEdited()) return false;
    return ordinal < this.#boundary.exercise && this.#shared.has(`${ordinal}/0`);
  }

  /** The first exercise that each browser plays for itself. */
  #firstOwn(): number {
    const first = this.#places().findIndex(({ section }) => section.number >= this.#lab.eachBrowserFrom);
    return first < 0 ? this.#places().length : first;
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
    await this.#remember();
    while (this.#cursor.exercise < target) {
      const { exercise: ordinal, step: index } = this.#cursor;
      const step = this.#place(ordinal).exercise.steps[index];
      if (step === undefined) {
        this.#cursor = { exercise: ordinal + 1, step: 0 };
        await this.#remember();
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
    const environment = await this.environment();
    const observations: Observation[] = [];
    const redact = redactor(environment.cluster.secrets);
    const context: ClusterContext = {
      terminal: environment.terminal,
      api: environment.api,
      figures: this.release.figures,
      callImage: this.#lab.callImage,
      signal,
      observe: (observation) => observations.push(redactDeep(observation, redact)),
    };
    const seen = environment.cluster.history?.watch();
    try {
      await playOnCluster(resolveStep(step, { release: this.release.figures }), context);
      return { observations };
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof StepFailure) {
        const at = error.failure.at.file === '' ? step.at : error.failure.at;
        const failure = await explained({ ...error.failure, at }, environment);
        return { observations, failure: redactDeep(failure, redact), blocks: error.blocks };
      }
      if (isInternalFault(error)) throw error;
      const failure = {
        code: 'LW-CLUSTER',
        message: `${step.verb} could not be played: ${error instanceof Error ? error.message : String(error)}`,
        at: step.at,
        next: 'npx labwright doctor',
      };
      return { observations, failure: redactDeep(failure, redact) };
    } finally {
      const calls = seen?.();
      if (calls !== undefined) context.observe(calls);
    }
  }

  /** Records points on a shared cluster that a later entry may return to. */
  async #remember(): Promise<void> {
    const { exercise, step } = this.#cursor;
    const wanted =
      (exercise === 0 && this.#beginning === undefined) || (exercise === this.#firstOwn() && !this.#boundary);
    if (step > 0 || !wanted) return;
    const { cluster, terminal } = await this.environment();
    if (cluster.history === undefined) return;
    const directory = await terminal.expand('$PWD');
    const moment = { mark: await cluster.history.mark(), exercise, acted: this.#acted.length, directory };
    if (exercise === 0) this.#beginning = moment;
    if (exercise === this.#firstOwn()) this.#boundary = moment;
  }

  /** Goes back to before `target`: on a shared cluster as little as possible, otherwise to a new cluster. */
  async #back(target: number, anew: boolean): Promise<void> {
    const own = this.#boundary !== undefined && target >= this.#boundary.exercise && !anew;
    const earlier = this.#broken !== undefined && this.#broken.exercise < (this.#boundary?.exercise ?? 0);
    const moment = own && !earlier ? this.#boundary : this.#beginning;
    if (moment === undefined) return this.#startOver();
    await this.#goBack(moment);
  }

  async #goBack(moment: Moment): Promise<void> {
    const environment = await this.environment();
    await environment.cluster.history?.rewind(moment.mark);
    this.#cursor = { exercise: moment.exercise, step: 0 };
    this.#acted = this.#acted.slice(0, moment.acted);
    this.#acting = false;
    if (this.#broken !== undefined && this.#broken.exercise >= moment.exercise) this.#broken = undefined;
    if (moment === this.#beginning && moment !== this.#boundary) {
      this.#boundary = undefined;
      this.#shared.clear();
      this.#environment = environment.anew();
    } else {
      await environment.terminal.run(`cd ${shellQuote(moment.directory)}`, { timeoutMs: SHELL_MS });
    }
  }

  async #startOver(): Promise<void> {
    await this.#close();
    this.#cursor = { exercise: 0, step: 0 };
    this.#acted = [];
    this.#acting = false;
    this.#broken = undefined;
  }

  async #open(): Promise<Environment> {
    this.#environments += 1;
    const { name, release, cluster, controlPlane, rewindable } = this.#options;
    const directory = join(this.#options.directory, String(this.#environments));
    const before = this.#before;
    const environment = await openEnvironment(this.#lab, {
      name,
      directory,
      release: release.name,
      before,
      ...(cluster === undefined ? {} : { cluster }),
      ...(controlPlane === undefined ? {} : { controlPlane }),
      ...(rewindable === undefined ? {} : { rewindable }),
    });
    environment.cluster.lost?.catch((error: unknown) => this.#lost.reject(error));
    return environment;
  }

  async #close(): Promise<void> {
    const opening = this.#environment;
    this.#environment = undefined;
    const environment = await opening?.catch(() => undefined);
    if (environment === undefined) return;
    this.#before = environment.cluster;
    await environment.close();
  }

  #places(): readonly Place[] {
    return this.#lab.sections.flatMap((section) => section.exercises.map((exercise) => ({ section, exercise })));
  }

  #place(ordinal: number): Place {
    const place = this.#places()[ordinal];
    if (place === undefined) throw new Error(`the lab ${this.#lab.name} has no exercise ${ordinal}`);
    return place;
  }

  /** Undefined if the lab, as it reads now, has no such exercise. */
  #exercise(file: string, exercise: number): Exercise | undefined {
    return this.#lab.sections.find((section) => section.file === file)?.exercises[exercise];
  }

  #ordinal(file: string, exercise: number): number {
    const places = this.#places();
    const first = places.findIndex(({ section }) => section.file === file);
    if (first < 0) throw new Error(`${file} is not a section of the lab ${this.#lab.name}`);
    return first + exercise;
  }
}
