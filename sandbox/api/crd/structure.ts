/** Pruning and defaulting of custom resources by their structural schema. */
import { clone, type Fields, fields, isFields } from '../json.ts';

const EMBEDDED = ['apiVersion', 'kind', 'metadata'];

/** A copy without the fields the schema does not name; their paths go to `unknown`. */
export function prune(value: unknown, schema: Fields, path: string, unknown: string[], root = false): unknown {
  if (Array.isArray(value)) {
    const item = fields(schema['items']);
    return value.map((one, index) => prune(one, item, `${path}[${index}]`, unknown));
  }
  if (!isFields(value)) return value;
  const properties = fields(schema['properties']);
  const additional = schema['additionalProperties'];
  const keep = schema['x-kubernetes-preserve-unknown-fields'] === true || additional === true;
  const embedded = root || schema['x-kubernetes-embedded-resource'] === true;
  const result: Fields = {};
  for (const [key, inside] of Object.entries(value)) {
    const here = path === '' ? key : `${path}.${key}`;
    if (embedded && EMBEDDED.includes(key)) result[key] = inside;
    else if (Object.hasOwn(properties, key)) result[key] = prune(inside, fields(properties[key]), here, unknown);
    else if (isFields(additional)) result[key] = prune(inside, additional, here, unknown);
    else if (keep) result[key] = inside;
    else unknown.push(here);
  }
  return result;
}

/** Sets the schema's defaults in a copy that is the caller's; `null` where a default exists and null is not allowed counts as absent. */
export function setDefaults(value: unknown, schema: Fields): void {
  if (Array.isArray(value)) {
    for (const item of value) setDefaults(item, fields(schema['items']));
    return;
  }
  if (!isFields(value)) return;
  for (const [key, property] of Object.entries(fields(schema['properties']))) {
    const { default: standard, nullable } = fields(property);
    const absent = value[key] === undefined || (value[key] === null && nullable !== true);
    if (standard !== undefined && absent) value[key] = clone(standard);
    if (value[key] !== undefined) setDefaults(value[key], fields(property));
  }
  const additional = schema['additionalProperties'];
  if (!isFields(additional)) return;
  const properties = fields(schema['properties']);
  for (const [key, inside] of Object.entries(value))
    if (!Object.hasOwn(properties, key)) setDefaults(inside, additional);
}
