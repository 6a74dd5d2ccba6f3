/**
 * The verdict. Pure, and the only place that decides: summary, certificate and exit code use it.
 * Certified means: the run finished without a problem outside its exercises, and every exercise of every section of the lab passed
 * in every browser of a complete run. If everything requested passed but was not the whole lab: partial. Without a plan, a run is
 * never more than partial.
 */
import { dirname } from 'node:path';
import type { Failure, StepEvidence } from '../model/evidence.ts';
import { INTERNAL_EXIT, tellsInternalFault } from '../model/internal-fault.ts';
import { shownPath } from './plain.ts';
import { browserLabel, type ExerciseRun, type Run, type SectionRun, type Status } from './run.ts';

export interface Verdict {
  readonly kind: 'certified' | 'partial' | 'failed' | 'interrupted' | 'empty' | 'not fit';
  /** `Certified`, `Partial: section 5 of 6`, `Not certified`. */
  readonly headline: string;
  /** One sentence: why. */
  readonly reason: string;
  /** The part of the lab that was played, if not all: `section 5 of 6, Firefox only`. */
  readonly scope?: string;
  readonly first?: FirstFailure;
  readonly counts: Readonly<Record<Status, number>>;
  /**
   * 0: everything requested passed; 1: something failed; 3: the machine or the cluster was not fit; 70: Labwright itself failed;
   * 130: interrupted.
   */
  readonly exitCode: 0 | 1 | 3 | typeof INTERNAL_EXIT | 130;
}

export interface FirstFailure {
  readonly browser: string;
  readonly section: SectionRun;
  readonly exercise: ExerciseRun;
  readonly step?: StepEvidence;
  readonly failure?: Failure;
  readonly message: string;
  /** What to look at or run next. */
  readonly next: string;
}

export function judge(run: Run): Verdict {
  const counts = countStatuses(run);
  const scope = scopeOf(run);
  const against = reasonAgainst(run, counts);
  if (against !== undefined) {
    const first = firstFailure(run);
    // If the run ended before the plan was known, nothing is known to be left out.
    const known = scope !== undefined && run.plan !== undefined ? { scope } : {};
    return { ...against, headline: 'Not certified', counts, ...known, ...(first === undefined ? {} : { first }) };
  }
  const passed = `All ${exercises(run)} passed in ${namesOf(run)}`;
  if (scope === undefined) {
    return { kind: 'certified', headline: 'Certified', reason: `${passed}.`, exitCode: 0, counts };
  }
  return {
    kind: 'partial',
    headline: `Partial: ${scope}`,
    reason: `${passed}; this is not the whole lab, so it is not certified.`,
    exitCode: 0,
    counts,
    scope,
  };
}

/** Why the run is neither certified nor partial; undefined if it is one of them. */
function reasonAgainst(run: Run, counts: Verdict['counts']): Pick<Verdict, 'kind' | 'reason' | 'exitCode'> | undefined {
  const total = run.sections.reduce((sum, section) => sum + section.exercises.length, 0);
  const failed = (reason: string) => ({ kind: 'failed', reason, exitCode: 1 }) as const;
  if (run.notFit !== undefined) {
    const how = counts.passed === 0 ? 'could not be played' : 'could not be played to the end';
    const reason = `The lab ${how}; this says nothing about the lab. ${tally(run, counts)}.`;
    return { kind: 'not fit', reason, exitCode: tellsInternalFault(run.notFit) ? INTERNAL_EXIT : 3 };
  }
  if (run.ending === 'interrupted' || run.ending === 'unfinished')
    return { kind: 'interrupted', reason: `${endingSentence(run)} ${tally(run, counts)}.`, exitCode: 130 };
  if (run.problems.length > 0)
    return failed(`An error outside the exercises: ${firstLine(run.problems[0]).replace(/^Error: /, '')}`);
  if (total === 0) return { kind: 'empty', reason: 'No exercise ran.', exitCode: 1 };
  if (run.ending === 'timed out') return failed(`The run exceeded its time limit. ${tally(run, counts)}.`);
  return counts.passed < total ? failed(`${tally(run, counts)}.`) : undefined;
}

/** `21 passed, 1 failed, of 11 exercises in Firefox and Chromium`. */
function tally(run: Run, counts: Readonly<Record<Status, number>>): string {
  const order: readonly Status[] = ['passed', 'failed', 'blocked', 'interrupted', 'not run'];
  const parts = order.filter((status) => counts[status] > 0 || status === 'passed').map((s) => `${counts[s]} ${s}`);
  return `${parts.join(', ')}, of ${exercises(run)} in ${namesOf(run)}`;
}

/** Counted once, in however many browsers it ran. */
function exercises(run: Run): string {
  const { size } = new Set(run.sections.flatMap((s) => s.exercises.map((e) => key('', s.number, e.title))));
  return `${size} ${size === 1 ? 'exercise' : 'exercises'}`;
}

