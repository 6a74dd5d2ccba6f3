/** Events have two faces over one storage: v1 is stored, events.k8s.io/v1 is the same with other field names. */
import type { ApiObject } from '../types.ts';

const NAMES: readonly (readonly [core: string, events: string])[] = [
  ['involvedObject', 'regarding'],
  ['message', 'note'],
  ['source', 'deprecatedSource'],
  ['firstTimestamp', 'deprecatedFirstTimestamp'],
  ['lastTimestamp', 'deprecatedLastTimestamp'],
  ['count', 'deprecatedCount'],
  ['reportingComponent', 'reportingController'],
];

function rename(object: ApiObject, apiVersion: string, pairs: readonly (readonly [string, string])[]): ApiObject {
  const result: ApiObject = { ...object, apiVersion };
  for (const [from, to] of pairs) {
    if (result[from] === undefined) continue;
    result[to] = result[from];
    delete result[from];
  }
  return result;
}

export function eventFromStored(object: ApiObject): ApiObject {
  return rename(object, 'events.k8s.io/v1', NAMES);
}

export function eventToStored(object: ApiObject): ApiObject {
  const pairs = NAMES.map(([core, events]) => [events, core] as const);
  return rename(object, 'v1', pairs);
}
