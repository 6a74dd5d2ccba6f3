/**
 * Playwright reporter: writes `run.json`, this run as a line of the history. It does not append: `certify` does, once
 * the run is over, or at the latest when the next one begins.
 */
import { type RunFacts, recordOf } from './history/record.ts';
import { plainAll } from './plain.ts';
import type { Run } from './run.ts';
import { RunFileReporter } from './run-file.ts';

export interface HistoryOptions {
  /** Default `reports/run.json`, relative to the working directory. */
  readonly outputFile?: string;
  /** Without them nothing is written: the run keeps no history. */
  readonly facts?: RunFacts;
}

export default class HistoryReporter extends RunFileReporter {
  readonly #facts: RunFacts | undefined;

  constructor({ outputFile = 'reports/run.json', facts }: HistoryOptions = {}) {
    super(outputFile);
    this.#facts = facts;
  }

  protected override render(run: Run): string | undefined {
    return this.#facts && `${JSON.stringify(plainAll(recordOf(run, this.#facts)))}\n`;
  }
}
