/** Reads JSON of unknown shape without casts. */

export type Fields = Record<string, unknown>;

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const NONE: Fields = Object.freeze({});

/** The value as an object; an empty, frozen object when it is not one. */
export function fields(value: unknown): Fields {
  return isFields(value) ? value : NONE;
}

/** The value as a list; an empty list when it is not one. */
export function items(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

/** The objects in a list, e.g. containers. */
export function records(value: unknown): Fields[] {
  return items(value).filter(isFields);
}

/** The value as a string; empty when it is not one. */
export function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** The value as a number; 0 when it is not one. */
export function number(value: unknown): number {
  return typeof value === 'number' ? value : 0;
}

/** The value at a path of keys, `undefined` when the path does not exist. */
export function at(value: unknown, ...path: (string | number)[]): unknown {
  let current = value;
  for (const key of path) {
    if (typeof key === 'number') current = items(current)[key];
    else current = fields(current)[key];
  }
  return current;
}

/** A deep copy of JSON data. */
export function clone<T>(value: T): T {
  if (Array.isArray(value)) return value.map(clone) as T;
  if (!isFields(value)) return value;
  const copy: Fields = {};
  for (const key in value) copy[key] = clone(value[key]);
  return copy as T;
}

/** Deep equality. Key order does not matter, and `undefined` equals an absent key. */
export function equal(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (Array.isArray(a) && Array.isArray(b))
    return a.length === b.length && a.every((one, index) => equal(one, b[index]));
  if (!isFields(a) || !isFields(b)) return false;
  for (const key in a) if (!equal(a[key], b[key])) return false;
  for (const key in b) if (b[key] !== undefined && a[key] === undefined) return false;
  return true;
}

/** The object under `key`, created when absent. Only for copies, never for stored objects. */
export function ensure(parent: Fields, key: string): Fields {
  const present = parent[key];
  if (isFields(present)) return present;
  const made: Fields = {};
  parent[key] = made;
  return made;
}

/** Sets fields that are absent. */
export function defaults(target: Fields, values: Fields): void {
  for (const [key, value] of Object.entries(values)) target[key] ??= value;
}

/** The current time in the API's format: seconds, UTC. */
export function timestamp(ms = Date.now()): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}
