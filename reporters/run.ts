/** A run as reporters see it: Playwright's results and the evidence, in the guide's order. */
import type { RunContext, StepEvidence } from '../model/evidence.ts';
import type { LabPlan } from '../model/plan.ts';

export interface Run {
  readonly lab: { readonly name: string; readonly title: string };
  /** Absent until a step has left evidence. */
  readonly cluster?: RunContext['cluster'];
  /** The browsers requested, in the order of the configuration. */
  readonly browsers: readonly Browser[];
  /** Sorted by number; only the sections requested. */
  readonly sections: readonly SectionRun[];
  readonly plan?: LabPlan;
  /** ISO 8601. */
  readonly startedAt: string;
  readonly durationMs: number;
  readonly ending: Ending;
  /** Errors outside any exercise: a spec that does not load, a worker that does not start. */
  readonly problems: readonly string[];
  /** Why the machine or the cluster prevented the lab from being played: this says nothing about the lab. */
  readonly notFit?: string;
  /** Evidence that could not be read, and other remarks about the report itself. */
  readonly notes: readonly string[];
}

/** `unfinished`: the end of the run was not reported; it is still running, or it was killed. */
export type Ending = 'completed' | 'interrupted' | 'timed out' | 'unfinished';

export interface Browser {
  readonly project: string;
  /** For people: `Firefox`. */
  readonly label: string;
  readonly version?: string;
}

export interface SectionRun {
  readonly number: number;
  readonly title: string;
  readonly exercises: readonly ExerciseRun[];
}

/** `blocked`: an acting step before it failed, so it could not be judged. */
export type Status = 'passed' | 'failed' | 'blocked' | 'interrupted' | 'not run';

export interface ExerciseRun {
  readonly project: string;
  readonly title: string;
  readonly status: Status;
  readonly beyondTheGuide?: string;
  readonly blockedBy?: string;
  /** Why the machine or the cluster prevented it from being played. */
  readonly notFit?: string;
  /** Playwright's errors, if no step's evidence reports them. */
  readonly errors: readonly string[];
  readonly startedAt?: string;
  readonly durationMs: number;
  /** In the order they ran. */
  readonly steps: readonly StepEvidence[];
  /** Titles of steps that the exercise did not reach. */
  readonly stepsNotRun: readonly string[];
  /** PNG files by their name in the evidence. */
  readonly screenshots: ReadonlyMap<string, Uint8Array>;
  readonly notes: readonly string[];
}

/** One exercise with its run in each browser. */
export interface ExerciseAcross {
  readonly title: string;
  readonly beyondTheGuide?: string;
  readonly runs: ReadonlyMap<string, ExerciseRun>;
}

/** Combines the browsers' runs of one exercise; a title that repeats in one browser is a separate exercise. */
export function acrossBrowsers(section: SectionRun): readonly ExerciseAcross[] {
  const found = new Map<string, { title: string; beyondTheGuide?: string; runs: Map<string, ExerciseRun> }>();
  const seen = new Map<string, number>();
  for (const run of section.exercises) {
    const own = `${run.project}\u0000${run.title}`;
    const repeat = seen.get(own) ?? 0;
    seen.set(own, repeat + 1);
    const key = `${repeat}\u0000${run.title}`;
    const entry = found.get(key) ?? { title: run.title, runs: new Map<string, ExerciseRun>() };
    if (run.beyondTheGuide !== undefined) entry.beyondTheGuide = run.beyondTheGuide;
    entry.runs.set(run.project, run);
    found.set(key, entry);
  }
  return [...found.values()];
}

/** The state of a section in one browser: the worst of its exercises. Absent if it has none there. */
export function sectionStatus(section: SectionRun, project: string): Status | undefined {
  const statuses = section.exercises.filter((run) => run.project === project).map((run) => run.status);
  const order: readonly Status[] = ['failed', 'interrupted', 'blocked', 'not run', 'passed'];
  return order.find((status) => statuses.includes(status));
}

/** `Firefox` for `firefox`; other projects keep their name. */
export function browserLabel(project: string): string {
  const known: Readonly<Record<string, string>> = { firefox: 'Firefox', chromium: 'Chromium', webkit: 'WebKit' };
  return known[project] ?? project;
}
