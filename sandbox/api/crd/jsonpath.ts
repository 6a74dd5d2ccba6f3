/**
 * The JSONPath of printer columns and scale paths: `.spec.x`, `['x']`, `[0]`, `[*]`, `\.` in names, and
 * `[?(@.type=="Ready")]`. Kubernetes' own dialect; general libraries neither know its escapes nor avoid evaluating code.
 */
import { at, isRecord, items } from '../../../model/fields.ts';
import { equal } from '../json.ts';

type Step = (values: unknown[]) => unknown[];

const TOKEN =
  /\.?((?:\\.|[^.[\]\\])+)|\[\s*'((?:\\.|[^'])*)'\s*\]|\[\s*(-?\d+)\s*\]|(\[\s*\*\s*\]|\.\*)|\[\s*\?\(\s*@((?:\.[\w-]+)+)\s*(==|!=)\s*("[^"]*"|'[^']*'|[^)\s]+)\s*\)\s*\]/y;

/** @returns a function that gives all values at the path, or `undefined` when the path cannot be parsed. */
export function compilePath(path: string): ((object: unknown) => unknown[]) | undefined {
  const source = path.replace(/^\{(.*)\}$/, '$1').replace(/^\$/, '');
  const steps: Step[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < source.length) {
    const found = TOKEN.exec(source);
    if (found === null) return undefined;
    steps.push(stepOf(found));
  }
  return (object) => steps.reduce<unknown[]>((values, step) => step(values), [object]);
}

function stepOf([, name, quoted, index, all, field, operator, literal]: RegExpExecArray): Step {
  if (index !== undefined) return (values) => values.map((one) => items(one).at(Number(index))).filter(present);
  if (all !== undefined) return (values) => values.flatMap((one) => (isRecord(one) ? Object.values(one) : items(one)));
  if (field !== undefined) {
    const path = field.split('.').slice(1);
    const wanted = literalOf(literal ?? '');
    return (values) => values.flatMap(items).filter((one) => equal(at(one, ...path), wanted) === (operator === '=='));
  }
  const key = (name ?? quoted ?? '').replaceAll(/\\(.)/g, '$1');
  return (values) => values.map((one) => at(one, key)).filter(present);
}

function present(value: unknown): boolean {
  return value !== undefined && value !== null;
}

function literalOf(literal: string): unknown {
  const quoted = /^["'](.*)["']$/.exec(literal)?.[1];
  if (quoted !== undefined) return quoted;
  try {
    return JSON.parse(literal);
  } catch {
    return literal;
  }
}
