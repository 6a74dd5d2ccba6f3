/**
 * Playwright reporter: writes `run.json`, this run as a line of the history would have it. It appends nothing: `certify`
 * does, once the run is over, and at the latest when the next one begins.
 */
import { type RunFacts, recordOf } from './history/record.ts';
import { plainAll } from './plain.ts';
import type { Run } from './run.ts';
import { RunFileReporter } from './run-file.ts';

export interface HistoryOptions {
  /** Default `reports/run.json`, from the working directory. */
  readonly outputFile?: string;
  /** Without them, nothing is written: whoever started the run keeps no history. */
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
