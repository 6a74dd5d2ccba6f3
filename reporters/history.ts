/**
 * Playwright reporter: writes `run.json`, this run as a line of the history would have it. Written when the run begins,
 * after exercises, and at the end, so that a run which is killed is not missing from the history. It appends nothing:
 * `certify` does, once the run is over, and at the latest when the next one begins.
 */
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type {
  FullConfig,
  FullResult,
  Reporter,
  Suite,
  TestCase,
  TestError,
  TestResult,
} from '@playwright/test/reporter';
import { Collector } from './collect.ts';
import { type RunFacts, recordOf } from './history/record.ts';
import { plainAll } from './plain.ts';

export interface HistoryOptions {
  /** Default `reports/run.json`, from the working directory. */
  readonly outputFile?: string;
  /** Without them, nothing is written: whoever started the run keeps no history. */
  readonly facts?: RunFacts;
}

const SPACING_MS = 3000;

export default class HistoryReporter implements Reporter {
  readonly #collector = new Collector();
  readonly #file: string;
  readonly #facts: RunFacts | undefined;
  #written = 0;

  constructor(options: HistoryOptions = {}) {
    this.#file = resolve(options.outputFile ?? 'reports/run.json');
    this.#facts = options.facts;
  }

  printsToStdio(): boolean {
    return false;
  }
  onBegin(config: FullConfig, suite: Suite): void {
    this.#collector.onBegin(config, suite);
    this.#write();
  }
  onTestBegin(test: TestCase): void {
    this.#collector.onTestBegin(test);
  }
  onTestEnd(test: TestCase, result: TestResult): void {
    this.#collector.onTestEnd(test, result);
    if (Date.now() - this.#written > SPACING_MS) this.#write();
  }
  onError(error: TestError): void {
    this.#collector.onError(error);
  }
  onEnd(result: FullResult): void {
    this.#collector.onEnd(result);
    this.#write();
  }

  #write(): void {
    if (this.#facts === undefined) return;
    mkdirSync(dirname(this.#file), { recursive: true });
    const part = `${this.#file}.part`;
    writeFileSync(part, `${JSON.stringify(plainAll(recordOf(this.#collector.run(), this.#facts)))}\n`);
    renameSync(part, this.#file);
    this.#written = Date.now();
  }
}
