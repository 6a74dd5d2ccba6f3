/** Plays a lab from a given exercise until the first step that fails. */
import type { Page } from '@playwright/test';
import { pageOf } from '../../fixtures/page.ts';
import type { Bookmark } from '../../host/bookmark.ts';
import { Session } from '../../host/session.ts';
import type { StepOutcome } from '../../host/session-types.ts';
import { knownToFail } from '../../language/drift.ts';
import type { Failure } from '../../model/evidence.ts';
import type { BrowserName, Lab, Release, Step } from '../../model/lab.ts';
import { StepFailure } from '../../steps/failure.ts';
import { natureOf, needsBrowser, playInBrowser } from '../../steps/index.ts';
import { resolveStep } from '../../steps/resolve.ts';
import { exercisesOf, type Place } from '../places.ts';
import type { SharedBrowser } from './browser.ts';
import { shellLines, shellStateCommand, variablesOf } from './shell-state.ts';
import { stateOf } from './state.ts';
import type { Look, Moment } from './trace.ts';

export type Ending =
  | { readonly kind: 'passed' }
  | { readonly kind: 'failed'; readonly place: Place; readonly failure: Failure }
  | { readonly kind: 'timeout'; readonly place: Place; readonly limitMs: number }
  | { readonly kind: 'blocked'; readonly by: string; readonly failure: Failure };

export interface PlayerOptions {
  readonly name: string;
  readonly release: Release;
  /** A folder for this player only. */
  readonly directory: string;
  readonly browser: SharedBrowser;
  readonly signal: AbortSignal;
  /** Whether the cluster can return to an earlier state. */
  readonly rewindable: boolean;
}

export interface Play {
  /** The lab to play. Steps that act before `entry` must be the same in all plays of a player. */
  readonly lab: Lab;
  /** Ordinal of the exercise to begin at. */
  readonly entry: number;
  readonly disguise?: BrowserName;
  /** Time limit for a step. */
  limitOf(step: Step): number;
  onStep?(place: Place, takenMs: number): void;
  /** Called at the end of each exercise and of each step that acts. */
  onMoment?(moment: Moment, look: Look): Promise<void>;
  /** Called at the end of each exercise. If true, the rest would be the same as without the mistake and is not played. */
  isOver?(ordinal: number, lookAtShell: () => Promise<readonly string[]>): Promise<boolean>;
}

const SHELL_MS = 30_000;

export class Player {
  readonly #options: PlayerOptions;
  readonly #session: Session;
  #page: Promise<Page> | undefined;

  constructor(lab: Lab, options: PlayerOptions) {
    const { name, release, directory, rewindable } = options;
    this.#options = options;
    this.#session = new Session(lab, { name, release, directory, rewindable });
  }

  /** Goes to the start of an exercise. @returns the reason if it can't get there. */
  async enter(lab: Lab, entry: number): Promise<Extract<Ending, { kind: 'blocked' }> | undefined> {
    const { browser, signal } = this.#options;
    const [first] = exercisesOf(lab)[entry] ?? [];
    if (first === undefined) return undefined;
    this.#session.lab = lab;
    const state = await this.#session.enter(browser.name, first.section.file, first.exercise, signal);
    return state.state === 'blocked' ? { kind: 'blocked', by: state.by, failure: state.failure } : undefined;
  }

  /** Goes to the entry and plays from there. */
  async play(play: Play): Promise<Ending> {
    const exercises = exercisesOf(play.lab);
    try {
      for (let ordinal = play.entry; ordinal < exercises.length; ordinal += 1) {
        const blocked = await this.enter(play.lab, ordinal);
        if (blocked !== undefined) return blocked;
        for (const place of exercises[ordinal] ?? []) {
          const ending = await this.#playStep(place, play);
          if (ending !== undefined) return ending;
          if (natureOf(place.step) === 'acts')
            await play.onMoment?.({ exercise: ordinal, step: place.step.yaml }, () => this.#look());
        }
        await play.onMoment?.({ exercise: ordinal }, () => this.#look());
        if ((await play.isOver?.(ordinal, () => this.#lookAtShell(play.lab))) === true) break;
      }
      return { kind: 'passed' };
    } finally {
      await this.#closePage();
    }
  }

  bookmark(): Promise<Bookmark> {
    return this.#session.bookmark(this.#options.signal);
  }

  /** @returns false if the player can no longer be used. */
  rewind(bookmark: Bookmark): Promise<boolean> {
    return this.#session.rewind(bookmark, this.#options.signal);
  }

  /** The working directory in which the lab's shell started. */
  async work(): Promise<string> {
    return this.#session.expand('$HOME/../work');
  }

  async stop(): Promise<void> {
    await this.#closePage();
    await this.#session.stop();
  }

  async #look(): Promise<readonly string[]> {
    const { api, cluster } = await this.#session.environment();
    return stateOf(api, cluster.sandbox?.appsDomain ?? '');
  }

  async #lookAtShell(lab: Lab): Promise<readonly string[]> {
    const { terminal, cluster } = await this.#session.environment();
    const { stdout } = await terminal.run(shellStateCommand(variablesOf(lab)), { timeoutMs: SHELL_MS });
    const work = await terminal.expand('$(cd $HOME/../work && pwd)');
    return shellLines(`project ${await terminal.namespace()}\n${stdout}`, [work, cluster.sandbox?.appsDomain ?? '']);
  }

  async #closePage(): Promise<void> {
    const page = await this.#page?.catch(() => undefined);
    this.#page = undefined;
    await page?.context().close();
  }

  async #playStep(place: Place, play: Play): Promise<Ending | undefined> {
    const limitMs = Math.ceil(play.limitOf(place.step));
    const limit = AbortSignal.timeout(limitMs);
    const started = performance.now();
    try {
      const { failure, drift } = await this.#outcomeOf(place, play, limit);
      if (failure !== undefined && (drift === undefined || !knownToFail(drift)))
        return { kind: 'failed', place, failure };
      play.onStep?.(place, performance.now() - started);
      return undefined;
    } catch (error) {
      this.#options.signal.throwIfAborted();
      if (limit.aborted) return { kind: 'timeout', place, limitMs };
      throw error;
    }
  }

  #outcomeOf({ section, exercise, index, step }: Place, play: Play, limit: AbortSignal): Promise<StepOutcome> {
    const { browser, signal } = this.#options;
    if (!needsBrowser(step))
      return this.#session.play(browser.name, section.file, exercise, index, AbortSignal.any([limit, signal]));
    return Promise.race([this.#inBrowser(step, play.disguise), rejection(limit), rejection(signal)]);
  }

  async #inBrowser(step: Step, disguise: BrowserName | undefined): Promise<StepOutcome> {
    const { browser, release } = this.#options;
    const { cluster } = await this.#session.environment();
    this.#page ??= browser.open(cluster.proxy, disguise);
    try {
      await playInBrowser(resolveStep(step, { release: release.figures, browser: { name: browser.name } }), {
        page: pageOf(await this.#page),
        browser: browser.name,
        figures: release.figures,
        expand: (text) => this.#session.expand(text),
        observe: () => undefined,
        asked: () => undefined,
        keepScreenshot: () => Promise.resolve(''),
      });
      return { observations: [] };
    } catch (error) {
      if (error instanceof StepFailure)
        return { observations: [], failure: await this.#session.explain(error.failure) };
      // A browser that crashed is not a finding about the lab.
      throw error;
    }
  }
}

function rejection(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason);
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}
