/**
 * Results in the report schema of the mutation testing elements (version 2), so that their viewer and other tools read
 * them: https://github.com/stryker-mutator/mutation-testing-elements/tree/master/packages/report-schema
 */
import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import type { Failure } from '../../model/evidence.ts';
import type { Lab, Position } from '../../model/lab.ts';
import { isRight, type Killer, type KillReason, type Result, type Status } from '../model.ts';
import { exercisesOf } from '../places.ts';
import { doubtOf } from './tally.ts';

export interface MutationReport {
  readonly schemaVersion: '2';
  readonly thresholds: { readonly high: number; readonly low: number };
  readonly projectRoot: string;
  readonly files: Readonly<Record<string, ReportedFile>>;
  readonly testFiles: Readonly<Record<string, { readonly source: string; readonly tests: readonly ReportedTest[] }>>;
  readonly config: {
    /** Number of mistakes that can be made in the lab, including those that were not played. */
    readonly possible: number;
  };
  readonly framework: { readonly name: string; readonly version: string };
}

interface ReportedFile {
  readonly language: 'yaml';
  readonly source: string;
  readonly mutants: readonly ReportedMutant[];
}

interface ReportedTest {
  readonly id: string;
  readonly name: string;
  readonly location: { readonly start: LineColumn };
}

interface LineColumn {
  readonly line: number;
  readonly column: number;
}

export interface ReportedMutant {
  readonly id: string;
  readonly mutatorName: string;
  readonly description: string;
  readonly replacement: string;
  readonly location: { readonly start: LineColumn; readonly end: LineColumn };
  readonly status: 'Killed' | 'Timeout' | 'Survived' | 'Ignored' | 'RuntimeError';
  readonly statusReason?: string;
  readonly killedBy?: readonly string[];
  /** An addition to the schema: the evidence that the step failed because of the mistake. */
  readonly killReason?: KillReason;
  /** Milliseconds. */
  readonly duration: number;
}

const STATUS: Readonly<Record<Status, ReportedMutant['status']>> = {
  killed: 'Killed',
  timeout: 'Timeout',
  survived: 'Survived',
  equivalent: 'Ignored',
  blocked: 'RuntimeError',
};

export interface ReportFacts {
  /** The folder that file names are relative to. */
  readonly root: string;
  /** Labwright's version. */
  readonly version: string;
  /** Number of mistakes that can be made in the lab. */
  readonly possible: number;
}

export function mutationReport(lab: Lab, results: readonly Result[], facts: ReportFacts): MutationReport {
  const { root, version, possible } = facts;
  const files = new Map<string, Result[]>();
  for (const result of results) {
    const name = relative(root, result.mutant.edit.file);
    files.set(name, [...(files.get(name) ?? []), result]);
  }
  return {
    schemaVersion: '2',
    thresholds: { high: 100, low: 90 },
    projectRoot: root,
    files: Object.fromEntries([...files].map(([name, ofFile]) => [name, fileOf(ofFile, root)])),
    testFiles: testFilesOf(lab, root),
    config: { possible },
    framework: { name: 'Labwright', version },
  };
}

function fileOf(results: readonly Result[], root: string): ReportedFile {
  const [first] = results;
  const source = first === undefined ? '' : readFileSync(first.mutant.edit.file, 'utf8');
  return { language: 'yaml', source, mutants: results.map((result) => reported(result, root)) };
}

function reported({ mutant, status, killer, failure, reason, kill, durationMs }: Result, root: string): ReportedMutant {
  const what = failure === undefined ? reason : said(failure);
  const statusReason = kill === undefined || failure === undefined ? what : `${what}\n${rightly(kill)}`;
  return {
    id: mutant.id,
    mutatorName: mutant.operator,
    description: mutant.description,
    replacement: mutant.edit.replacement,
    location: { start: lineOf(mutant.edit.start), end: lineOf(mutant.edit.end) },
    status: STATUS[status],
    ...(statusReason === undefined ? {} : { statusReason }),
    ...(killer === undefined ? {} : { killedBy: [testIdOf(killer, root)] }),
    ...(kill === undefined ? {} : { killReason: kill }),
    duration: durationMs,
  };
}

function rightly(kill: KillReason): string {
  if (!isRight(kill)) return `Doubtful: ${doubtOf(kill)}`;
  return `Right reason: the step belongs to the mistake (${kill.step}), and its message names it (${kill.message})`;
}

function said({ message, expected, actual, details = [] }: Failure): string {
  const more = details.map(({ title, text }) => `${title}: ${text}`);
  const lines = [message, expected && `Expected: ${expected}`, actual && `Seen: ${actual}`, ...more];
  return lines.filter((line) => line !== undefined && line !== '').join('\n');
}

/** The lab's steps are the tests. */
function testFilesOf(lab: Lab, root: string): MutationReport['testFiles'] {
  const tests = new Map<string, ReportedTest[]>();
  for (const { section, step, exercise } of exercisesOf(lab).flat()) {
    const name = `${section.exercises[exercise]?.title ?? ''} › ${step.title}`;
    const test = { id: testIdOf({ at: step.at }, root), name, location: { start: lineOf(step.at) } };
    tests.set(section.file, [...(tests.get(section.file) ?? []), test]);
  }
  return Object.fromEntries(
    [...tests].map(([file, of]) => [relative(root, file), { source: readFileSync(file, 'utf8'), tests: of }]),
  );
}

function testIdOf({ at }: Pick<Killer, 'at'>, root: string): string {
  return `${relative(root, at.file)}:${at.line}`;
}

function lineOf({ line, column }: Position): LineColumn {
  return { line, column };
}
