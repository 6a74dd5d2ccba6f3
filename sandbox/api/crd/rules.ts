/** `x-kubernetes-validations`: CEL rules of a CRD's schema over `self`, and over `oldSelf` when an object changes. */

import { type Fields, fields, isRecord, items, records, text } from '../../../model/fields.ts';
import { compile } from '../cel/environment.ts';
import { nameInRules } from '../cel/source.ts';
import type { StatusCause } from '../status.ts';

/** @param old the value before the change; `undefined` on create, when transition rules do not apply. */
export function ruleCauses(value: unknown, old: unknown, schema: Fields, path: string): StatusCause[] {
  if (value === undefined || value === null) return [];
  const own = records(schema['x-kubernetes-validations']).flatMap((rule) => causeOf(rule, value, old, schema, path));
  return [...own, ...below(value, old, schema, path)];
}

function below(value: unknown, old: unknown, schema: Fields, path: string): StatusCause[] {
  if (Array.isArray(value)) {
    const inside = fields(schema['items']);
    // The old value of an item is known only in a list with map keys.
    const keys = items(schema['x-kubernetes-list-map-keys']).map(text);
    const before = (item: unknown): unknown =>
      keys.length === 0
        ? undefined
        : items(old).find((one) => keys.every((key) => fields(one)[key] === fields(item)[key]));
    return value.flatMap((item, index) => ruleCauses(item, before(item), inside, `${path}[${index}]`));
  }
  if (!isRecord(value)) return [];
  const properties = fields(schema['properties']);
  const additional = fields(schema['additionalProperties']);
  return Object.entries(value).flatMap(([key, inside]) => {
    const of = Object.hasOwn(properties, key) ? fields(properties[key]) : additional;
    return ruleCauses(inside, fields(old)[key], of, path === '' ? key : `${path}.${key}`);
  });
}

function causeOf(rule: Fields, value: unknown, old: unknown, schema: Fields, path: string): StatusCause[] {
  const expression = text(rule['rule']);
  const isTransition = /\boldSelf\b/.test(expression);
  if (isTransition && old === undefined && rule['optionalOldSelf'] !== true) return [];
  const said = verdict(expression, typed(value, schema), isTransition ? typed(old, schema) : undefined, isTransition);
  if (said === true) return [];
  const why = said === false ? messageOf(rule, value, schema) : `rule evaluation error: ${said}`;
  const field = path + text(rule['fieldPath']);
  const reason = text(rule['reason']) || 'FieldValueInvalid';
  return [{ reason, message: `Invalid value: ${JSON.stringify(text(schema['type']) || 'object')}: ${why}`, field }];
}

function messageOf(rule: Fields, value: unknown, schema: Fields): string {
  const computed = text(rule['messageExpression']);
  if (computed !== '') {
    const said = evaluate(computed, typed(value, schema), undefined, false);
    if (typeof said === 'string') return said;
  }
  return text(rule['message']).trim() || `failed rule: ${text(rule['rule'])}`;
}

/** @returns whether the value satisfies the rule, or the error message when it cannot be evaluated. */
function verdict(expression: string, self: unknown, old: unknown, isTransition: boolean): boolean | string {
  try {
    return evaluate(expression, self, old, isTransition) === true;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function evaluate(expression: string, self: unknown, old: unknown, isTransition: boolean): unknown {
  return compile(expression)(isTransition ? { self, oldSelf: old } : { self });
}

/** Converts numbers by their schema: CEL distinguishes integers from other numbers, JSON does not. */
function typed(value: unknown, schema: Fields): unknown {
  if (typeof value === 'number') return schema['type'] === 'number' ? value : BigInt(value);
  if (Array.isArray(value)) return value.map((item) => typed(item, fields(schema['items'])));
  if (!isRecord(value)) return value;
  const properties = fields(schema['properties']);
  const additional = fields(schema['additionalProperties']);
  const entries = Object.entries(value).map(([key, inside]): [string, unknown] => [
    Object.hasOwn(properties, key) ? nameInRules(key) : key,
    typed(inside, Object.hasOwn(properties, key) ? fields(properties[key]) : additional),
  ]);
  return Object.fromEntries(entries);
}
