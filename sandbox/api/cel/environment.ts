/**
 * CEL with Kubernetes' extensions. Not supported: `authorizer`, `url()`, `ip()`, `cidr()`, `format`, and type checks before
 * an expression is evaluated.
 */
import { Environment } from '@marcbachmann/cel-js';
import { isRecord } from '../../../model/fields.ts';
import { registerQuantities } from './quantity.ts';
import { withoutHasBehindIndex } from './source.ts';

export type Expression = (variables: Record<string, unknown>) => unknown;

const KEPT = 1000;
const parsed = new Map<string, Expression>();
let shared: Environment | undefined;

function environment(): Environment {
  shared ??= registerLists(
    registerTexts(registerQuantities(new Environment({ unlistedVariablesAreDyn: true, enableOptionalTypes: true }))),
  );
  return shared;
}

/** @throws when the expression does not parse. */
export function compile(source: string): Expression {
  const known = parsed.get(source);
  if (known !== undefined) return known;
  const expression: Expression = environment().parse(withoutHasBehindIndex(source));
  if (parsed.size >= KEPT) parsed.clear();
  parsed.set(source, expression);
  return expression;
}

/** @returns the message of a real server for an expression that does not parse, `undefined` for one that does. */
export function syntaxFault(source: string): string | undefined {
  try {
    compile(source);
    return undefined;
  } catch (error) {
    return `ERROR: <input>:1:1: Syntax error: ${firstLine(error)}\n | ${source}\n | ^`;
  }
}

/** @returns why an evaluation failed, in CEL's words: `no such key: replicas`. */
export function evaluationFault(error: unknown): string {
  return firstLine(error).replace(/^No such/, 'no such');
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '';
}

/** Converts JSON to CEL values where no schema gives the types: whole numbers become integers. */
export function celValue(value: unknown): unknown {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? BigInt(value) : value;
  if (Array.isArray(value)) return value.map(celValue);
  if (!isRecord(value)) return value ?? null;
  return Object.fromEntries(Object.entries(value).map(([key, inside]) => [key, celValue(inside)]));
}

function registerTexts(cel: Environment): Environment {
  const pattern = (source: string): RegExp => new RegExp(source, 'gu');
  return cel
    .registerFunction('string.replace(string, string): string', (text: string, from: string, to: string) =>
      text.replaceAll(from, to),
    )
    .registerFunction(
      'string.find(string): string',
      (text: string, source: string) => text.match(new RegExp(source, 'u'))?.[0] ?? '',
    )
    .registerFunction(
      'string.findAll(string): list',
      (text: string, source: string) => text.match(pattern(source)) ?? [],
    );
}

function registerLists(cel: Environment): Environment {
  type Ordered = bigint | number | string;
  const extreme = (better: (a: Ordered, b: Ordered) => boolean) => (list: readonly Ordered[]) => {
    const [first] = list;
    if (first === undefined) throw new Error('min/max called on empty list');
    return list.reduce((best, one) => (better(one, best) ? one : best), first);
  };
  const sum = (list: readonly (bigint | number)[]): bigint | number =>
    typeof list[0] === 'number'
      ? list.reduce<number>((total, one) => total + Number(one), 0)
      : list.reduce<bigint>((total, one) => total + BigInt(one), 0n);
  return cel
    .registerFunction('list.sum(): dyn', sum)
    .registerFunction(
      'list.min(): dyn',
      extreme((a, b) => a < b),
    )
    .registerFunction(
      'list.max(): dyn',
      extreme((a, b) => a > b),
    )
    .registerFunction('list.isSorted(): bool', (list: readonly Ordered[]) =>
      list.every((one, index) => index === 0 || (list[index - 1] ?? one) <= one),
    )
    .registerFunction('list.indexOf(dyn): int', (list: readonly unknown[], one: unknown) => BigInt(list.indexOf(one)));
}
