/**
 * Reads JSON and YAML of unknown shape without casts, such as the answers of an API. A path that leads nowhere is not an error:
 * `textAt` and its like return undefined, `text` and its like return an empty value.
 */

/** An object whose fields are not known yet. */
export type Fields = Readonly<Record<string, unknown>>;

const NONE: Fields = Object.freeze({});

/** The document that a text of JSON holds. @throws {SyntaxError} when it is not JSON. */
export function parseJson(text: string): unknown {
  return JSON.parse(text);
}

/** Whether a value is an object with fields: neither null nor a list. */
export function isRecord(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

type Path = readonly (string | number)[];

/** The value at a path of keys and indexes; undefined if there is none. */
export function at(value: unknown, ...path: Path): unknown {
  let current = value;
  for (const key of path) current = typeof key === 'number' ? items(current)[key] : fields(current)[key];
  return current;
}

export function textAt(value: unknown, ...path: Path): string | undefined {
  const found = at(value, ...path);
  return typeof found === 'string' ? found : undefined;
}

export function numberAt(value: unknown, ...path: Path): number | undefined {
  const found = at(value, ...path);
  return typeof found === 'number' ? found : undefined;
}

export function recordAt(value: unknown, ...path: Path): Fields | undefined {
  const found = at(value, ...path);
  return isRecord(found) ? found : undefined;
}

/** A list's items; empty if there is no list. */
export function listAt(value: unknown, ...path: Path): readonly unknown[] {
  return items(at(value, ...path));
}

/** The objects of a list; empty if there is no list. */
export function recordsAt(value: unknown, ...path: Path): readonly Fields[] {
  return records(at(value, ...path));
}

/** The texts of a list; empty if there is no list. */
export function textsAt(value: unknown, ...path: Path): readonly string[] {
  return listAt(value, ...path).filter((item) => typeof item === 'string');
}

/** The texts of a map, such as labels; empty if there is no map. */
export function textMap(value: unknown): Record<string, string> {
  return Object.fromEntries(Object.entries(fields(value)).map(([key, item]) => [key, text(item)]));
}

/** The value as an object; an empty, frozen object when it is not one. */
export function fields(value: unknown): Fields {
  return isRecord(value) ? value : NONE;
}

/** The value as a list; an empty list when it is not one. */
export function items(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** The objects in a list, e.g. containers. */
export function records(value: unknown): readonly Fields[] {
  return items(value).filter(isRecord);
}

/** The value as a string; empty when it is not one. */
export function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** The value as a number; 0 when it is not one. */
export function number(value: unknown): number {
  return typeof value === 'number' ? value : 0;
}
