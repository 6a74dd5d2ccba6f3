/** A problem in a lab's files and its text: `file:line:column`, what was expected, the line itself. */
import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { styleText } from 'node:util';
import type { Position } from '../model/lab.ts';

export interface Problem {
  /** Stable, `LW-…`, listed in `docs/errors.md`. */
  readonly code: string;
  readonly at: Position;
  /** What is wrong, as a clause without a full stop. */
  readonly message: string;
  readonly expected?: string;
  /** The word the author probably meant. */
  readonly suggestion?: string;
  /** What to do next. */
  readonly next?: string;
  /** A warning does not stop a run; an error if absent. */
  readonly severity?: 'warning';
}

/** All problems of a lab, together. */
export class LabError extends Error {
  readonly problems: readonly Problem[];
  readonly code: string;

  /** @param problems at least one. */
  constructor(problems: readonly Problem[]) {
    super(formatProblems(problems));
    this.name = 'LabError';
    this.problems = problems;
    this.code = problems[0]?.code ?? 'LW-LAB';
    // The relevant position is in the YAML, and the message names it.
    this.stack = `${this.name}: ${this.message}`;
  }
}

/**
 * @param options.cwd paths are shown relative to it; the current directory if absent.
 * @returns per problem `file:line:column: what is wrong, what was expected (did you mean …?)` and the line with a caret.
 */
export function formatProblems(
  problems: readonly Problem[],
  options: { readonly cwd?: string; readonly color?: boolean } = {},
): string {
  const { cwd = process.cwd(), color = false } = options;
  return [...problems]
    .sort(byPosition)
    .map((problem) => formatProblem(problem, cwd, color))
    .join('\n\n');
}

function formatProblem(problem: Problem, cwd: string, color: boolean): string {
  const { at } = problem;
  const paint = (style: Parameters<typeof styleText>[0], text: string) =>
    color ? styleText(style, text, { validateStream: false }) : text;
  const path = relative(cwd, at.file);
  const file = path === '' || path.startsWith('../..') ? at.file : path;
  const warning = problem.severity === 'warning' ? paint('yellow', 'warning: ') : '';
  const head = `${paint('bold', `${file}:${at.line}:${at.column}:`)} ${warning}${describeProblem(problem)} [${problem.code}]`;
  const frame = codeFrame(at, (text) => paint('red', text));
  const next = problem.next === undefined ? [] : [`  Next: ${problem.next}`];
  return [head, ...frame, ...next].join('\n');
}

/** The problem without its position: `what is wrong, expected … (did you mean …?)`. */
export function describeProblem(problem: Problem): string {
  const expected = problem.expected === undefined ? '' : `, expected ${problem.expected}`;
  const suggestion = problem.suggestion === undefined ? '' : ` (did you mean \`${problem.suggestion}\`?)`;
  return `${problem.message}${expected}${suggestion}`;
}

const FRAME_WIDTH = 140;

function codeFrame(at: Position, mark: (text: string) => string): string[] {
  const line = linesOf(at.file)[at.line - 1];
  if (line === undefined) return [];
  const from = Math.max(0, at.column - 1 - FRAME_WIDTH / 2);
  const shown = line.slice(from, from + FRAME_WIDTH).replaceAll('\t', ' ');
  const gutter = `  ${at.line} | `;
  return [`${gutter}${shown}`, `${' '.repeat(gutter.length - 2)}| ${' '.repeat(at.column - 1 - from)}${mark('^')}`];
}

function linesOf(file: string): string[] {
  try {
    return readFileSync(file, 'utf8')
      .replace(/^\uFEFF/, '')
      .split(/\r\n|\n|\r/);
  } catch {
    return [];
  }
}

function byPosition(a: Problem, b: Problem): number {
  const files = a.at.file < b.at.file ? -1 : Number(a.at.file > b.at.file);
  return files || a.at.line - b.at.line || a.at.column - b.at.column;
}

/** @param at where the file is named. @param name relative to lab.yaml. */
export function missingFile(at: Problem['at'], name: string): Problem {
  return { code: 'LW-FILE-MISSING', at, message: `there is no file ${name}`, expected: 'a file relative to lab.yaml' };
}
