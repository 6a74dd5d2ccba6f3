/** Labels, read and written. */
import { at, isRecord } from '../../model/fields.ts';

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
