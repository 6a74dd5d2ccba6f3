/**
 * Playwright reporter: live progress. On a terminal, one line per browser with section, step and elapsed time, below the finished
 * exercises; elsewhere plain lines, and a sign of life during long steps.
 */
import type { FullConfig, Reporter, Suite, TestCase, TestError, TestResult, TestStep } from '@playwright/test/reporter';
import { formatDuration } from '../model/duration.ts';
import { Collector } from './collect.ts';
import { placeOfTest } from './exercise.ts';
import { plain } from './plain.ts';
import { failureText } from './progress/failure-text.ts';
import { type Output, Screen } from './progress/screen.ts';
import { type Style, styleFor } from './progress/style.ts';
import { Tracker } from './progress/tracker.ts';
import { browserLabel, type ExerciseRun, type Status } from './run.ts';

const REDRAW_MS = 200;
const HEARTBEAT_MS = 20_000;
/** A warning of Node about what Playwright sets for its workers; users can't do anything about it. */
const COLOUR_WARNING =
  /^\(node:\d+\) Warning: The 'NO_COLOR' env is ignored.*\n?(?:\(Use `node --trace-warnings.*\n?)?/gm;
const MARKS: Readonly<Record<Status, readonly [string, 'good' | 'bad' | 'warn' | 'quiet']>> = {
  passed: ['✓', 'good'],
  failed: ['✗', 'bad'],
  blocked: ['■', 'warn'],
  interrupted: ['!', 'warn'],
  'not run': ['·', 'quiet'],
};

export default class ProgressReporter implements Reporter {
  readonly #collector = new Collector();
  readonly #tracker = new Tracker();
  readonly #screen: Screen;
  readonly #style: Style;
  readonly #told = new Map<string, number>();
  #timer: NodeJS.Timeout | undefined;

  constructor(options: { readonly output?: Output } = {}) {
    const output = options.output ?? process.stdout;
    this.#screen = new Screen(output);
    this.#style = styleFor(output, process.env);
  }

  printsToStdio(): boolean {
    return true;
  }

  onBegin(config: FullConfig, suite: Suite): void {
    this.#collector.onBegin(config, suite);
    for (const test of suite.allTests()) this.#tracker.add(projectOf(test), browserLabel(projectOf(test)));
    this.#timer = setInterval(() => this.#tick(), this.#screen.live ? REDRAW_MS : 1000);
    this.#timer.unref();
  }

  onTestBegin(test: TestCase): void {
    const place = placeOfTest(test);
    this.#tracker.begin(projectOf(test), `${place.number} ${place.title}`, plain(test.title));
  }

  onStepBegin(test: TestCase, _result: TestResult, step: TestStep): void {
    if (isLabStep(step)) this.#tracker.step(projectOf(test), plain(step.title));
  }

  onTestEnd(test: TestCase, result: TestResult): void {
    this.#collector.onTestEnd(test, result);
    this.#tracker.end(projectOf(test));
    const run = this.#collector.exercise(test);
    if (run !== undefined && run.notFit === undefined) this.#screen.print(this.#finished(test, run));
    this.#tick();
  }

  onError(error: TestError): void {
    this.#screen.print(this.#style('bad', plain(error.message ?? error.value ?? 'An error without a message.')));
  }

  onStdOut(chunk: string | Buffer): void {
    this.#screen.print(plain(chunk.toString()).trimEnd());
  }

  onStdErr(chunk: string | Buffer): void {
    const text = plain(chunk.toString()).replace(COLOUR_WARNING, '').trimEnd();
    if (text !== '') this.#screen.print(text);
  }

  onEnd(): void {
    clearInterval(this.#timer);
    this.#screen.end();
  }

  #finished(test: TestCase, run: ExerciseRun): string {
    const [mark, kind] = MARKS[run.status];
    const { number } = placeOfTest(test);
    const time = run.durationMs > 0 ? formatDuration(run.durationMs) : '';
    const name = `${browserLabel(run.project).padEnd(8)}  ${number} › ${run.title}`;
    const line = `${this.#style(kind, mark)} ${name}  ${this.#style('quiet', run.status === 'passed' ? time : `${run.status} ${time}`)}`;
    if (run.status === 'failed') return `${line}\n\n${failureText(run, this.#style)}\n`;
    return run.blockedBy === undefined ? line : `${line}\n    ${this.#style('quiet', run.blockedBy)}`;
  }

  #tick(): void {
    const now = Date.now();
    if (this.#screen.live) {
      this.#screen.draw(this.#tracker.lines(now));
      return;
    }
    for (const { key, text } of this.#tracker.long(now, HEARTBEAT_MS)) {
      if (now - (this.#told.get(key) ?? 0) < HEARTBEAT_MS) continue;
      this.#told.set(key, now);
      this.#screen.print(text);
    }
  }
}

/** The outermost `test.step`: a step of the lab, or the catch-up to the exercise's entry state. */
function isLabStep(step: TestStep): boolean {
  if (step.category !== 'test.step') return false;
  for (let parent = step.parent; parent !== undefined; parent = parent.parent) {
    if (parent.category === 'test.step') return false;
  }
  return true;
}

function projectOf(test: TestCase): string {
  return plain(test.parent.project()?.name || 'browser');
}
