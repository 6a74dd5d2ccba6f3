/** Reads parsed YAML, and makes changed copies of it. */

import type { Path } from '../language/yaml-document.ts';
import { isRecord } from '../model/fields.ts';

export function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>((inner, segment) => {
    if (Array.isArray(inner)) return inner[Number(segment)];
    return isRecord(inner) && Object.hasOwn(inner, segment) ? inner[segment] : undefined;
  }, value);
}

export function textAt(value: unknown, path: Path): string | undefined {
  const found = valueAt(value, path);
  return typeof found === 'string' ? found : undefined;
}

export function numberAt(value: unknown, path: Path): number | undefined {
  const found = valueAt(value, path);
  return typeof found === 'number' ? found : undefined;
}

export function listAt(value: unknown, path: Path): readonly unknown[] {
  const found = valueAt(value, path);
  return Array.isArray(found) ? found : [];
}

/** The entries whose values are strings. */
export function textsAt(value: unknown, path: Path): ReadonlyMap<string, string> {
  const found = valueAt(value, path);
  if (!isRecord(found)) return new Map();
  return new Map(Object.entries(found).flatMap(([key, text]) => (typeof text === 'string' ? [[key, text]] : [])));
}

/** @param replacement undefined removes the value. @returns a changed copy. */
export function replaced(value: unknown, path: Path, replacement: unknown): unknown {
  const [first, ...rest] = path;
  if (first === undefined) return replacement;
  if (Array.isArray(value)) {
    const copy: unknown[] = [...value];
    const inner = replaced(copy[Number(first)], rest, replacement);
    if (inner === undefined) copy.splice(Number(first), 1);
    else copy[Number(first)] = inner;
    return copy;
  }
  const inner = replaced(isRecord(value) ? value[first] : undefined, rest, replacement);
  const others = Object.entries(isRecord(value) ? value : {}).filter(([key]) => key !== String(first));
  if (inner === undefined) return Object.fromEntries(others);
  if (!isRecord(value) || !Object.hasOwn(value, first)) return Object.fromEntries([...others, [String(first), inner]]);
  return Object.fromEntries(Object.entries(value).map(([key, old]) => [key, key === String(first) ? inner : old]));
}
