/** An object against a subset of it, or against a CEL expression. */
import { evaluate } from '@marcbachmann/cel-js';
import type { JsonValue, ObjectExpectation, Position } from '../../language/lab.ts';
import type { Mismatch } from './text.ts';

/** @returns undefined when the object is as expected. Strings between slashes are patterns; list items match in any order, each a distinct one. */
export function matchObject(expectation: ObjectExpectation, object: unknown): Mismatch | undefined {
  if (expectation.kind === 'cel') return matchCel(expectation.expression, object, expectation.at);
  const difference = differs(expectation.subset, object, '');
  return difference === undefined ? undefined : { ...difference, at: expectation.at };
}

type Difference = Omit<Mismatch, 'at'>;

function differs(wanted: JsonValue, seen: unknown, path: string): Difference | undefined {
  if (isList(wanted)) return differsList(wanted, seen, path);
  if (typeof wanted === 'object' && wanted !== null) {
    if (!isMapping(seen)) return difference(path, wanted, seen);
    for (const [key, value] of Object.entries(wanted)) {
      const found = differs(value, seen[key], path === '' ? key : `${path}.${key}`);
      if (found !== undefined) return found;
    }
    return undefined;
  }
  const pattern = typeof wanted === 'string' ? /^\/(.+)\/$/s.exec(wanted)?.[1] : undefined;
  const same = pattern === undefined ? wanted === seen : typeof seen === 'string' && new RegExp(pattern).test(seen);
  return same ? undefined : difference(path, wanted, seen);
}

function differsList(wanted: readonly JsonValue[], seen: unknown, path: string): Difference | undefined {
  if (!isList(seen)) return difference(path, wanted, seen);
  const taken = new Set<number>();
  for (const item of wanted) {
    const index = seen.findIndex(
      (candidate, position) => !taken.has(position) && differs(item, candidate, '') === undefined,
    );
    if (index < 0) return { ...difference(path, item, seen), message: `${path} holds no item as expected` };
    taken.add(index);
  }
  return undefined;
}

function difference(path: string, wanted: unknown, seen: unknown): Difference {
  return {
    message: `${path === '' ? 'the object' : path} is not as expected`,
    expected: show(wanted),
    actual: seen === undefined ? 'not set' : show(seen),
  };
}

function show(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value, null, 2) ?? 'not set');
}

function matchCel(expression: string, object: unknown, at: Position): Mismatch | undefined {
  try {
    const result: unknown = evaluate(expression, { object: withIntegers(object) });
    return result === true
      ? undefined
      : { message: `${expression} does not hold`, expected: 'true', actual: String(result), at };
  } catch (error) {
    // A field that is not there yet makes CEL fail rather than be false.
    return {
      message: `${expression} can't be evaluated`,
      expected: 'true',
      actual: error instanceof Error ? error.message : String(error),
      at,
    };
  }
}

/** CEL's integers are this library's BigInts. */
function withIntegers(value: unknown): unknown {
  if (typeof value === 'number' && Number.isInteger(value)) return BigInt(value);
  if (isList(value)) return value.map(withIntegers);
  if (isMapping(value))
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withIntegers(item)]));
  return value;
}

function isList(value: unknown): value is readonly JsonValue[] {
  return Array.isArray(value);
}

function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
