/** What a step throws if an expectation fails: a finding about the lab, never about this program. */

import type { Failure } from '../model/evidence.ts';
import type { Position } from '../model/lab.ts';

export class StepFailure extends Error {
  readonly failure: Failure;
  /** False if the step took effect and only its output differs from what was expected: later steps can still be judged. */
  readonly blocks: boolean;

  constructor(failure: Failure, options: { blocks?: boolean; cause?: unknown } = {}) {
    super(failure.message, options.cause === undefined ? {} : { cause: options.cause });
    this.name = 'StepFailure';
    this.failure = failure;
    this.blocks = options.blocks ?? true;
    this.stack = stackAt(failure);
  }
}

/** A stack that points to the YAML: Playwright's reporters then show its lines as the code frame. */
export function stackAt(failure: Failure): string {
  return `Error: ${describeFailure(failure)}\n    at lab (${positionOf(failure.at)})`;
}

/** `file:line:column` */
export function positionOf(at: Position): string {
  return `${at.file}:${at.line}:${at.column}`;
}

/** The failure for people: what, expected, seen, details, what to do next. */
export function describeFailure(failure: Failure): string {
  const parts = [`${failure.message} [${failure.code}]`];
  if (failure.expected !== undefined) parts.push(`Expected: ${indent(failure.expected)}`);
  if (failure.actual !== undefined) parts.push(`Seen:     ${indent(failure.actual)}`);
  for (const detail of failure.details ?? []) parts.push(`${detail.title}:\n${detail.text}`);
  if (failure.next !== undefined) parts.push(`Next: ${failure.next}`);
  return parts.join('\n\n');
}

function indent(text: string): string {
  return text.includes('\n') ? `\n${text.replace(/^/gm, '    ')}` : text;
}
