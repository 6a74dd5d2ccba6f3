/** Builds sample runs, for tests and for viewing pages. Times are fixed, so the result is always the same. */
import {
  EVIDENCE_VERSION,
  type Failure,
  type Observation,
  type RunContext,
  type StepEvidence,
} from '../../model/evidence.ts';
import type { LabPlan } from '../../model/plan.ts';
import { browserLabel, type Ending, type ExerciseRun, type Run, type Status } from '../../reporters/run.ts';

export const START = Date.parse('2026-11-23T16:04:00Z');

export const VERSIONS: Readonly<Record<string, string>> = { firefox: '153.0', chromium: '148.0.7778.56' };

/** A step without its position: what it does, how long it takes, what it observes. */
export interface SampleStep {
  readonly verb: StepEvidence['step']['verb'];
  readonly title: string;
  readonly yaml: string;
  readonly ms: number;
  readonly sees: (browser: string) => readonly Observation[];
  readonly restsOn?: readonly string[];
}

export interface SampleExercise {
  readonly section: number;
  readonly title: string;
  readonly beyondTheGuide?: string;
  readonly steps: readonly SampleStep[];
}

/** The result of an exercise in one browser. */
export interface Fate {
  readonly status: Status;
  /** Index of the step that fails, and the failure. */
  readonly failsAt?: { readonly index: number; readonly failure: Failure };
  readonly blockedBy?: string;
  readonly errors?: readonly string[];
}

export interface SampleOptions {
  readonly plan: LabPlan;
  readonly exercises: readonly SampleExercise[];
  readonly browsers?: readonly string[];
  readonly cluster?: RunContext['cluster'];
  readonly fate?: (exercise: SampleExercise, browser: string) => Fate;
  readonly screenshots?: (browser: string) => ReadonlyMap<string, Uint8Array>;
  readonly ending?: Ending;
  readonly problems?: readonly string[];
  readonly notes?: readonly string[];
}

export const SANDBOX: RunContext['cluster'] = {
  kind: 'sandbox',
  server: 'https://127.0.0.1:41233',
  openshiftVersion: '4.6.60',
  release: 'OpenShift Service Mesh 2.0',
  provenance: {
    repositories: ['https://github.com/odrodrig/istio101'],
    images: [{ image: 'ibmcom/guestbook:v1', program: 'guestbook.ts' }],
  },
};

export function buildRun(options: SampleOptions): Run {
  const browsers = options.browsers ?? ['firefox', 'chromium'];
  const played = browsers.flatMap((browser) => playAll(options, browser));
  const numbers = [...new Set(options.exercises.map((exercise) => exercise.section))];
  const ends = played.map(({ run }) => Date.parse(run.startedAt ?? '') + run.durationMs).filter(Number.isFinite);
  return {
    lab: options.plan.lab,
    cluster: options.cluster ?? SANDBOX,
    browsers: browsers.map((project) => ({ project, label: browserLabel(project), version: VERSIONS[project] ?? '1' })),
    sections: numbers.map((number) => ({
      number,
      title: options.plan.sections.find((section) => section.number === number)?.title ?? `Section ${number}`,
      exercises: played.filter((entry) => entry.section === number).map((entry) => entry.run),
    })),
    plan: options.plan,
    startedAt: new Date(START).toISOString(),
    durationMs: Math.max(0, ...ends.map((end) => end - START)) + 1450,
    ending: options.ending ?? 'completed',
    problems: options.problems ?? [],
    notes: options.notes ?? [],
  };
}

function playAll(options: SampleOptions, browser: string): { section: number; run: ExerciseRun }[] {
  let clock = START + (browser === 'firefox' ? 4200 : 900);
  return options.exercises.map((exercise, index) => {
    const run = playOne(options, exercise, index, browser, clock);
    clock += run.durationMs + 40;
    return { section: exercise.section, run };
  });
}

function playOne(
  options: SampleOptions,
  exercise: SampleExercise,
  index: number,
  browser: string,
  from: number,
): ExerciseRun {
  const fate = options.fate?.(exercise, browser) ?? { status: 'passed' };
  const started = fate.status !== 'blocked' && fate.status !== 'not run' && fate.errors === undefined;
  const count = !started ? 0 : (fate.failsAt?.index ?? exercise.steps.length - 1) + 1;
  let clock = from + 120;
  const steps = exercise.steps.slice(0, count).map((step, place) => {
    const failure = fate.failsAt?.index === place ? fate.failsAt.failure : undefined;
    const evidence = evidenceOf(options, exercise, index, step, place, browser, clock, failure);
    clock += evidence.durationMs + 6;
    return evidence;
  });
  return {
    project: browser,
    title: exercise.title,
    status: fate.status,
    ...(exercise.beyondTheGuide === undefined ? {} : { beyondTheGuide: exercise.beyondTheGuide }),
    ...(fate.blockedBy === undefined ? {} : { blockedBy: fate.blockedBy }),
    errors: fate.errors ?? [],
    ...(started ? { startedAt: new Date(from).toISOString() } : {}),
    durationMs: started ? clock - from : 0,
    steps,
    stepsNotRun: exercise.steps.slice(count).map((step) => step.title),
    screenshots: options.screenshots?.(browser) ?? new Map(),
    notes: [],
  };
}

function evidenceOf(
  options: SampleOptions,
  exercise: SampleExercise,
  exerciseIndex: number,
  step: SampleStep,
  index: number,
  browser: string,
  clock: number,
  failure: Failure | undefined,
): StepEvidence {
  return {
    version: EVIDENCE_VERSION,
    run: {
      lab: options.plan.lab,
      browser: { name: browser, version: VERSIONS[browser] ?? '1' },
      cluster: options.cluster ?? SANDBOX,
    },
    section: {
      number: exercise.section,
      title: options.plan.sections.find((section) => section.number === exercise.section)?.title ?? '',
    },
    exercise: {
      index: exerciseIndex,
      title: exercise.title,
      ...(exercise.beyondTheGuide === undefined ? {} : { beyondTheGuide: exercise.beyondTheGuide }),
    },
    step: { index, verb: step.verb, title: step.title, yaml: step.yaml, at: atLine(exercise.section, 4 + index * 3) },
    startedAt: new Date(clock).toISOString(),
    durationMs: browser === 'firefox' ? step.ms : Math.round(step.ms * 0.87),
    outcome: failure === undefined ? 'passed' : 'failed',
    ...(failure === undefined ? {} : { failure }),
    observations: step.sees(browser),
    ...(step.restsOn === undefined ? {} : { restsOn: step.restsOn }),
  };
}

const FILES = [
  'lab',
  '01-environment',
  '02-operators',
  '03-guestbook',
  '04-gateway',
  '05-traffic',
  '06-secure-your-services',
];

export function atLine(section: number, line: number): StepEvidence['step']['at'] {
  // A lab that does not exist here: otherwise its real files would be shown instead of the sample’s own lines.
  return { file: `labs/sample/${FILES[section] ?? 'lab'}.yaml`, line, column: 7 };
}
