/**
 * A run of one lab on one cluster: a terminal and a journal of the steps played. Brings the cluster to the entry state of an
 * exercise and plays its steps. A sandbox belongs to one browser and is started again to go back. A real cluster is shared by the
 * browsers and goes back by its ledger; sections before `eachBrowserFrom` are played on it once.
 */
import { rm } from 'node:fs/promises';
import { driftOf, knownToFail } from '../language/drift.ts';
import type { Answers, AskedRequest } from '../model/answers.ts';
import type { Failure } from '../model/evidence.ts';
import type { Drift, Lab, Release, Step } from '../model/lab.ts';
import { digestOf, digestUpTo } from '../model/step-digest.ts';
import { drifted, natureOf } from '../steps/index.ts';
import { readAnswers } from './access-log/read.ts';
import { type Bookmark, goToBookmark, setBookmark } from './bookmark.ts';
import { type Checkpoint, Checkpoints, returnShell } from './checkpoints.ts';
import { Clicking } from './clicking.ts';
import { editedFailure } from './edited.ts';
import type { Environment } from './environment.ts';
import { Environments } from './environments.ts';
import { ExerciseOrder } from './exercise-order.ts';
import { explained } from './explained.ts';
import { FieldsWithoutEffect } from './fields-without-effect.ts';
import { assumedIn, figureSourcesOf } from './figure-sources.ts';
import { playStep } from './play-step.ts';
import { imitatedPartsOf } from './provenance.ts';
import { redactDeep, redactor } from './redact.ts';
import type { ClickRequest, Clicks, Entry, SessionOptions, StepOutcome } from './session-types.ts';
import { SharedOutcomes } from './shared-outcomes.ts';
import { Turns } from './turns.ts';

export class Session {
  readonly #options: SessionOptions;
  #lab: Lab;
  #order: ExerciseOrder;
  readonly #environments: Environments;
  /** The next step to be played: all before it have taken effect. */
  #cursor = { exercise: 0, step: 0 };
  /** Acting steps that were played, with their YAML at that time: if the lab was edited, the cluster does not match it. */
  #acted: string[] = [];
  #broken: { exercise: number; by: string; failure: Failure } | undefined;
  /** Set while a step acts: if that is cut short, its effects are unknown. */
  #acting = false;
  /** On a shared cluster: the browser that plays now. */
  #browser = '';
  readonly #checkpoints = new Checkpoints();
  /** What was seen before the boundary. */
  readonly #shared = new SharedOutcomes();
  readonly #clicking = new Clicking();
  readonly #fields = new FieldsWithoutEffect();
  /** False once the proxies are known to write no access logs; then nothing waits for a line. */
  #isLogged = true;
  #stopped = false;
  /** A client that disconnected may still be in the middle of a step when the next one comes. */
  readonly #turns = new Turns();

  constructor(lab: Lab, options: SessionOptions) {
    this.#lab = lab;
    this.#order = new ExerciseOrder(lab);
    this.#options = options;
    this.#environments = new Environments(options);
  }

  /** Rejects if the cluster ended unexpectedly: nothing more can be played. Otherwise stays pending. */
  get lost(): Promise<never> {
    return this.#environments.lost;
  }

  /** The lab as its files are now: edited files count from the next exercise on. */
  set lab(lab: Lab) {
    this.#lab = lab;
    this.#order = new ExerciseOrder(lab);
  }

  get release(): Release {
    return this.#options.release;
  }

