/** Fields that are accepted but have no effect here: reported as warnings to the client, and recorded as events. */
import { at, number } from '../../../model/fields.ts';
import { eventOf, isForPeople } from '../../fields/event.ts';
import { type UnsupportedField, unsupportedFields } from '../../fields/unsupported.ts';
import { clone, editable, timestamp } from '../json.ts';
import { type Kind, keyOf } from '../registry/kind.ts';
import type { Store } from '../storage/store.ts';
import type { ApiObject } from '../types.ts';
import type { RestContext } from './context.ts';
import { stampNew } from './metadata.ts';
import { isDryRun, type RestRequest } from './request.ts';

const EVENTS = '/events';

/** @param object as the client sent it, without defaults. @param old before the change, `undefined` for a new object. */
export function unsupportedIn(
  { registry }: Pick<RestContext, 'registry'>,
  request: RestRequest,
  object: ApiObject,
  old?: ApiObject,
): UnsupportedField[] {
  const { kind, subresource } = request;
  const support = registry.support(kind);
  if (support === undefined || subresource !== undefined) return [];
  return unsupportedFields({
    kind: kind.kind,
    support,
    object,
    old,
    standard: (path) => standardValue(kind, object, path),
  });
}

/** The default at a path. A field that is set to its default needs no warning. */
function standardValue(kind: Kind, object: ApiObject, path: readonly (string | number)[]): unknown {
  const without = clone(object);
  const last = path.at(-1);
  const [parent] = editable([at(without, ...path.slice(0, -1))]);
  if (parent === undefined || typeof last !== 'string') return undefined;
  delete parent[last];
  try {
    kind.schema.applyDefaults(without);
    kind.strategy.defaults?.(without);
  } catch {
    return undefined;
  }
  return at(without, ...path);
}

/** Adds the warnings, and records events unless this is a dry run. */
export function tellUnsupported(
  { store }: Pick<RestContext, 'store'>,
  request: RestRequest,
  object: ApiObject,
  found: readonly UnsupportedField[],
): void {
  request.warnings.push(...found.map(({ message }) => message));
  if (isDryRun(request) || !isForPeople(request.user.name, object)) return;
  for (const one of found) record(store, object, one);
}

function record(store: Store, object: ApiObject, field: UnsupportedField): void {
  const event = eventOf(object, field);
  const key = keyOf(event.metadata.namespace, event.metadata.name);
  const before = store.get(EVENTS, key)?.object;
  const now = timestamp();
  const stored: ApiObject = {
    ...event,
    metadata: clone(before?.metadata ?? event.metadata),
    firstTimestamp: before?.['firstTimestamp'] ?? now,
    lastTimestamp: now,
    count: number(before?.['count']) + 1,
  };
  if (before === undefined) stampNew(stored);
  store.put(EVENTS, key, stored);
}
