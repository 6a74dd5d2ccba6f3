/** Plays all mutants, as many side by side as wanted. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Lab, Release } from '../../model/lab.ts';
import { LabError } from '../../steps/load.ts';
import type { Mutant, Result } from '../model.ts';
import { SharedBrowser } from './browser.ts';
import { Deadlines } from './deadlines.ts';
import { resultOf } from './judge.ts';
import { type Ending, Player } from './player.ts';
import { mutatedLab } from './workspace.ts';

export interface RunOptions {
  readonly jobs: number;
  readonly signal: AbortSignal;
  /** The lab without a mistake has been played: how that ended and how long it took. */
  onBaseline(ending: Ending, durationMs: number): void;
  onStart(mutant: Mutant): void;
  onResult(result: Result): void;
}

const NO_RELEASE: Release = { name: 'unspecified', figures: {} };

/** @returns results in the order of the mutants; none when the lab fails without a mistake. */
export async function runMutants(
  lab: Lab,
  mutants: readonly Mutant[],
  options: RunOptions,
): Promise<readonly Result[]> {
  const directory = await mkdtemp(join(tmpdir(), 'labwright-mutate-'));
  const browser = new SharedBrowser('chromium');
  const run = new MutationRun(lab, directory, browser, options);
  try {
    if (!(await run.baseline())) return [];
    return await run.all(mutants);
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
  #count = 0;

  constructor(lab: Lab, directory: string, browser: SharedBrowser, options: RunOptions) {
    this.#lab = lab;
    this.#directory = directory;
    this.#browser = browser;
    this.#options = options;
  }

  /** Without a mistake all must hold, or no kill would mean anything. */
  async baseline(): Promise<boolean> {
    const started = performance.now();
    const player = this.#player(this.#lab, join(this.#directory, 'baseline'), undefined);
    try {
      const ending = await player.play(0);
      this.#options.onBaseline(ending, performance.now() - started);
      return ending.kind === 'passed';
    } finally {
      await player.stop();
    }
  }

  async all(mutants: readonly Mutant[]): Promise<readonly Result[]> {
    const results: Result[] = [];
    const waiting = [...mutants.entries()];
    const work = async (): Promise<void> => {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
        const [index, mutant] = next;
        this.#options.onStart(mutant);
        const result = await this.#playOne(mutant);
        results[index] = result;
        this.#options.onResult(result);
      }
    };
    await Promise.all(Array.from({ length: this.#options.jobs }, work));
    return results;
  }

  async #playOne(mutant: Mutant): Promise<Result> {
    const started = performance.now();
    this.#count += 1;
    const directory = await mkdtemp(join(this.#directory, `${this.#count}-`));
    try {
      const copy = this.#deadlines.shortened(mutatedLab(this.#lab, mutant.edit, directory), mutant.entry);
      const player = this.#player(copy, join(directory, 'session'), mutant);
      try {
        const ending = await player.play(mutant.entry);
        return resultOf(mutant, ending, { lab: this.#lab, copy }, performance.now() - started);
      } finally {
        await player.stop();
      }
    } catch (error) {
      if (!(error instanceof LabError)) throw error;
      const durationMs = Math.round(performance.now() - started);
      return { mutant, status: 'blocked', durationMs, reason: `the lab does not load: ${error.message}` };
    } finally {
      await rm(directory, { recursive: true, force: true });
    }
  }

  #player(lab: Lab, directory: string, mutant: Mutant | undefined): Player {
    return new Player(lab, {
      name: `mutant-${this.#count}`,
      release: lab.releases[0] ?? NO_RELEASE,
      directory,
      browser: this.#browser,
      signal: this.#options.signal,
      limitOf: (step) => this.#deadlines.limitOf(step),
      ...(mutant?.disguise === undefined ? {} : { disguise: mutant.disguise }),
      ...(mutant === undefined ? { onStep: (place, takenMs) => this.#deadlines.note(place, takenMs) } : {}),
    });
  }
}
