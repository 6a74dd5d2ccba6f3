/** Reads fields of API objects of unknown shape. */
import { type Fields, isRecord } from '../../model/record.ts';

/** The value at a path of keys; undefined if there is none. */
export function at(value: unknown, ...way: readonly string[]): unknown {
  return way.reduce<unknown>((inner, key) => (isRecord(inner) ? inner[key] : undefined), value);
}

export function textAt(value: unknown, ...way: readonly string[]): string | undefined {
  const found = at(value, ...way);
  return typeof found === 'string' ? found : undefined;
}

/** The objects of a list; empty if there is no list. */
export function recordsAt(value: unknown, ...way: readonly string[]): readonly Fields[] {
  const found = at(value, ...way);
  return Array.isArray(found) ? found.filter(isRecord) : [];
}

export function textsAt(value: unknown, ...way: readonly string[]): readonly string[] {
  const found = at(value, ...way);
  return Array.isArray(found) ? found.filter((item) => typeof item === 'string') : [];
}

/** The labels of a selector; undefined without a selector, or if it is empty. */
export function labelsAt(value: unknown, ...way: readonly string[]): Readonly<Record<string, string>> | undefined {
  const found = at(value, ...way);
  if (!isRecord(found)) return undefined;
  const labels = Object.entries(found).flatMap(([key, text]) => (typeof text === 'string' ? [[key, text]] : []));
  return labels.length === 0 ? undefined : Object.fromEntries(labels);
}

/** `app=guestbook,version=2.0` */
export function written(labels: Readonly<Record<string, string>>): string {
  return Object.entries(labels)
    .map(([key, value]) => `${key}=${value}`)
    .join(',');
}
