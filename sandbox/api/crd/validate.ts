/** Validates custom resources with the messages of a real server, which differ from those of JSON Schema libraries. */
import { type Fields, fields, isRecord, items, records, text } from '../../../model/fields.ts';
import { equal } from '../json.ts';
import type { StatusCause } from '../status.ts';
import { required, unsupported } from '../validation/causes.ts';

/** @param path e.g. `spec.replicas`; empty for the whole object. @returns the causes; an empty list for a valid value. */
export function validateSchema(value: unknown, schema: Fields, path: string): StatusCause[] {
  if (value === undefined || (value === null && schema['nullable'] === true)) return [];
  const wrong = typeCause(value, schema, path);
  if (wrong !== undefined) return [wrong];
  const causes = [...enumCauses(value, schema, path), ...combinedCauses(value, schema, path)];
  if (typeof value === 'string') causes.push(...stringCauses(value, schema, path));
  if (typeof value === 'number') causes.push(...numberCauses(value, schema, path));
  if (Array.isArray(value)) causes.push(...listCauses(value, schema, path));
  else if (isRecord(value)) causes.push(...objectCauses(value, schema, path));
  return causes;
}

function invalid(path: string, value: unknown, why: string, type = 'FieldValueInvalid'): StatusCause {
  return { reason: type, message: `Invalid value: ${JSON.stringify(value)}: ${path} in body ${why}`, field: path };
}

function typeName(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number';
  return typeof value;
}

function typeCause(value: unknown, schema: Fields, path: string): StatusCause | undefined {
  const actual = typeName(value);
  if (schema['x-kubernetes-int-or-string'] === true) {
    return actual === 'integer' || actual === 'string'
      ? undefined
      : invalid(path, actual, `must be of type integer,string: "${actual}"`, 'FieldValueTypeInvalid');
  }
  const wanted = text(schema['type']);
  if (wanted === '' || wanted === actual || (wanted === 'number' && actual === 'integer')) return undefined;
  return invalid(path, actual, `must be of type ${wanted}: "${actual}"`, 'FieldValueTypeInvalid');
}

function enumCauses(value: unknown, schema: Fields, path: string): StatusCause[] {
  const allowed = schema['enum'];
  if (!Array.isArray(allowed) || allowed.some((one) => equal(one, value))) return [];
  return [unsupported(path, value, allowed.map(String))];
}

function stringCauses(value: string, schema: Fields, path: string): StatusCause[] {
  const causes: StatusCause[] = [];
  const { minLength, maxLength, pattern, format } = schema;
  if (typeof minLength === 'number' && value.length < minLength)
    causes.push(invalid(path, value, `should be at least ${minLength} chars long`));
  if (typeof maxLength === 'number' && value.length > maxLength) {
    causes.push({ reason: 'FieldValueTooLong', message: `Too long: may not be longer than ${maxLength}`, field: path });
  }
  if (typeof pattern === 'string' && !matches(pattern, value))
    causes.push(invalid(path, value, `should match '${pattern}'`));
  if (format === 'date-time' && Number.isNaN(Date.parse(value)))
    causes.push(invalid(path, value, `must be of type date-time: ${JSON.stringify(value)}`));
  return causes;
}

/** A pattern that JavaScript cannot parse is ignored. */
function matches(pattern: string, value: string): boolean {
  try {
    return new RegExp(pattern, 'u').test(value);
  } catch {
    return true;
  }
}

function numberCauses(value: number, schema: Fields, path: string): StatusCause[] {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf } = schema;
  const causes: StatusCause[] = [];
  if (typeof minimum === 'number' && (exclusiveMinimum === true ? value <= minimum : value < minimum)) {
    causes.push(
      invalid(path, value, `should be greater than ${exclusiveMinimum === true ? '' : 'or equal to '}${minimum}`),
    );
  }
  if (typeof maximum === 'number' && (exclusiveMaximum === true ? value >= maximum : value > maximum)) {
    causes.push(
      invalid(path, value, `should be less than ${exclusiveMaximum === true ? '' : 'or equal to '}${maximum}`),
    );
  }
  if (typeof multipleOf === 'number' && value % multipleOf !== 0)
    causes.push(invalid(path, value, `should be a multiple of ${multipleOf}`));
  return causes;
}

