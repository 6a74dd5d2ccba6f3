/** What is accepted and has no effect here: told to the client as warnings, and kept as events for whoever asks later. */
import { createHash } from 'node:crypto';
import { type UnsupportedField, unsupportedFields } from '../../fields/unsupported.ts';
import { at, clone, isFields, records, text, timestamp } from '../json.ts';
import type { Kind } from '../registry/kind.ts';
import type { Store } from '../storage/store.ts';
import type { ApiObject, User } from '../types.ts';
import type { RestContext } from './context.ts';
import { stampNew } from './metadata.ts';
import { isDryRun, type RestRequest } from './request.ts';

/** Reason of the events; `kubectl get events -A --field-selector reason=FieldWithoutEffect` lists them. */
const REASON = 'FieldWithoutEffect';
const EVENTS = '/events';

/** @param object as it was sent, without defaults. @param old before the change, `undefined` for a new object. */
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

/** What the server itself sets at a path that is left out: to say the same asks for nothing. */
function standardValue(kind: Kind, object: ApiObject, path: readonly (string | number)[]): unknown {
  const without = clone(object);
  const parent = at(without, ...path.slice(0, -1));
  const last = path.at(-1);
  if (!isFields(parent) || typeof last !== 'string') return undefined;
  delete parent[last];
  try {
    kind.schema.applyDefaults(without);
    kind.strategy.defaults?.(without);
  } catch {
    return undefined;
  }
  return at(without, ...path);
}

/** For an object that is stored, or would be if this were no dry run. */
export function tellUnsupported(
  { store }: Pick<RestContext, 'store'>,
  request: RestRequest,
  object: ApiObject,
  found: readonly UnsupportedField[],
): void {
  request.warnings.push(...found.map(({ message }) => message));
  if (isDryRun(request) || isPlatform(request.user) || hasController(object)) return;
  for (const one of found) record(store, object, one);
}

/** Pods of a Deployment say no more than the Deployment did. */
function hasController(object: ApiObject): boolean {
  return records(object.metadata.ownerReferences).some((owner) => owner['controller'] === true);
}

/** The sandbox's own parts. */
function isPlatform({ name }: User): boolean {
  return /^system:(?!serviceaccount:)/.test(name) || name.startsWith('system:serviceaccount:kube-system:');
}

function record(store: Store, object: ApiObject, { path, message }: UnsupportedField): void {
  const { apiVersion, kind, metadata } = object;
  const { name, uid, resourceVersion } = metadata;
  const namespace = text(metadata.namespace) || 'default';
  const id = createHash('sha256').update(`${kind} ${uid} ${path}`).digest('hex').slice(0, 16);
  const key = `${namespace}/${name}.${id}`;
  const before = store.get(EVENTS, key)?.object;
  const now = timestamp();
  const event: ApiObject = {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: before?.metadata ?? { name: `${name}.${id}`, namespace },
    involvedObject: {
      apiVersion,
      kind,
      name,
      ...(metadata.namespace === undefined ? {} : { namespace }),
      uid,
      resourceVersion,
      ...(path === '' ? {} : { fieldPath: path }),
    },
    reason: REASON,
    message,
    source: { component: 'labwright' },
    type: 'Warning',
    firstTimestamp: before?.['firstTimestamp'] ?? now,
    lastTimestamp: now,
    count: Number(before?.['count'] ?? 0) + 1,
    eventTime: null,
    reportingComponent: 'labwright',
    reportingInstance: '',
  };
  const stored = clone(event);
  if (before === undefined) stampNew(stored);
  store.put(EVENTS, key, stored);
}
