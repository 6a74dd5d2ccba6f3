/** Copies, compares and fills JSON documents. Reading them: `model/fields.ts`. */

import { type Fields, isRecord, records } from '../../model/fields.ts';

/** An object that may be changed: one just made, or a copy. Never a stored object. */
export type MutableFields = Record<string, unknown>;

/** A deep copy of JSON data. */
export function clone<T>(value: T): T {
  // A copy has the type of its original.
  return copyOf(value) as T;
}

function copyOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(copyOf);
  if (!isRecord(value)) return value;
  const copy: MutableFields = {};
  for (const key in value) copy[key] = copyOf(value[key]);
  return copy;
}

/** Deep equality. Key order does not matter, and `undefined` equals an absent key. */
export function equal(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (Array.isArray(a) && Array.isArray(b))
    return a.length === b.length && a.every((one, index) => equal(one, b[index]));
  if (!isRecord(a) || !isRecord(b)) return false;
  for (const key in a) if (!equal(a[key], b[key])) return false;
  for (const key in b) if (b[key] !== undefined && a[key] === undefined) return false;
  return true;
}

/** The object under `key`, created when absent. */
export function ensure(parent: MutableFields, key: string): MutableFields {
  const present = parent[key];
  if (isRecord(present)) return present;
  const made: MutableFields = {};
  parent[key] = made;
  return made;
}

/** The objects in a list, to be changed in place. */
export function editable(list: unknown): readonly MutableFields[] {
  return records(list);
}

/** Sets fields that are absent. */
export function defaults(target: MutableFields, values: Fields): void {
  for (const [key, value] of Object.entries(values)) target[key] ??= value;
}

/** The current time in the API's format: seconds, UTC. */
export function timestamp(ms = Date.now()): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}
