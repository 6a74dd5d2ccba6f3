/** Evidence of what a step's calls did to the cluster: each change with the fields that differ, and repeated reads. */
import type { Observation } from '../../model/evidence.ts';
import { sameJson } from '../ledger/object.ts';
import type { RecordedCall } from '../types.ts';

type Seen = Extract<Observation, { kind: 'api' }>;
type Field = NonNullable<Seen['calls'][number]['fields']>[number];

/** The maximum length: nobody would read more. */
const MOST_FIELDS = 40;

/** @returns undefined if nothing was changed, refused or repeated: successful reads are not worth reporting. */
export function apiObservation(calls: readonly RecordedCall[]): Observation | undefined {
  const told = calls.filter(({ method, repeats, refused }) => method !== 'GET' || repeats !== undefined || refused);
  if (told.length === 0) return undefined;
  return {
    kind: 'api',
    calls: told.map(({ method, path, status, durationMs, object, refused, repeats, before, after }) => {
      const fields = before === undefined || after === undefined ? [] : differences(before, after, '');
      return {
        method,
        path: path.split('?')[0] ?? path,
        status,
        durationMs,
        ...(object === undefined ? {} : { object }),
        ...(refused === undefined ? {} : { refused }),
        ...(repeats === undefined ? {} : { repeats }),
        ...(fields.length === 0 ? {} : { fields: fields.slice(0, MOST_FIELDS) }),
      };
    }),
  };
}

function differences(before: unknown, after: unknown, path: string): Field[] {
  if (sameJson(before, after)) return [];
  if (!isMap(before) || !isMap(after)) return [{ path, before: shown(before), after: shown(after) }];
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  return keys.flatMap((key) => differences(before[key], after[key], path === '' ? key : `${path}.${key}`));
}

function shown(value: unknown): string {
  return value === undefined ? '' : JSON.stringify(value).slice(0, 500);
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
