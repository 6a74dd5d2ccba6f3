/**
 * A run of one lab on one cluster: a terminal and a journal of the steps played. Brings the cluster to the entry state of an
 * exercise and plays its steps. A sandbox belongs to one browser and is started again to go back. A real cluster is shared by the
 * browsers and goes back by its ledger; sections before `eachBrowserFrom` are played on it once.
 */
import { rm } from 'node:fs/promises';
import type { Answers, AskedRequest } from '../model/answers.ts';
import type { Failure } from '../model/evidence.ts';
import type { Lab, Release } from '../model/lab.ts';
import { digestOf, digestUpTo } from '../model/step-digest.ts';
import { readAnswers } from './access-log/read.ts';
import { type Bookmark, goToBookmark, setBookmark } from './bookmark.ts';
import { editedFailure } from './edited.ts';
import type { Environment } from './environment.ts';
import { Environments } from './environments.ts';
import { explained } from './explained.ts';
import { Playthrough } from './playthrough.ts';
import { redactDeep, redactor } from './redact.ts';
import type { ClickRequest, Clicks, Entry, SessionOptions, StepOutcome } from './session-types.ts';
import { Turns } from './turns.ts';

export class Session {
  readonly #options: SessionOptions;
  readonly #environments: Environments;
  readonly #playthrough: Playthrough;
  /** On a shared cluster: the browser that plays now. */
  #browser = '';
  /** False once the proxies are known to write no access logs; then nothing waits for a line. */
  #isLogged = true;
  /** A client that disconnected may still be in the middle of a step when the next one comes. */
  readonly #turns = new Turns();

  constructor(lab: Lab, options: SessionOptions) {
    this.#options = options;
    this.#environments = new Environments(options);
    this.#playthrough = new Playthrough(lab, options.release, this.#environments);
  }

  /** Rejects if the cluster ended unexpectedly: nothing more can be played. Otherwise stays pending. */
  get lost(): Promise<never> {
    return this.#environments.lost;
  }

  /** The lab as its files are now: edited files count from the next exercise on. */
  set lab(lab: Lab) {
    this.#playthrough.lab = lab;
  }

  get release(): Release {
    return this.#options.release;
  }

  /** Starts the cluster if it is not running yet. */
  environment(): Promise<Environment> {
    return this.#environments.current(this.#playthrough.lab);
  }

  /**
   * Brings the cluster to the entry state of `exercise`: plays the steps in between that act or wait; starts from an empty cluster
   * if it is already past it.
   * @param shown digest of all steps up to the end of the exercise, as they are shown; absent if they are not shown.
   */
  enter(browser: string, file: string, exercise: number, signal: AbortSignal, shown?: string): Promise<Entry> {
    return this.#turns.take(signal, async () => {
      const { lab, order, boundary } = this.#playthrough;
      if (shown !== undefined && shown !== digestUpTo(lab, file, exercise)) {
        const at = order.exercise(file, exercise)?.at ?? { file, line: 1, column: 1 };
        return { state: 'edited', failure: editedFailure('steps up to this exercise are', at) };
      }
      const target = order.ordinal(file, exercise);
      if (this.#browser !== browser && this.#playthrough.isShared(target)) return { state: 'ready', replayed: 0 };
      if (this.#browser !== browser && boundary !== undefined) await this.#playthrough.goBack(boundary);
      this.#browser = browser;
      return this.#playthrough.reach(target, signal);
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
      const { order, shared } = this.#playthrough;
      const found = order.exercise(file, exercise)?.steps[step];
      const isShared = this.#browser !== browser && shared.get(order.ordinal(file, exercise), step) !== undefined;
      // `play` reports a step that was edited, and what another browser has seen.
      if (found?.console === undefined || isShared || shown !== digestOf([found])) return { nothing: true };
      return this.#playthrough.clicks(found, signal);
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
      const { order, shared } = this.#playthrough;
      const written = order.exercise(file, exercise)?.steps[step];
      const edited: StepOutcome = {
        observations: [],
        failure: editedFailure('this step is', written?.at ?? { file, line: 1, column: 1 }),
      };
      if (shown !== undefined && (written === undefined || shown !== digestOf([written]))) return edited;
      const ordinal = order.ordinal(file, exercise);
      const seen = this.#browser === browser ? undefined : shared.get(ordinal, step);
      if (seen !== undefined && seen.yaml !== written?.yaml) return edited;
      if (seen !== undefined) return { ...seen.outcome, playedFor: this.#browser };
      if (written === undefined) throw new Error(`${file} has no step ${step} in exercise ${exercise}`);
      return this.#playthrough.advance(ordinal, step, written, signal, clicked);
    });
  }

  /** Records the current point, at the beginning of an exercise. Only for a `rewindable` session. */
  bookmark(signal: AbortSignal): Promise<Bookmark> {
    return this.#turns.take(signal, async () =>
      setBookmark(await this.environment(), this.#options.directory, this.#playthrough.here),
    );
  }

  /** Goes back and waits for what the lab had waited for until then. @returns false if the session must be discarded. */
  rewind(bookmark: Bookmark, signal: AbortSignal): Promise<boolean> {
    return this.#turns.take(signal, async () => {
      if (this.#playthrough.isCutShort || !(await goToBookmark(await this.environment(), bookmark))) return false;
      return this.#playthrough.returnTo(bookmark, signal);
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
    this.#environments.end();
    // An unavailable cluster is reported by its cleanup.
    await this.#playthrough.endClicks().catch(() => undefined);
    await this.#environments.close();
    await rm(this.#options.directory, { recursive: true, force: true });
  }
}
