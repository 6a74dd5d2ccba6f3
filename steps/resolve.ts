/**
 * Replaces `${release.…}` and `${browser.name}` in a step's expectations and addresses. Commands and URLs belong to the shell; in a
 * manifest only references to values of the release are replaced.
 */
import { interpolate, type Scope } from '../language/interpolate.ts';
import type { Position, Step } from '../model/lab.ts';
import { verbOf } from './verbs.ts';

/** Fields of every step; what the author wrote and where. */
const LEFT_ALONE: ReadonlySet<string> = new Set(['verb', 'title', 'yaml', 'at', 'drift']);

/**
 * @returns the step with every variable of an expectation replaced.
 * @throws {LabError} for a name without a value.
 */
export function resolveStep(step: Step, scope: Scope): Step {
  const { variables } = verbOf(step);
  const filled = Object.entries(step).map(([key, value]: [string, unknown]) => {
    if (LEFT_ALONE.has(key) || variables[key] === 'shell') return [key, value];
    return [key, fill(value, scope, step.at, variables[key] === 'release' ? '${release.' : '${')];
  });
  return { ...step, ...Object.fromEntries(filled) };
}

/** @param sign marks a text that contains variables. */
function fill(value: unknown, scope: Scope, at: Position, sign: string): unknown {
  if (typeof value === 'string') return value.includes(sign) ? interpolate(value, scope, at) : value;
  if (Array.isArray(value)) return value.map((item) => fill(item, scope, at, sign));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]: [string, unknown]) => [
      key,
      key === 'at' ? item : fill(item, scope, at, sign),
    ]),
  );
}