  /** Starts the cluster if it is not running yet. */
  environment(): Promise<Environment> {
    // A step that is still queued when the run ends must not start another cluster.
    if (this.#stopped) return Promise.reject(new Error('the session has been stopped'));
    return this.#environments.current(this.#lab);
  }

  /**
   * Brings the cluster to the entry state of `exercise`: plays the steps in between that act or wait; starts from an empty cluster
   * if it is already past it.
   * @param shown digest of all steps up to the end of the exercise, as they are shown; absent if they are not shown.
   */
  enter(browser: string, file: string, exercise: number, signal: AbortSignal, shown?: string): Promise<Entry> {
    return this.#turns.take(signal, async () => {
      if (shown !== undefined && shown !== digestUpTo(this.#lab, file, exercise)) {
        const at = this.#order.exercise(file, exercise)?.at ?? { file, line: 1, column: 1 };
        return { state: 'edited', failure: editedFailure('steps up to this exercise are', at) };
      }
      const target = this.#order.ordinal(file, exercise);
      if (this.#isPlayedForAnother(browser, target)) return { state: 'ready', replayed: 0 };
      const { boundary } = this.#checkpoints;
      if (boundary !== undefined && this.#browser !== browser) await this.#goBack(boundary);
      this.#browser = browser;
      const anew = this.#acting || this.#order.isEdited(this.#acted);
      if (!anew && this.#broken !== undefined && target > this.#broken.exercise)
        return { state: 'blocked', by: this.#broken.by, failure: this.#broken.failure };
      const beyond = this.#cursor.exercise > target || (this.#cursor.exercise === target && this.#cursor.step > 0);
      if (anew || beyond || this.#broken !== undefined) {
        const checkpoint = this.#checkpoints.before(target, this.#broken?.exercise, anew);
        await (checkpoint === undefined ? this.#startOver() : this.#goBack(checkpoint));
      }
      return this.#catchUp(target, signal);
    });
  }

  /**
   * What a browser is to click in the web console for a step, before it is played. Never throws for a finding about the lab.
   * @param shown digest of the step as it is shown.
   */
  clicks(
    browser: string,
    file: string,
    exercise: number,
    step: number,
    signal: AbortSignal,
    shown: string,
  ): Promise<ClickRequest> {
    return this.#turns.take(signal, async () => {
      const found = this.#order.exercise(file, exercise)?.steps[step];
      const isShared =
        this.#browser !== browser && this.#shared.get(this.#order.ordinal(file, exercise), step) !== undefined;
      // `play` reports a step that was edited, and what another browser has seen.
      if (found?.console === undefined || isShared || shown !== digestOf([found])) return { nothing: true };
      const { figures } = this.release;
      const context = { figures, callImage: this.#lab.callImage, signal };
      const { step: played } = this.#drifting(found);
      return this.#clicking.request(played, await this.environment(), context);
    });
  }

  /**
   * Plays one step of the exercise that was entered. Never throws for a finding about the lab.
   * @param shown digest of the step as it is shown; absent if it is not shown. Any other text is not played.
   * @param clicked what the browser has done for it in the web console.
   */
  play(
    browser: string,
    file: string,
    exercise: number,
    step: number,
    signal: AbortSignal,
    { shown, clicked }: { readonly shown?: string; readonly clicked?: Clicks } = {},
  ): Promise<StepOutcome> {
    return this.#turns.take(signal, async () => {
      const written = this.#order.exercise(file, exercise)?.steps[step];
      const edited: StepOutcome = {
        observations: [],
        failure: editedFailure('this step is', written?.at ?? { file, line: 1, column: 1 }),
      };
      if (shown !== undefined && (written === undefined || shown !== digestOf([written]))) return edited;
      const ordinal = this.#order.ordinal(file, exercise);
      const shared = this.#browser === browser ? undefined : this.#shared.get(ordinal, step);
      if (shared !== undefined && shared.yaml !== written?.yaml) return edited;
      if (shared !== undefined) return { ...shared.outcome, playedFor: this.#browser };
      const found = this.#order.place(ordinal).exercise.steps[step];
      if (found === undefined) throw new Error(`${file} has no step ${step} in exercise ${exercise}`);
      return this.#advance(ordinal, step, found, signal, clicked);
    });
  }

  /** Records the current point, at the beginning of an exercise. Only for a `rewindable` session. */
  bookmark(signal: AbortSignal): Promise<Bookmark> {
    return this.#turns.take(signal, async () => {
      const at = { exercise: this.#cursor.exercise, acted: this.#acted.length };
      return setBookmark(await this.environment(), this.#options.directory, at);
    });
  }

  /** Goes back and waits for what the lab had waited for until then. @returns false if the session must be discarded. */
  rewind(bookmark: Bookmark, signal: AbortSignal): Promise<boolean> {
    return this.#turns.take(signal, async () => {
      if (this.#acting || !(await goToBookmark(await this.environment(), bookmark))) return false;
      this.#cursor = { exercise: bookmark.exercise, step: 0 };
      this.#acted = this.#acted.slice(0, bookmark.acted);
      this.#broken = undefined;
      for (const step of this.#order.steps(bookmark.exercise))
        if (natureOf(step) === 'waits' && (await this.#play(step, signal)).failure !== undefined) return false;
      return true;
    });
  }

  /** @returns the failure with inconsistencies found on the cluster. */
  async explain(failure: Failure): Promise<Failure> {
    return explained(failure, await this.environment());
  }

  /** Which pods answered the requests of an exercise, according to the access logs of the mesh's proxies. */
  answers(asked: readonly AskedRequest[], signal: AbortSignal): Promise<Answers> {
    return this.#turns.take(signal, async () => {
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
    // An unavailable cluster is reported by its cleanup.
    await this.#clicking.end().catch(() => undefined);
    await this.#environments.close();
    await rm(this.#options.directory, { recursive: true, force: true });
  }

  async #advance(
    ordinal: number,
    index: number,
    step: Step,
    signal: AbortSignal,
    clicked?: Clicks,
  ): Promise<StepOutcome> {
    const acts = natureOf(step) === 'acts';
    const { step: played, drift } = this.#drifting(step);
    this.#acting = acts;
    const outcome = await this.#play(played, signal, clicked);
    this.#acting = false;
    this.#cursor = { exercise: ordinal, step: index + 1 };
    if (acts) this.#acted.push(step.yaml);
    if (outcome.failure !== undefined) await this.#environments.check(await this.environment());
    const known = drift !== undefined && knownToFail(drift);
    if (outcome.failure !== undefined && !known && outcome.blocks !== false && natureOf(step) !== 'observes')
      this.#break(ordinal, index, step, outcome.failure);
    const told = { ...(await this.#told(outcome, acts, drift)), ...(clicked && { console: clicked.console }) };
    if (ordinal < this.#order.firstOwn()) this.#shared.set(ordinal, index, { yaml: step.yaml, outcome: told });
    return told;
  }

  /** The step as it is played on this release. */
  #drifting(step: Step): { readonly step: Step; readonly drift?: Drift } {
    const drift = driftOf(step, this.release.name, this.#lab.releases);
    return drift === undefined ? { step } : { step: drifted(step, drift), drift };
  }

  /** In a sandbox also which imitated parts the step read, and which of its fields have no effect. */
  async #told({ observations, failure }: StepOutcome, acts: boolean, drift: Drift | undefined): Promise<StepOutcome> {
    const { cluster, api } = await this.environment();
    const sandboxed = cluster.kind === 'sandbox';
    const restsOn = sandboxed ? await imitatedPartsOf(observations, api) : [];
    const assumed = sandboxed ? assumedIn(observations, await figureSourcesOf(this.release.name)) : [];
    const withoutEffect = sandboxed && acts ? await this.#fields.next(api) : [];
    return {
      observations,
      ...(failure === undefined ? {} : { failure }),
      ...(restsOn.length === 0 ? {} : { restsOn }),
      ...(assumed.length === 0 ? {} : { assumed }),
      ...(withoutEffect.length === 0 ? {} : { withoutEffect }),
      ...(drift === undefined ? {} : { drift }),
    };
  }

  /** On a shared cluster: whether another browser's run has played the exercise for this one too. */
  #isPlayedForAnother(browser: string, ordinal: number): boolean {
    const { boundary } = this.#checkpoints;
    if (boundary === undefined || this.#browser === browser || this.#order.isEdited(this.#acted)) return false;
    return ordinal < boundary.exercise && this.#shared.get(ordinal, 0) !== undefined;
  }

  #break(ordinal: number, index: number, step: Step, failure: Failure): void {
    const { section, exercise } = this.#order.place(ordinal);
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
      const step = this.#order.place(ordinal).exercise.steps[index];
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

  async #play(step: Step, signal: AbortSignal, clicked?: Clicks): ReturnType<typeof playStep> {
    const { figures } = this.release;
    await this.#clicking.end();
    return playStep(step, await this.environment(), { figures, callImage: this.#lab.callImage, signal }, clicked);
  }

  /** Records the entry of an exercise of a shared cluster if a later one may return to it. */
  async #remember(): Promise<void> {
    const { exercise, step } = this.#cursor;
    const firstOwn = this.#order.firstOwn();
    if (step > 0 || !this.#checkpoints.wants(exercise, firstOwn)) return;
    await this.#checkpoints.record(await this.environment(), exercise, this.#acted.length, firstOwn);
  }

  async #goBack(checkpoint: Checkpoint): Promise<void> {
    await this.#clicking.end();
    const environment = await this.environment();
    await environment.cluster.history?.rewind(checkpoint.mark);
    this.#cursor = { exercise: checkpoint.exercise, step: 0 };
    this.#acted = this.#acted.slice(0, checkpoint.acted);
    this.#acting = false;
    if (this.#broken !== undefined && this.#broken.exercise >= checkpoint.exercise) this.#broken = undefined;
    if (this.#checkpoints.isFresh(checkpoint)) {
      this.#checkpoints.boundary = undefined;
      this.#shared.clear();
      this.#environments.renew(environment);
    } else {
      await returnShell(environment, checkpoint);
    }
  }

  async #startOver(): Promise<void> {
    await this.#environments.close();
    this.#cursor = { exercise: 0, step: 0 };
    this.#acted = [];
    this.#acting = false;
    this.#broken = undefined;
  }
}