function namesOf(run: Run): string {
  return run.browsers.map((browser) => browser.label).join(' and ') || 'no browser';
}

function countStatuses(run: Run): Record<Status, number> {
  const counts = { passed: 0, failed: 0, blocked: 0, interrupted: 0, 'not run': 0 };
  for (const section of run.sections) for (const exercise of section.exercises) counts[exercise.status] += 1;
  return counts;
}

/** What this run left out of the whole lab; undefined if nothing. */
function scopeOf(run: Run): string | undefined {
  const { plan } = run;
  if (plan === undefined) return 'the run has no plan of the whole lab';
  const asked = new Set(run.browsers.map((browser) => browser.project));
  const ran = new Set(run.sections.flatMap((s) => s.exercises.map((e) => key(e.project, s.number, e.title))));
  const wanted = plan.browsers.filter((browser) => asked.has(browser));
  const parts = [
    sectionsScope(
      run,
      plan.sections.map((section) => section.number),
    ),
  ];
  const missing = plan.sections.flatMap((section) => {
    if (!run.sections.some((other) => other.number === section.number)) return [];
    return section.exercises.flatMap((e) => wanted.filter((b) => !ran.has(key(b, section.number, e.title))));
  });
  if (missing.length > 0) parts.push(`${missing.length} ${missing.length === 1 ? 'exercise' : 'exercises'} left out`);
  if (wanted.length < plan.browsers.length) parts.push(`${namesOf(run)} only`);
  const said = parts.filter((part) => part !== undefined);
  return said.length === 0 ? undefined : said.join(', ');
}

function sectionsScope(run: Run, planned: readonly number[]): string | undefined {
  const present = planned.filter((number) => run.sections.some((section) => section.number === number));
  if (present.length === planned.length && planned.length > 0) return undefined;
  return `${present.length === 1 ? 'section' : 'sections'} ${ranges(present) || 'none'} of ${planned.length}`;
}

/** `1–3, 5` */
function ranges(numbers: readonly number[]): string {
  const runs: [number, number][] = [];
  for (const number of [...numbers].sort((a, b) => a - b)) {
    const last = runs.at(-1);
    if (last !== undefined && number === last[1] + 1) last[1] = number;
    else runs.push([number, number]);
  }
  return runs.map(([from, to]) => (from === to ? `${from}` : `${from}–${to}`)).join(', ');
}

function firstFailure(run: Run): FirstFailure | undefined {
  for (const section of run.sections) {
    const exercise = section.exercises
      .filter((candidate) => candidate.status === 'failed')
      .sort((a, b) => firstIndex(a) - firstIndex(b))[0];
    if (exercise !== undefined) return toFirstFailure(section, exercise);
  }
  return undefined;
}

function firstIndex(exercise: ExerciseRun): number {
  return exercise.steps[0]?.exercise.index ?? 0;
}

function toFirstFailure(section: SectionRun, exercise: ExerciseRun): FirstFailure {
  const step = exercise.steps.find((candidate) => candidate.outcome === 'failed');
  const failure = step?.failure;
  const where = step === undefined ? 'the exercise’s setup' : `${shownPath(step.step.at.file)}:${step.step.at.line}`;
  return {
    browser: browserLabel(exercise.project),
    section,
    exercise,
    ...(step === undefined ? {} : { step }),
    ...(failure === undefined ? {} : { failure }),
    message: failure?.message ?? (firstLine(exercise.errors[0]) || exercise.notes[0] || 'It failed without a message.'),
    next:
      failure?.next ??
      `Look at ${where}, then run this section alone: npm run certify -- ${labArgument(step)}--section ${section.number}`,
  };
}

/** The lab that `certify` plays by default. */
const DEFAULT_LAB = 'labs/openshift-service-mesh';

/** `folder ` of a lab that has to be named, so that the command works as printed. */
function labArgument(step: StepEvidence | undefined): string {
  if (step === undefined) return '';
  const folder = shownPath(dirname(step.step.at.file));
  return folder.endsWith(DEFAULT_LAB) ? '' : `${folder} `;
}

function endingSentence(run: Run): string {
  const place =
    run.sections.find((section) => section.exercises.some((exercise) => exercise.status === 'interrupted')) ??
    run.sections.find((section) => section.exercises.some((exercise) => exercise.status === 'not run')) ??
    run.sections.at(-1);
  const where = place === undefined ? 'before its first section' : `in section ${place.number}`;
  return run.ending === 'interrupted'
    ? `Interrupted ${where}.`
    : `The run has not finished; it was last seen ${where}.`;
}

function firstLine(text: string | undefined): string {
  return text?.trim().split('\n')[0] ?? '';
}

function key(project: string, section: number, title: string): string {
  return `${project}\u0000${section}\u0000${title}`;
}
