/** Listens to Playwright and builds the `Run`; every reporter owns a collector. */
import type { FullConfig, FullResult, Suite, TestCase, TestError, TestResult } from '@playwright/test/reporter';
import type { RunContext } from '../model/evidence.ts';
import { type LabPlan, PLAN_NAME } from '../model/plan.ts';
import { parsePlan } from './evidence.ts';
import { exerciseRun, placeOf, type ReadExercise, textOf } from './exercise.ts';
import { plain } from './plain.ts';
import { type Browser, browserLabel, type Ending, type ExerciseRun, type Run, type SectionRun } from './run.ts';

/** Messages of the host or a sandbox, recognized by the code at the end. */
const OF_THE_HOST = /\(LW-(?:HOST|SANDBOX|INTERNAL)[A-Z-]*\)\s*$/;

export class Collector {
  readonly #tests: TestCase[] = [];
  readonly #read = new Map<TestCase, ReadExercise>();
  readonly #started = new Set<TestCase>();
  readonly #problems: string[] = [];
  readonly #notes = new Set<string>();
  #notFit: string | undefined;
  #plan: LabPlan | undefined;
  #begun = Date.now();
  #ended: FullResult | undefined;

  onBegin(config: FullConfig, suite: Suite): void {
    this.#begun = Date.now();
    this.#tests.push(...suite.allTests());
    const metadata: unknown = config.metadata['labwright'];
    if (metadata !== undefined) this.#takePlan(metadata);
  }

  onTestBegin(test: TestCase): void {
    this.#started.add(test);
  }

  onTestEnd(test: TestCase, result: TestResult): void {
    for (const attachment of result.attachments) {
      if (attachment.name === PLAN_NAME && this.#plan === undefined) this.#takePlan(textOf(attachment));
    }
    const read = exerciseRun(test, result);
    this.#notFit ??= read.run.notFit;
    this.#read.set(test, read);
  }

  onError(error: TestError): void {
    const message = plain(error.message ?? error.value ?? error.stack ?? 'An error without a message.');
    if (OF_THE_HOST.test(message)) this.#notFit ??= message.replace(/^\w*Error: /, '');
    else this.#problems.push(message);
  }

  onEnd(result: FullResult): void {
    this.#ended = result;
  }

  /** Everything seen so far; `ending` is `unfinished` until Playwright reports the end of the run. */
  run(): Run {
    const exercises = this.#tests.map((test) => ({ test, read: this.#read.get(test) ?? this.#unread(test) }));
    const context = exercises.map(({ read }) => read.context).find((found) => found !== undefined);
    const sections = this.#sections(exercises.map(({ test, read }) => ({ place: placeOf(test, read), run: read.run })));
    const plan = this.#plan;
    return {
      lab: plan?.lab ?? context?.lab ?? { name: 'lab', title: 'Lab' },
      ...(context === undefined ? {} : { cluster: context.cluster }),
      browsers: this.#browsers(exercises),
      sections,
      ...(plan === undefined ? {} : { plan }),
      startedAt: (this.#ended?.startTime ?? new Date(this.#begun)).toISOString(),
      durationMs: this.#ended?.duration ?? Date.now() - this.#begun,
      ending: endingOf(this.#ended),
      problems: [...(this.#notFit === undefined ? [] : [this.#notFit]), ...this.#problems],
      ...(this.#notFit === undefined ? {} : { notFit: this.#notFit }),
      notes: [...this.#notes],
    };
  }

  /** The run of one exercise, once it has ended. */
  exercise(test: TestCase): ExerciseRun | undefined {
    return this.#read.get(test)?.run;
  }

  #takePlan(document: unknown): void {
    const { value, notes } = parsePlan(document);
    this.#plan = value;
    for (const note of notes) this.#notes.add(note);
  }

  /** A test whose end was never reported: it was running, or had not begun. */
  #unread(test: TestCase): ReadExercise {
    return {
      run: {
        project: projectOf(test),
        title: plain(test.title),
        status: this.#started.has(test) ? 'interrupted' : 'not run',
        errors: [],
        durationMs: 0,
        steps: [],
        stepsNotRun: [],
        screenshots: new Map(),
        notes: [],
      },
    };
  }

  #sections(placed: readonly { place: { number: number; title: string }; run: ExerciseRun }[]): SectionRun[] {
    const sections = new Map<number, { title: string; exercises: ExerciseRun[] }>();
    for (const { place, run } of placed) {
      const planned = this.#plan?.sections.find((section) => section.number === place.number);
      const section = sections.get(place.number) ?? { title: planned?.title ?? place.title, exercises: [] };
      const steps = planned?.exercises.find((exercise) => exercise.title === run.title)?.steps ?? [];
      section.exercises.push(
        run.status === 'passed' ? withGaps(run, steps) : { ...run, stepsNotRun: unplayed(run, steps) },
      );
      sections.set(place.number, section);
    }
    return [...sections].sort(([a], [b]) => a - b).map(([number, section]) => ({ number, ...section }));
  }

  #browsers(exercises: readonly { test: TestCase; read: ReadExercise }[]): Browser[] {
    const found = new Map<string, RunContext | undefined>();
    for (const { test, read } of exercises) {
      found.set(projectOf(test), found.get(projectOf(test)) ?? read.context);
    }
    return [...found].map(([project, context]) => ({
      project,
      label: browserLabel(project),
      ...(context?.browser.version === undefined ? {} : { version: context.browser.version }),
    }));
  }
}

/** Planned steps without evidence; identified by position, since titles may repeat. */
function unplayed(run: ExerciseRun, planned: readonly string[]): string[] {
  const played = new Set(run.steps.map((step) => step.step.index));
  return planned.filter((_, index) => !played.has(index));
}

/** A pass without complete evidence is marked as such. */
function withGaps(run: ExerciseRun, planned: readonly string[]): ExerciseRun {
  const missing = unplayed(run, planned);
  if (missing.length === 0) return run;
  const note = `It passed, but ${missing.length} of its ${planned.length} steps left no evidence: ${missing.join('; ')}`;
  return { ...run, notes: [...run.notes, note] };
}

function projectOf(test: TestCase): string {
  return plain(test.parent.project()?.name || 'browser');
}

function endingOf(result: FullResult | undefined): Ending {
  if (result === undefined) return 'unfinished';
  if (result.status === 'interrupted') return 'interrupted';
  return result.status === 'timedout' ? 'timed out' : 'completed';
}
