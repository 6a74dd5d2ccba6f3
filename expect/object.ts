/** Matches an object as the server returned it: a subset, or a CEL expression over `object`. */
import { Environment } from '@marcbachmann/cel-js';
import type { JsonValue, ObjectExpectation } from '../model/lab.ts';
import type { Mismatch } from './mismatch.ts';
import { withNativeSidecars } from './native-sidecars.ts';
import { pair } from './pairing.ts';
import { compilePattern, patternOf } from './pattern.ts';

/** @returns undefined if it matches. */
export function matchObject(expectation: ObjectExpectation, object: unknown): Mismatch | undefined {
  if (expectation.kind === 'cel') return matchCel(expectation.expression, object, expectation.at);
  const difference = differ(expectation.subset, withNativeSidecars(object), '');
  if (difference === undefined) return undefined;
  const { path, expected, actual } = difference;
  return {
    message: `${path === '' ? 'the object' : path} is ${actual}, not ${expected}`,
    expected: `${path}: ${expected}`,
    actual: `${path}: ${actual}`,
    at: expectation.at,
  };
}

interface Difference {
  readonly path: string;
  readonly expected: string;
  readonly actual: string;
  /** How much matched: used to pick the list item that was probably meant. */
  readonly matched: number;
}

function differ(wanted: JsonValue, seen: unknown, path: string): Difference | undefined {
  if (isList(wanted)) return differList(wanted, seen, path);
  if (typeof wanted === 'object' && wanted !== null) return differMap(wanted, seen, path);
  const pattern = typeof wanted === 'string' ? patternOf(wanted) : undefined;
  if (pattern !== undefined && (typeof seen === 'string' || typeof seen === 'number')) {
    if (compilePattern(pattern).test(String(seen))) return undefined;
  } else if (wanted === seen || (wanted === null && seen === undefined)) return undefined;
  return { path, expected: show(wanted), actual: show(seen), matched: 0 };
}

function differMap(wanted: { readonly [key: string]: JsonValue }, seen: unknown, path: string): Difference | undefined {
  if (typeof seen !== 'object' || seen === null || Array.isArray(seen))
    return { path, expected: show(wanted), actual: show(seen), matched: 0 };
  let matched = 0;
  let first: Difference | undefined;
  for (const [key, value] of Object.entries(wanted)) {
    const inner: unknown = Object.hasOwn(seen, key) ? Reflect.get(seen, key) : undefined;
    const difference = differ(
      value,
      inner,
      /^[\w-]+$/.test(key) ? `${path}${path === '' ? '' : '.'}${key}` : `${path}[${JSON.stringify(key)}]`,
    );
    if (difference === undefined) matched += 1;
    else first ??= difference;
  }
  return first === undefined ? undefined : { ...first, matched: matched + first.matched };
}

/** In any order, each expected item by a different one. */
function differList(wanted: readonly JsonValue[], seen: unknown, path: string): Difference | undefined {
  if (!Array.isArray(seen)) return { path, expected: show(wanted), actual: show(seen), matched: 0 };
  const items: readonly unknown[] = seen;
  const given = pair(
    wanted.length,
    items.length,
    (wish, thing) => differ(wanted[wish] ?? null, items[thing], '') === undefined,
  );
  const missing = given.indexOf(undefined);
  if (missing < 0) return undefined;
  const wish = wanted[missing] ?? null;
  const free = items
    .flatMap((item, index) => (given.includes(index) ? [] : [differ(wish, item, `${path}[${index}]`)]))
    .filter((difference) => difference !== undefined);
  const [nearest] = free.sort((a, b) => b.matched - a.matched);
  if (nearest !== undefined && nearest.matched > 0) return nearest;
  return { path, expected: `a list with ${show(wish)}`, actual: show(seen), matched: 0 };
}

const environment = new Environment({ unlistedVariablesAreDyn: false }).registerVariable('object', 'map');

/** @returns why the expression can't be used; undefined if it can. */
export function celProblem(expression: string): string | undefined {
  try {
    const checked = environment.check(expression);
    if (!checked.valid) return firstLine(checked.error);
    return checked.type === undefined || ['bool', 'dyn'].includes(checked.type)
      ? undefined
      : `it gives ${checked.type}, not true or false`;
  } catch (error) {
    return firstLine(error);
  }
}

function matchCel(expression: string, object: unknown, at: Mismatch['at']): Mismatch | undefined {
  const mismatch = (message: string, actual: string): Mismatch => ({ message, expected: expression, actual, at });
  let result: unknown;
  try {
    result = environment.evaluate(expression, { object: integers(object) });
  } catch (error) {
    return mismatch(`\`${expression}\` can't be evaluated yet: ${firstLine(error)}`, show(object));
  }
  if (result === true) return undefined;
  return mismatch(`\`${expression}\` is ${String(result)}`, show(object));
}

/** JSON has one number type, CEL two: whole numbers become its `int`, as in Kubernetes. */
function integers(value: unknown): unknown {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? BigInt(value) : value;
  if (Array.isArray(value)) return value.map(integers);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]: [string, unknown]) => [key, integers(item)]));
}

function firstLine(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.split('\n')[0] ?? message;
}

function isList(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value);
}

const SHOWN = 2_000;

function show(value: unknown): string {
  if (value === undefined) return 'missing';
  const text = JSON.stringify(value);
  return text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text;
}
