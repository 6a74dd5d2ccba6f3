/** Plays a lab from an exercise on until the first step that fails. */
import type { Page } from '@playwright/test';
import { pageOf } from '../../fixtures/page.ts';
import { Session, type StepOutcome } from '../../host/session.ts';
import { knownToFail } from '../../language/drift.ts';
import type { Failure } from '../../model/evidence.ts';
import type { BrowserName, Lab, Release, Section, Step } from '../../model/lab.ts';
import { StepFailure } from '../../steps/failure.ts';
import { needsBrowser, playInBrowser } from '../../steps/index.ts';
import { resolveStep } from '../../steps/resolve.ts';
import type { SharedBrowser } from './browser.ts';

/** A step of the lab and where it is. */
export interface Place {
  readonly section: Section;
  /** Within the section. */
  readonly exercise: number;
  /** Counted over the lab. */
  readonly ordinal: number;
  readonly index: number;
  readonly step: Step;
}

export type Ending =
  | { readonly kind: 'passed' }
  | { readonly kind: 'failed'; readonly place: Place; readonly failure: Failure }
  | { readonly kind: 'timeout'; readonly place: Place; readonly limitMs: number }
  | { readonly kind: 'blocked'; readonly by: string; readonly failure: Failure };

export interface PlayerOptions {
  readonly name: string;
  readonly release: Release;
  /** Private. */
  readonly directory: string;
  readonly browser: SharedBrowser;
  readonly disguise?: BrowserName;
  readonly signal: AbortSignal;
  /** The longest that a step may take. */
  limitOf(step: Step): number;
  onStep?(place: Place, takenMs: number): void;
}

export class Player {
  readonly #lab: Lab;
  readonly #options: PlayerOptions;
  readonly #session: Session;
  #page: Promise<Page> | undefined;

  constructor(lab: Lab, options: PlayerOptions) {
    const { name, release, directory } = options;
    this.#lab = lab;
    this.#options = options;
    this.#session = new Session(lab, { name, release, directory });
  }

  /** @param entry ordinal of the exercise to begin at; what acts before it is played as well. */
  async play(entry: number): Promise<Ending> {
    const { browser, signal } = this.#options;
    for (const places of exercisesOf(this.#lab).slice(entry)) {
      const [first] = places;
      if (first === undefined) continue;
      const state = await this.#session.enter(browser.name, first.section.file, first.exercise, signal);
      if (state.state === 'blocked') return { kind: 'blocked', by: state.by, failure: state.failure };
      for (const place of places) {
        const ending = await this.#playStep(place);
        if (ending !== undefined) return ending;
      }
    }
    return { kind: 'passed' };
  }

  async stop(): Promise<void> {
    const page = await this.#page?.catch(() => undefined);
    await page?.context().close();
    await this.#session.stop();
  }

  async #playStep(place: Place): Promise<Ending | undefined> {
    const limitMs = this.#options.limitOf(place.step);
    const limit = AbortSignal.timeout(limitMs);
    const started = performance.now();
    try {
      const outcome = await this.#outcomeOf(place, limit);
      const { failure, drift } = outcome;
      if (failure !== undefined && (drift === undefined || !knownToFail(drift)))
        return { kind: 'failed', place, failure };
      this.#options.onStep?.(place, performance.now() - started);
      return undefined;
    } catch (error) {
      this.#options.signal.throwIfAborted();
      if (limit.aborted) return { kind: 'timeout', place, limitMs };
      throw error;
    }
  }

  #outcomeOf({ section, exercise, index, step }: Place, limit: AbortSignal): Promise<StepOutcome> {
    const { browser, signal } = this.#options;
    if (!needsBrowser(step))
      return this.#session.play(browser.name, section.file, exercise, index, AbortSignal.any([limit, signal]));
    return Promise.race([this.#inBrowser(step), rejection(limit), rejection(signal)]);
  }

  async #inBrowser(step: Step): Promise<StepOutcome> {
    const { browser, release, disguise } = this.#options;
    const { cluster } = await this.#session.environment();
    this.#page ??= browser.open(cluster.proxy, disguise);
    try {
      await playInBrowser(resolveStep(step, { release: release.figures, browser: { name: browser.name } }), {
        page: pageOf(await this.#page),
        browser: browser.name,
        figures: release.figures,
        expand: (text) => this.#session.expand(text),
        observe: () => undefined,
        keepScreenshot: () => Promise.resolve(''),
      });
      return { observations: [] };
    } catch (error) {
      if (error instanceof StepFailure) return { observations: [], failure: error.failure };
      const actual = error instanceof Error ? error.message : String(error);
      const message = `${step.verb} could not be played`;
      return { observations: [], failure: { code: 'LW-BROWSER', message, actual, at: step.at } };
    }
  }
}

/** Steps by exercise, in the lab's order. */
export function exercisesOf(lab: Lab): readonly (readonly Place[])[] {
  let ordinal = -1;
  return lab.sections.flatMap((section) =>
    section.exercises.map(({ steps }, exercise) => {
      ordinal += 1;
      const counted = ordinal;
      return steps.map((step, index) => ({ section, exercise, ordinal: counted, index, step }));
    }),
  );
}

function rejection(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason);
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}
