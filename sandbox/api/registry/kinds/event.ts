/** Events are served in two API groups: v1 is stored, and events.k8s.io/v1 has the same content under other field names. */
import type { ApiObject } from '../../types.ts';
import { builtinKind } from '../builtin.ts';

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

function eventFromStored(object: ApiObject): ApiObject {
  return rename(object, 'events.k8s.io/v1', NAMES);
}

function eventToStored(object: ApiObject): ApiObject {
  const pairs = NAMES.map(([core, events]) => [events, core] as const);
  return rename(object, 'v1', pairs);
}

export const EVENT = builtinKind('', 'v1', 'Event', {
  short: ['ev'],
  model: 'CoreV1Event',
  strategy: { createsOnUpdate: true },
});

export const EVENTS_EVENT = builtinKind('events.k8s.io', 'v1', 'Event', {
  short: ['ev'],
  model: 'EventsV1Event',
  strategy: { createsOnUpdate: true },
  storedAs: { storage: '/events', version: 'v1', fromStored: eventFromStored, toStored: eventToStored },
});