function listCauses(value: unknown[], schema: Fields, path: string): StatusCause[] {
  const causes: StatusCause[] = [];
  const { minItems, maxItems } = schema;
  if (typeof minItems === 'number' && value.length < minItems)
    causes.push(invalid(path, value.length, `should have at least ${minItems} items`));
  if (typeof maxItems === 'number' && value.length > maxItems) {
    causes.push({
      reason: 'FieldValueTooMany',
      message: `Too many: ${value.length}: must have at most ${maxItems} items`,
      field: path,
    });
  }
  const inside = fields(schema['items']);
  for (const [index, item] of value.entries()) causes.push(...validateSchema(item, inside, `${path}[${index}]`));
  return [...causes, ...duplicates(value, schema, path)];
}

function duplicates(value: unknown[], schema: Fields, path: string): StatusCause[] {
  const type = schema['x-kubernetes-list-type'];
  if (type !== 'map' && type !== 'set') return [];
  const keys = items(schema['x-kubernetes-list-map-keys']).map(text);
  const identity = (item: unknown) =>
    type === 'set' ? item : Object.fromEntries(keys.map((key) => [key, fields(item)[key]]));
  const seen = new Set<string>();
  const causes: StatusCause[] = [];
  for (const [index, item] of value.entries()) {
    const id = JSON.stringify(identity(item));
    if (seen.has(id))
      causes.push({ reason: 'FieldValueDuplicate', message: `Duplicate value: ${id}`, field: `${path}[${index}]` });
    seen.add(id);
  }
  return causes;
}

function objectCauses(value: Fields, schema: Fields, path: string): StatusCause[] {
  const below = (key: string) => (path === '' ? key : `${path}.${key}`);
  const causes = items(schema['required'])
    .map(text)
    .filter((key) => value[key] === undefined)
    .map((key) => required(below(key)));
  const properties = fields(schema['properties']);
  const additional = schema['additionalProperties'];
  for (const [key, inside] of Object.entries(value)) {
    if (Object.hasOwn(properties, key)) causes.push(...validateSchema(inside, fields(properties[key]), below(key)));
    else if (isRecord(additional)) causes.push(...validateSchema(inside, additional, below(key)));
  }
  const { minProperties, maxProperties } = schema;
  const count = Object.keys(value).length;
  if (typeof minProperties === 'number' && count < minProperties)
    causes.push(invalid(path, count, `should have at least ${minProperties} properties`));
  if (typeof maxProperties === 'number' && count > maxProperties)
    causes.push(invalid(path, count, `should have at most ${maxProperties} properties`));
  return causes;
}

/** allOf, anyOf, oneOf, not. */
function combinedCauses(value: unknown, schema: Fields, path: string): StatusCause[] {
  const causes = records(schema['allOf']).flatMap((one) => validateSchema(value, one, path));
  const holds = (one: Fields) => validateSchema(value, one, path).length === 0;
  const fail = (why: string) =>
    causes.push({ reason: 'FieldValueInvalid', message: `Invalid value: "": "${path}" ${why}`, field: path });
  const any = records(schema['anyOf']);
  if (any.length > 0 && !any.some(holds)) fail('must validate at least one schema (anyOf)');
  const one = records(schema['oneOf']);
  const valid = one.filter(holds).length;
  if (one.length > 0 && valid !== 1)
    fail(
      `must validate one and only one schema (oneOf). Found ${valid === 0 ? 'none valid' : `${valid} valid alternatives`}`,
    );
  if (isRecord(schema['not']) && holds(schema['not'])) fail('must not validate the schema (not)');
  return causes;
}
