/** Reads one Playwright test with its attachments as one exercise in one browser. */
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import type { TestCase, TestResult } from '@playwright/test/reporter';
import { ANSWERS_NAME, type Answers } from '../model/answers.ts';
import { EVIDENCE_NAME, NOT_FIT, type RunContext, type StepEvidence } from '../model/evidence.ts';
import { parseAnswers, parseEvidence } from './evidence.ts';
import { plain } from './plain.ts';
import { browserLabel, type ExerciseRun, type Status } from './run.ts';

export interface ReadExercise {
  readonly run: ExerciseRun;
  readonly context?: RunContext;
  readonly section?: StepEvidence['section'];
}

type Attachment = TestResult['attachments'][number];

/** Each reporter asks for the same results, and reading evidence takes a while. */
const known = new WeakMap<TestResult, ReadExercise>();

/** Reads the attachments of a finished test, once; unreadable ones become a note. */
export function exerciseRun(test: TestCase, result: TestResult): ReadExercise {
  const read = known.get(result) ?? readExercise(test, result);
  known.set(result, read);
  return read;
}

function readExercise(test: TestCase, result: TestResult): ReadExercise {
  const { steps, notes } = readSteps(result.attachments);
  const first = steps[0];
  const blockedBy = annotation(test, result, 'blocked');
  const beyondTheGuide = first?.exercise.beyondTheGuide ?? annotation(test, result, 'beyond the guide');
  const notFit = annotation(test, result, NOT_FIT) ?? launchFailure(test, result);
  const status = notFit === undefined ? statusOf(result, steps, blockedBy !== undefined) : statusUnfit(steps);
  if (result.retry > 0 && result.status === 'passed') notes.push('It passed only on a retry.');
  const run: ExerciseRun = {
    project: plain(test.parent.project()?.name || 'browser'),
    title: plain(test.title),
    status,
    ...(beyondTheGuide === undefined ? {} : { beyondTheGuide }),
    ...(blockedBy === undefined ? {} : { blockedBy }),
    ...(notFit === undefined ? {} : { notFit }),
    errors: result.errors.map((error) => plain(error.message ?? error.value ?? 'An error without a message.')),
    ...(result.duration > 0 ? { startedAt: result.startTime.toISOString() } : {}),
    durationMs: result.duration,
    steps,
    stepsNotRun: [],
    screenshots: readScreenshots(result.attachments, steps),
    notes,
  };
  return first === undefined ? { run } : { run, context: first.run, section: first.section };
}

/** The section and exercise: from the annotation, the evidence, the name of the `describe`, or the file, in this order. */
export function placeOf(test: TestCase, read: ReadExercise): { number: number; title: string } {
  const { noted, number, title } = placeOfTest(test);
  return { number: noted ?? read.section?.number ?? number, title: read.section?.title ?? title };
}

/** The section and exercise as far as known before the test has run. */
export function placeOfTest(test: TestCase): { noted?: number; number: number; title: string } {
  const group = plain(test.parent.type === 'describe' ? test.parent.title : '');
  const named = /^(\d+)\s*[·.:-]\s*(.+)$/.exec(group);
  const file = basename(test.location.file).replace(/\.(?:spec|test)\.\w+$/, '');
  const noted = Number.parseInt(annotation(test, undefined, 'section') ?? '', 10);
  const numbers = [noted, Number(named?.[1]), Number.parseInt(file, 10)];
  return {
    ...(Number.isInteger(noted) ? { noted } : {}),
    number: numbers.find((candidate) => Number.isInteger(candidate)) ?? 0,
    title: named?.[2] ?? (group || plain(file.replace(/^\d+-/, ''))),
  };
}

/** The text of an attachment; empty if its file is gone. */
export function textOf(attachment: Attachment): string {
  return bytesOf(attachment)?.toString('utf8') ?? '';
}

function readSteps(attachments: readonly Attachment[]): { steps: StepEvidence[]; notes: string[] } {
  const notes = new Set<string>();
  const steps: StepEvidence[] = [];
  for (const attachment of attachments) {
    if (attachment.name !== EVIDENCE_NAME) continue;
    const parsed = parseEvidence(textOf(attachment));
    for (const note of parsed.notes) notes.add(note);
    if (parsed.value !== undefined) steps.push(parsed.value);
  }
  const answers = attachments.find(({ name }) => name === ANSWERS_NAME);
  if (answers === undefined) return { steps, notes: [...notes] };
  const parsed = parseAnswers(textOf(answers));
  for (const note of parsed.notes) notes.add(note);
  return { steps: parsed.value === undefined ? steps : withAnswers(steps, parsed.value), notes: [...notes] };
}

/** Proxies' logs cover an exercise as a whole; each step gets its own part. */
function withAnswers(steps: readonly StepEvidence[], { log, answers, missing }: Answers): StepEvidence[] {
  return steps.map((step) => {
    const { index } = step.step;
    const own = answers.filter((answer) => answer.step === index);
    const untold = missing.find((one) => one.step === index)?.requests ?? 0;
    if (own.length === 0 && untold === 0) return step;
    const told = { kind: 'answers', log, answers: own, missing: untold } as const;
    return { ...step, observations: [...step.observations, told] };
  });
}

function readScreenshots(attachments: readonly Attachment[], steps: readonly StepEvidence[]): Map<string, Uint8Array> {
  const wanted = new Set<string>();
  for (const step of steps) {
    for (const seen of step.observations) if (seen.kind === 'page' && seen.screenshot) wanted.add(seen.screenshot);
  }
  const found = new Map<string, Uint8Array>();
  for (const attachment of attachments) {
    const bytes = wanted.has(attachment.name) ? bytesOf(attachment) : undefined;
    if (bytes !== undefined) found.set(attachment.name, bytes);
  }
  return found;
}

function bytesOf(attachment: Attachment): Buffer | undefined {
  if (attachment.body !== undefined) return attachment.body;
  if (attachment.path === undefined) return undefined;
  try {
    return readFileSync(attachment.path);
  } catch {
    return undefined;
  }
}

/** Stricter than Playwright's own outcome: a retry, an expected failure or a failed step is not a pass. */
function statusOf(result: TestResult, steps: readonly StepEvidence[], blocked: boolean): Status {
  if (result.status === 'skipped') return blocked ? 'blocked' : 'not run';
  if (result.status === 'interrupted') return 'interrupted';
  const clean = result.status === 'passed' && result.retry === 0 && steps.every((step) => step.outcome === 'passed');
  return clean ? 'passed' : 'failed';
}

function statusUnfit(steps: readonly StepEvidence[]): Status {
  return steps.length === 0 ? 'not run' : 'interrupted';
}

/** A browser that does not start says nothing about the lab. */
function launchFailure(test: TestCase, result: TestResult): string | undefined {
  const error = result.errors.find(({ message = '' }) => /browserType\.launch:/.test(plain(message)));
  if (error === undefined) return undefined;
  const why = plain(error.message ?? '')
    .replace(/^(?:Error: )?browserType\.launch: /, '')
    .split('\n')[0];
  const browser = browserLabel(test.parent.project()?.name ?? 'browser');
  return `${browser} does not start: ${why}\nNext: npx labwright doctor  (LW-BROWSER)`;
}

function annotation(test: TestCase, result: TestResult | undefined, type: string): string | undefined {
  const all = [...test.annotations, ...(result?.annotations ?? [])];
  const found = all.find((entry) => entry.type === type);
  return found === undefined ? undefined : plain(found.description ?? 'an earlier step failed');
}
