/** `${release.…}` and `${browser.name}` in expectations. Commands and URLs are the shell's and never come here. */
import type { Figures, Position } from './lab.ts';
import { nearest as closest } from './nearest.ts';
import { LabError, type Problem } from './problem.ts';

export interface Scope {
  readonly release: Figures;
  /** Known only while a browser plays. */
  readonly browser?: { readonly name: string };
}

const VARIABLE = /\$\{([A-Za-z][\w.-]*)\}/g;

/** @returns the text with each variable's value. @throws {LabError} `LW-LAB-VARIABLE` for a name without a value. */
export function interpolate(text: string, scope: Scope, at: Position): string {
  return text.replace(VARIABLE, (_match, name: string) => {
    const value = lookUp(name, scope);
    if (value === undefined) throw new LabError([undefinedVariable(name, scope, at)]);
    return value;
  });
}

/** The variables of a text that have no value, as problems. `browser` is taken as known. */
export function undefinedVariables(text: string, scope: Scope, at: Position): readonly Problem[] {
  const known = { browser: { name: '' }, ...scope };
  return [...text.matchAll(VARIABLE)].flatMap(([, name = '']) =>
    lookUp(name, known) === undefined ? [undefinedVariable(name, known, at)] : [],
  );
}

function undefinedVariable(name: string, scope: Scope, at: Position): Problem {
  const known = namesIn({ ...scope });
  const suggestion = closest(name, known);
  return {
    code: 'LW-LAB-VARIABLE',
    at,
    message: `\${${name}} has no value`,
    expected: `one of ${known.join(', ')}`,
    ...(suggestion === undefined ? {} : { suggestion }),
  };
}

function lookUp(name: string, scope: Scope): string | undefined {
  let value: unknown = scope;
  for (const part of name.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, part)) return undefined;
    value = (value as Record<string, unknown>)[part];
  }
  return typeof value === 'object' ? undefined : String(value);
}

function namesIn(of: object, prefix = ''): string[] {
  return Object.entries(of).flatMap(([key, value]: [string, unknown]) => {
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return namesIn(value, `${prefix}${key}.`);
    return Array.isArray(value) || value === undefined ? [] : [`${prefix}${key}`];
  });
}
