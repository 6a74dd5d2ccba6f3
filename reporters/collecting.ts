/** A Playwright reporter that collects the run while it is played; a subclass turns it into a report. */
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

export abstract class CollectingReporter implements Reporter {
  protected readonly collector = new Collector();

  printsToStdio(): boolean {
    return false;
  }
  onBegin(config: FullConfig, suite: Suite): void {
    this.collector.onBegin(config, suite);
  }
  onTestBegin(test: TestCase): void {
    this.collector.onTestBegin(test);
  }
  onTestEnd(test: TestCase, result: TestResult): void {
    this.collector.onTestEnd(test, result);
  }
  onError(error: TestError): void {
    this.collector.onError(error);
  }
  onEnd(result: FullResult): ReturnType<Required<Reporter>['onEnd']> {
    this.collector.onEnd(result);
  }
}
