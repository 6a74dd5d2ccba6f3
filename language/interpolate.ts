/**
 * `${release.…}` and `${browser.name}` in what a step expects. Commands and URLs belong to the shell, and a `${name}` without a dot
 * is left as text.
 */
import type { Figures, Position } from '../model/lab.ts';
import { nearest } from '../model/nearest.ts';
import { LabError, type Problem } from './problem.ts';

/** The variables that may be read. `browser` is known only while a page is open. */
export interface Scope {
  readonly release: Figures;
  readonly browser?: { readonly name: string };
}

const VARIABLE = /\$\{([A-Za-z_][\w-]*(?:\.[\w-]+)+)\}/g;

/** @throws {LabError} `LW-VARIABLE` for a name without a value. */
export function interpolate(text: string, scope: Scope, at: Position): string {
  const problems: Problem[] = [];
  const filled = text.replace(VARIABLE, (_, name: string) => {
    const found = lookUp(name, scope, at);
    if (typeof found === 'string') return found;
    problems.push(found);
    return '';
  });
  if (problems.length > 0) throw new LabError(problems);
  return filled;
}

/** The problems for which `interpolate` would throw. */
export function variableProblems(text: string, scope: Scope, at: Position): Problem[] {
  return [...text.matchAll(VARIABLE)].flatMap(([, name = '']) => {
    const found = lookUp(name, scope, at);
    return typeof found === 'string' ? [] : [found];
  });
}

function lookUp(name: string, scope: Scope, at: Position): string | Problem {
  let value: unknown = scope;
  for (const segment of name.split('.')) {
    value =
      typeof value === 'object' && value !== null && Object.hasOwn(value, segment)
        ? Reflect.get(value, segment)
        : undefined;
  }
  if (Array.isArray(value)) return value.join(' ');
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return String(value);
  const known = namesOf(scope);
  const suggestion = nearest(name, known);
  const within = known.filter((candidate) => candidate.startsWith(`${name}.`));
  const list = within.length > 0 ? within : known;
  return {
    code: 'LW-VARIABLE',
    at,
    message: within.length > 0 ? `\${${name}} is a group, not a value` : `there is no value for \${${name}}`,
    expected:
      list.length === 0 ? 'no variable here: the lab has no releases.yaml' : `one of ${list.slice(0, 12).join(', ')}`,
    ...(suggestion === undefined ? {} : { suggestion }),
  };
}

function namesOf(value: unknown, prefix = ''): string[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [prefix];
  return Object.entries(value).flatMap(([key, inner]: [string, unknown]) =>
    namesOf(inner, prefix === '' ? key : `${prefix}.${key}`),
  );
}
