/**
 * Type faults of CEL expressions whose variables have a schema, in the words of cel-go. Only faults that are certain are
 * reported: operators between scalars of different types, a receiver without the function, an expression that does not return a boolean.
 */
import { Environment } from '@marcbachmann/cel-js';
import { at, type Fields, fields, isRecord, numberAt, text, textAt } from '../../../model/fields.ts';
import { withoutHasBehindIndex } from './source.ts';

const SCALARS: Readonly<Record<string, string>> = {
  string: 'string',
  integer: 'int',
  number: 'double',
  boolean: 'bool',
};
const CERTAIN = ['string', 'int', 'bool'];
/** Functions of Kubernetes' CEL libraries and of cel-go that the evaluator here may not have. */
const KNOWN =
  /^(all|exists|exists_one|map|filter|has|size|contains|startsWith|endsWith|matches|find|findAll|replace|split|join|lowerAscii|upperAscii|substring|charAt|indexOf|lastIndexOf|trim|reverse|format|quote|sum|min|max|isSorted|type|int|uint|double|string|bool|bytes|dyn|duration|timestamp|quantity|isQuantity|isInteger|asInteger|asApproximateFloat|sign|add|sub|isGreaterThan|isLessThan|compareTo|url|isURL|get\w+|ip|isIP|family|isUnspecified|isLoopback|isLinkLocalMulticast|isLinkLocalUnicast|isGlobalUnicast|isCanonical|cidr|isCIDR|containsIP|containsCIDR|masked|prefixLength|semver|isSemver|major|minor|patch|validate|named|dns\w+|optMap|optFlatMap|orValue|or|value|hasValue|optional\.\w+|sets\.\w+|base64\.\w+|flatten|sort|sortBy|distinct|range|first|last|slice|transform\w+)$/;

/** A fault and the place it is at, as cel-go prints both. */
function shown(source: string, at: number, what: string): string {
  return `ERROR: <input>:1:${at + 1}: ${what}\n | ${source}\n | ${'.'.repeat(at)}^`;
}

/** What is certain of an expression: a fault, or else its type if that is a scalar. */
interface Checked {
  readonly fault?: string;
  readonly type?: string;
}

/** @param variables that the expression may use, each with its schema; without one a variable may be anything. */
export function checkTypes(source: string, variables: Readonly<Record<string, Fields | undefined>>): Checked {
  const environment = new Environment({ enableOptionalTypes: true });
  for (const [name, schema] of Object.entries(variables)) declare(environment, name, schema ?? {});
  const checked = environment.check(withoutHasBehindIndex(source));
  if (checked.valid) {
    const type = String(checked.type);
    return CERTAIN.includes(type) ? { type } : {};
  }
  const fault = faultOf(source, checked.error);
  return fault === undefined ? {} : { fault };
}

function declare(environment: Environment, name: string, schema: Fields): void {
  const type = typeOf(schema);
  if (typeof type === 'string') environment.registerVariable(name, type);
  else environment.registerVariable(name, { schema: type });
}

type Declared = string | { [name: string]: Declared };

/** Everything that is neither a plain object nor a scalar is `dyn`, of which no fault is certain. */
function typeOf(schema: Fields): Declared {
  const scalar = SCALARS[text(schema['type'])];
  const { properties, format } = schema;
  if (schema['x-kubernetes-int-or-string'] === true || typeof format === 'string') return 'dyn';
  if (scalar !== undefined) return scalar;
  const isOpen =
    schema['x-kubernetes-preserve-unknown-fields'] === true || schema['x-kubernetes-embedded-resource'] === true;
  if (schema['type'] !== 'object' || !isRecord(properties) || isOpen) return 'dyn';
  const names = Object.entries(properties).filter(([name]) => /^[A-Za-z_]\w*$/.test(name) && !name.includes('__'));
  return names.length === 0 ? 'dyn' : Object.fromEntries(names.map(([name, inside]) => [name, typeOf(fields(inside))]));
}

function faultOf(source: string, error: unknown): string | undefined {
  const node = at(error, 'node');
  const op = textAt(node, 'op') ?? '';
  const start = numberAt(node, 'start') ?? 0;
  const message = error instanceof Error ? error.message : '';
  const overload = /^no such overload: (\w+) (==|!=|<=?|>=?|[-+*/%]) (\w+)\n/.exec(message);
  if (overload !== null) {
    const [, left = '', operator = '', right = ''] = overload;
    if (left === right || !CERTAIN.includes(left) || !CERTAIN.includes(right)) return undefined;
    const place = source.indexOf(operator, start);
    return shown(source, place, `found no matching overload for '_${operator}_' applied to '(${left}, ${right})'`);
  }
  const unknown = /^Unknown variable: (\w+)\n/.exec(message)?.[1];
  if (unknown !== undefined) return shown(source, start, `undeclared reference to '${unknown}' (in container '')`);
  const called = /^found no matching overload for '(\w+)\.(\w+)\(/.exec(message);
  if (op === 'rcall' && called !== null && !KNOWN.test(called[2] ?? '')) {
    const place = source.indexOf(`.${called[2]}(`) + 1 + (called[2] ?? '').length;
    return shown(source, place, `undeclared reference to '${called[2]}' (in container '')`);
  }
  const free = /^found no matching overload for '(\w+)\(/.exec(message);
  if (op === 'call' && free !== null && !KNOWN.test(free[1] ?? '')) {
    const place = source.indexOf(`${free[1]}(`) + (free[1] ?? '').length;
    return shown(source, place, `undeclared reference to '${free[1]}' (in container '')`);
  }
  return undefined;
}
