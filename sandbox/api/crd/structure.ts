/** Pruning and defaulting of custom resources by their structural schema. */
import { type Fields, fields, isRecord } from '../../../model/fields.ts';
import { clone, type MutableFields } from '../json.ts';

const EMBEDDED = ['apiVersion', 'kind', 'metadata'];

/** Returns a copy without the fields that the schema does not have. Their paths are added to `unknown`. */
export function prune(value: unknown, schema: Fields, path: string, unknown: string[], root = false): unknown {
  if (Array.isArray(value)) {
    const item = fields(schema['items']);
    return value.map((one, index) => prune(one, item, `${path}[${index}]`, unknown));
  }
  if (!isRecord(value)) return value;
  const properties = fields(schema['properties']);
  const additional = schema['additionalProperties'];
  const keep = schema['x-kubernetes-preserve-unknown-fields'] === true || additional === true;
  const embedded = root || schema['x-kubernetes-embedded-resource'] === true;
  const result: MutableFields = {};
  for (const [key, inside] of Object.entries(value)) {
    const here = path === '' ? key : `${path}.${key}`;
    if (embedded && EMBEDDED.includes(key)) result[key] = inside;
    else if (Object.hasOwn(properties, key)) result[key] = prune(inside, fields(properties[key]), here, unknown);
    else if (isRecord(additional)) result[key] = prune(inside, additional, here, unknown);
    else if (keep) result[key] = inside;
    else unknown.push(here);
  }
  return result;
}

/**
 * Sets the schema's defaults in `value`, which is changed. Where the schema is not `nullable`, a null is replaced by the
 * default, or removed when there is none (Kubernetes documentation, "Defaulting and Nullable").
 */
export function setDefaults(value: unknown, schema: Fields): void {
  if (Array.isArray(value)) setItemDefaults(value, fields(schema['items']));
  else if (isRecord(value)) setFieldDefaults(value, schema);
}

function setItemDefaults(list: unknown[], schema: Fields): void {
  for (const [index, item] of list.entries()) {
    const standard = schema['default'];
    if (item === null && schema['nullable'] !== true && standard !== undefined) list[index] = clone(standard);
    setDefaults(list[index], schema);
  }
}

function setFieldDefaults(object: MutableFields, schema: Fields): void {
  const properties = fields(schema['properties']);
  for (const [key, property] of Object.entries(properties)) setDefault(object, key, fields(property));
  const additional = schema['additionalProperties'];
  if (!isRecord(additional)) return;
  for (const key of Object.keys(object)) if (!Object.hasOwn(properties, key)) setDefault(object, key, additional);
}

function setDefault(object: MutableFields, key: string, schema: Fields): void {
  if (object[key] === null && schema['nullable'] !== true) delete object[key];
  const standard = schema['default'];
  if (object[key] === undefined && standard !== undefined) object[key] = clone(standard);
  setDefaults(object[key], schema);
}
