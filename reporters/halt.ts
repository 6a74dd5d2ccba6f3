/**
 * Playwright reporter: ends the run at the first exercise that machine or cluster did not let be played. All others
 * would say the same, each in its turn.
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
    // The way by which a person ends a run in good order.
    process.kill(process.pid, 'SIGINT');
  }
}
