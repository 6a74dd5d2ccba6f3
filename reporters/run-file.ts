/**
 * A reporter that keeps one file up to date: written when the run begins, after exercises, and at the end, so that
 * a killed run leaves a file that says so instead of that of an earlier run.
 */
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { FullConfig, FullResult, Suite, TestCase, TestResult } from '@playwright/test/reporter';
import { CollectingReporter } from './collecting.ts';
import type { Run } from './run.ts';

/** Between two versions written during the run: each shows the whole run so far, and takes processor time from the exercises. */
const SPACING_MS = 20_000;

export abstract class RunFileReporter extends CollectingReporter {
  /** Absolute path of the file. */
  protected readonly file: string;
  #written = 0;

  /** @param file relative to the working directory. */
  constructor(file: string) {
    super();
    this.file = resolve(file);
  }

  /** The content for the run so far; undefined if no file is wanted. */
  protected abstract render(run: Run): string | undefined;

  override onBegin(config: FullConfig, suite: Suite): void {
    super.onBegin(config, suite);
    this.#write();
  }
  override onTestEnd(test: TestCase, result: TestResult): void {
    super.onTestEnd(test, result);
    if (Date.now() - this.#written > SPACING_MS) this.#write();
  }
  override onEnd(result: FullResult): void {
    void super.onEnd(result);
    this.#write();
  }

  /** By a rename, so that readers never see an incomplete file. */
  #write(): void {
    const content = this.render(this.collector.run());
    if (content === undefined) return;
    mkdirSync(dirname(this.file), { recursive: true });
    const part = `${this.file}.part`;
    writeFileSync(part, content);
    renameSync(part, this.file);
    this.#written = Date.now();
  }
}
