/** Plays all mutants, several in parallel. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Lab, Release, Step } from '../../model/lab.ts';
import { LabError } from '../../steps/load.ts';
import type { Mutant, Result } from '../model.ts';
import type { Place } from '../places.ts';
import { SharedBrowser } from './browser.ts';
import { Deadlines } from './deadlines.ts';
import { resultOf } from './judge.ts';
import { type Ending, type Play, Player } from './player.ts';
import { BlockedError, editClones, fileInClone, Stand } from './stand.ts';
import { type Comparison, type Look, type Moment, Trace } from './trace.ts';
import { mutatedLab } from './workspace.ts';

export interface RunOptions {
  readonly jobs: number;
  readonly signal: AbortSignal;
  /** Called when the lab has been played without a mistake, with the result and the duration. */
  onBaseline(ending: Ending, durationMs: number): void;
  onResult(result: Result): void;
}

/** If getting to the entry takes less time than this, a fresh cluster is used. */
const WORTH_A_STAND_MS = 3_000;
const LONGEST_STEP_MS = 15 * 60_000;
const NO_RELEASE: Release = { name: 'unspecified', figures: {} };

/** @returns false if the lab fails without a mistake, so that no mutant was played. */
export async function runMutants(lab: Lab, mutants: readonly Mutant[], options: RunOptions): Promise<boolean> {
  const directory = await mkdtemp(join(tmpdir(), 'labwright-mutate-'));
  const browser = new SharedBrowser('chromium');
  const run = new MutationRun(lab, directory, browser, options);
  try {
    if (!(await run.baseline())) return false;
    await run.all(mutants);
    return true;
  } finally {
    await browser.close();
    await rm(directory, { recursive: true, force: true });
  }
}

class MutationRun {
  readonly #lab: Lab;
  readonly #directory: string;
  readonly #browser: SharedBrowser;
  readonly #options: RunOptions;
  readonly #deadlines = new Deadlines();
  readonly #trace = new Trace();
  #count = 0;
  #sessions = 0;

  constructor(lab: Lab, directory: string, browser: SharedBrowser, options: RunOptions) {
    this.#lab = lab;
    this.#directory = directory;
    this.#browser = browser;
    this.#options = options;
  }

  /** Without a mistake every step must pass; otherwise a kill would mean nothing. */
  async baseline(): Promise<boolean> {
    const started = performance.now();
    const player = this.#begin(this.#lab, join(this.#directory, 'baseline'), false);
    try {
      const onStep = (place: Place, takenMs: number): void => this.#deadlines.note(place, takenMs);
      const onMoment = (moment: Moment, look: Look): Promise<void> => this.#trace.note(moment, look);
      const isOver: Play['isOver'] = async (exercise, lookAtShell) => {
        this.#trace.noteShell(exercise, await lookAtShell());
        return false;
      };
      const limitOf = (): number => LONGEST_STEP_MS;
      const ending = await player.play({ lab: this.#lab, entry: 0, limitOf, onStep, onMoment, isOver });
      this.#options.onBaseline(ending, performance.now() - started);
      return ending.kind === 'passed';
    } finally {
      await player.stop();
    }
  }

  async all(mutants: readonly Mutant[]): Promise<void> {
    const waiting = [...mutants];
    const work = async (worker: number): Promise<void> => {
      const stand = this.#stand(worker);
      try {
        for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
          this.#options.onResult(await this.#playOne(next, stand));
        }
      } finally {
        await stand.discard();
      }
    };
    // All workers end before their folders are removed, also if one fails.
    const ended = await Promise.allSettled(Array.from({ length: this.#options.jobs }, (_, worker) => work(worker)));
    for (const one of ended) if (one.status === 'rejected') throw one.reason;
  }

  #stand(worker: number): Stand {
    let sessions = 0;
    return new Stand(this.#lab, () => {
      sessions += 1;
      return this.#begin(this.#lab, join(this.#directory, `w${worker}-${sessions}`), true);
    });
  }

  async #playOne(mutant: Mutant, stand: Stand): Promise<Result> {
    this.#count += 1;
    const directory = await mkdtemp(join(this.#directory, `m${this.#count}-`));
    const started = performance.now();
    const since = (): number => Math.round(performance.now() - started);
    try {
      const copy = this.#deadlines.shortened(mutatedLab(this.#lab, mutant.edit, directory), mutant.entry);
      // A command that is repeated or run later may pass through other states and still reach the same one.
      const comparison = this.#trace.comparison(!mutant.operator.startsWith('guide/'));
      const ending = await this.#endingOf(mutant, copy, stand, { directory: join(directory, 'session'), comparison });
      const isSame = mutant.disguise === undefined && comparison.isSame;
      const { difference } = comparison;
      return resultOf(mutant, ending, { lab: this.#lab, copy, isSame, difference }, since());
    } catch (error) {
      if (error instanceof LabError)
        return { mutant, status: 'blocked', durationMs: since(), reason: `the lab does not load: ${error.message}` };
      if (error instanceof BlockedError)
        return resultOf(mutant, error.ending, { lab: this.#lab, copy: this.#lab, isSame: false }, since());
      this.#options.signal.throwIfAborted();
      // A mutant that can't be played must not end the others.
      await stand.discard();
      const why = error instanceof Error ? error.message : String(error);
      return { mutant, status: 'blocked', durationMs: since(), reason: `it could not be played: ${why}` };
    } finally {
      await rm(directory, { recursive: true, force: true });
    }
  }

  async #endingOf(
    mutant: Mutant,
    copy: Lab,
    stand: Stand,
    { directory, comparison }: { readonly directory: string; readonly comparison: Comparison },
  ): Promise<Ending> {
    const changed = fileInClone(this.#lab, mutant.edit) ?? mutant.edit.file;
    const play: Play = {
      lab: copy,
      entry: mutant.entry,
      limitOf: (step: Step) => this.#deadlines.limitOf(step),
      onMoment: (moment: Moment, look: Look) => comparison.note(moment, look),
      isOver: async (exercise: number, lookAtShell: () => Promise<readonly string[]>) =>
        exercise >= mutant.last &&
        mutant.disguise === undefined &&
        comparison.isSame &&
        this.#trace.isSameShell(exercise, await lookAtShell(), changed),
      ...(mutant.disguise === undefined ? {} : { disguise: mutant.disguise }),
    };
    if (this.#deadlines.untilEntry(this.#lab, mutant.entry) > WORTH_A_STAND_MS) {
      const player = await stand.at(mutant.entry);
      if (await editClones(this.#lab, mutant.edit, await player.work())) {
        const ending = await player.play(play);
        // An interrupted step may have left anything behind.
        if (ending.kind === 'timeout') await stand.discard();
        else await stand.rewind();
        return ending;
      }
    }
    const player = this.#begin(copy, directory, false);
    try {
      return await player.play(play);
    } finally {
      await player.stop();
    }
  }

  #begin(lab: Lab, directory: string, rewindable: boolean): Player {
    const { signal } = this.#options;
    const release = lab.releases[0] ?? NO_RELEASE;
    this.#sessions += 1;
    return new Player(lab, {
      name: `mutant-${this.#sessions}`,
      release,
      directory,
      browser: this.#browser,
      signal,
      rewindable,
    });
  }
}
