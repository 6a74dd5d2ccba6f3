/**
 * Playwright reporter: ends the run at the first exercise that could not be played because of the machine or the cluster. All
 * others would fail in the same way.
 */
import type { Reporter, TestCase, TestResult } from '@playwright/test/reporter';
import { exerciseRun } from './exercise.ts';

export default class HaltReporter implements Reporter {
  #halted = false;

  printsToStdio(): boolean {
    return false;
  }

  onTestEnd(test: TestCase, result: TestResult): void {
    if (this.#halted || exerciseRun(test, result).run.notFit === undefined) return;
    this.#halted = true;
    // The signal with which a user stops a run cleanly.
    process.kill(process.pid, 'SIGINT');
  }
}
