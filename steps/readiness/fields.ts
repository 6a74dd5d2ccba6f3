/** Fields of objects whose shape is not known in advance. */

import type { ApiObject } from '../../kube/types.ts';
import { type Fields, isRecord } from '../../model/record.ts';

/** The whole object, including what is beside `spec` and `status`. */
export function fieldsOf(object: ApiObject): Fields {
  return { ...object };
}

export function recordAt(of: Fields | undefined, key: string): Fields | undefined {
  const value = of?.[key];
  return isRecord(value) ? value : undefined;
}

/** The records in a list; empty if there is no list. */
export function listAt(of: Fields | undefined, key: string): readonly Fields[] {
  const value = of?.[key];
  return Array.isArray(value) ? value.filter(isRecord) : [];
}

export function textAt(of: Fields | undefined, key: string): string | undefined {
  const value = of?.[key];
  return typeof value === 'string' ? value : undefined;
}

export function numberAt(of: Fields | undefined, key: string): number | undefined {
  const value = of?.[key];
  return typeof value === 'number' ? value : undefined;
}

/** Length of a list of anything. */
export function lengthAt(of: Fields | undefined, key: string): number {
  const value = of?.[key];
  return Array.isArray(value) ? value.length : 0;
}
