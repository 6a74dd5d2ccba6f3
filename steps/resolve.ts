/** Fills `${release.…}` and `${browser.name}` into what a step expects and addresses; commands and URLs belong to the shell, manifests to the cluster. */
import { interpolate, type Scope } from '../language/interpolate.ts';
import type { Position, Step } from '../language/lab.ts';

const LEFT_ALONE: ReadonlySet<string> = new Set(['verb', 'title', 'yaml', 'command', 'url', 'manifests', 'at']);

/** @returns the step with every variable of an expectation replaced. @throws {LabError} for a name without a value. */
export function resolveStep<S extends Step>(step: S, scope: Scope): S {
  const entries = Object.entries(step).map(([key, value]: [string, unknown]) => [
    key,
    LEFT_ALONE.has(key) ? value : fill(value, scope, step.at),
  ]);
  return Object.fromEntries(entries) as S;
}

function fill(value: unknown, scope: Scope, at: Position): unknown {
  if (typeof value === 'string') return value.includes('${') ? interpolate(value, scope, at) : value;
  if (Array.isArray(value)) return value.map((item) => fill(item, scope, at));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]: [string, unknown]) => [key, key === 'at' ? item : fill(item, scope, at)]),
  );
}
