/**
 * Playwright reporter: writes `certificate.html`. It is written when the run begins, after exercises, and at the end, so
 * that a run which is killed leaves a certificate that says so instead of the one of an earlier run.
 */
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type {
  FullConfig,
  FullResult,
  Reporter,
  Suite,
  TestCase,
  TestError,
  TestResult,
} from '@playwright/test/reporter';
import { renderCertificate } from './certificate/page.ts';
import { Collector } from './collect.ts';
import { readMutation } from './mutation.ts';

export interface CertificateOptions {
  /** Default `reports/certificate.html`, from the working directory. */
  readonly outputFile?: string;
  /** Address of the history, relative to the certificate. */
  readonly history?: string;
}

/** Between two versions written during the run: a certificate costs some 50 ms, which the exercises should have. */
const SPACING_MS = 3000;

export default class CertificateReporter implements Reporter {
  readonly #collector = new Collector();
  readonly #file: string;
  readonly #history: { readonly history?: string };
  #written = 0;

  constructor(options: CertificateOptions = {}) {
    this.#file = resolve(options.outputFile ?? 'reports/certificate.html');
    this.#history = options.history === undefined ? {} : { history: options.history };
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

  /** By a rename, so that a reader never meets half a file. */
  #write(): void {
    mkdirSync(dirname(this.#file), { recursive: true });
    const part = `${this.#file}.part`;
    const run = this.#collector.run();
    const mutation = readMutation(join(dirname(this.#file), 'mutation.json'), run.lab.name);
    writeFileSync(part, renderCertificate(run, { ...this.#history, ...(mutation === undefined ? {} : { mutation }) }));
    renameSync(part, this.#file);
    this.#written = Date.now();
  }
}
