/** Which branch of a schema's `oneOf` the author meant: chosen by the key that names it, else by the value's type. */
import type { AnySchemaObject } from 'ajv/dist/2020.js';
import { nearest } from '../model/nearest.ts';

/** `key`: the key to point at. */
export interface NoBranch {
  readonly message: string;
  readonly expected?: string;
  readonly suggestion?: string;
  readonly key?: string;
}

export function chooseBranch(
  branches: readonly AnySchemaObject[],
  value: unknown,
  definition: (reference: string) => AnySchemaObject,
): { branch: AnySchemaObject } | NoBranch {
  const resolved = branches.map((branch) => (branch['$ref'] === undefined ? branch : definition(branch['$ref'])));
  const fitting = resolved.filter((branch) => typesOf(branch).includes(typeOf(value)));
  const [only, another] = fitting;
  if (only === undefined) return noneFits(resolved, value);
  if (another === undefined) return { branch: only };
  return typeof value === 'object' && value !== null ? byKey(fitting, Object.keys(value)) : { branch: only };
}

/** Objects are distinguished by their first required key: the verb of a step. */
function byKey(branches: readonly AnySchemaObject[], keys: readonly string[]): { branch: AnySchemaObject } | NoBranch {
  const names = branches.map((branch) => String(branch['required']?.[0]));
  const isStep = names.includes('run');
  const found = names.filter((name) => keys.includes(name));
  const [first, second] = found;
  if (first !== undefined && second === undefined) {
    const branch = branches[names.indexOf(first)];
    if (branch !== undefined) return { branch };
  }
  const what = isStep ? 'a step' : 'this';
  if (first !== undefined && second !== undefined) {
    const ordered = keys.filter((key) => found.includes(key));
    return {
      message: `${what} has both \`${ordered[0]}\` and \`${ordered[1]}\``,
      expected: isStep ? 'one verb per step' : 'one of them',
      ...(ordered[1] === undefined ? {} : { key: ordered[1] }),
    };
  }
  const modifiers = new Set(branches.flatMap((branch) => Object.keys(branch['properties'] ?? {})));
  const strange =
    keys.find((key) => !modifiers.has(key) && nearest(key, names) !== undefined) ??
    keys.find((key) => !modifiers.has(key));
  const expected = `one of ${names.join(', ')}`;
  if (strange === undefined)
    return { message: isStep ? 'a step without a verb' : 'this has no key that says what it is', expected };
  const suggestion = nearest(strange, names);
  return {
    message: isStep ? `unknown verb \`${strange}\`` : `unknown key \`${strange}\``,
    expected,
    key: strange,
    ...(suggestion === undefined ? {} : { suggestion }),
  };
}

function noneFits(branches: readonly AnySchemaObject[], value: unknown): NoBranch {
  const words = branches
    .flatMap((branch) => branch['enum'] ?? (branch['const'] === undefined ? [] : [branch['const']]))
    .map(String);
  const kinds = branches
    .flatMap((branch) => (branch['enum'] === undefined && branch['const'] === undefined ? typesOf(branch) : []))
    .map((type) => WORDS[type] ?? type);
  const suggestion = typeof value === 'string' ? nearest(value, words) : undefined;
  const seen =
    value === null || value === undefined
      ? 'nothing'
      : Array.isArray(value)
        ? 'a list'
        : typeof value === 'object'
          ? 'keys and values'
          : JSON.stringify(value);
  return {
    message: `${seen} does not fit here`,
    expected: [...new Set([...words, ...kinds])].join(', or '),
    ...(suggestion === undefined ? {} : { suggestion }),
  };
}

/** JSON Schema's types in plain words. */
export const WORDS: Readonly<Record<string, string>> = {
  string: 'text',
  object: 'keys and values',
  array: 'a list',
  integer: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
};

function typesOf(branch: AnySchemaObject): readonly string[] {
  if (branch['type'] !== undefined) return [branch['type']].flat();
  if (branch['enum'] !== undefined || branch['const'] !== undefined)
    return [typeOf(branch['enum']?.[0] ?? branch['const'])];
  // A choice within a choice matches if one of its own branches does.
  return (branch['oneOf'] ?? []).flatMap((inner: AnySchemaObject) => typesOf(inner));
}

function typeOf(value: unknown): string {
  if (Array.isArray(value)) return 'array';
  if (value === null) return 'null';
  return Number.isInteger(value) ? 'integer' : typeof value;
}
