/** DELETE of one object or a collection: preconditions, finalizers, grace period, propagation. */
import { at, fields, items, listAt, number, text } from '../../../model/fields.ts';
import { clone, ensure, timestamp } from '../json.ts';
import { type Kind, keyOf } from '../registry/kind.ts';
import { conflict, forbidden, notFound } from '../status.ts';
import type { Entry, Store } from '../storage/store.ts';
import type { ApiObject } from '../types.ts';
import type { RestContext } from './context.ts';
import { matching } from './read.ts';
import { isDryRun, type RestRequest, type RestResult } from './request.ts';

interface Options {
  readonly grace: number | undefined;
  readonly propagation: string;
  readonly uid: string;
  readonly version: string;
  readonly dryRun: boolean;
}

function optionsOf(request: RestRequest): Options {
  const body = fields(request.body);
  const grace = body['gracePeriodSeconds'] ?? request.query.get('gracePeriodSeconds') ?? undefined;
  return {
    grace: grace === undefined || grace === null ? undefined : Number(grace),
    propagation: text(body['propagationPolicy'] ?? request.query.get('propagationPolicy')),
    uid: text(at(body, 'preconditions', 'uid')),
    version: text(at(body, 'preconditions', 'resourceVersion')),
    dryRun: isDryRun(request),
  };
}

/** Kinds whose deletion returns the object instead of a Status. */
const RETURNED: ReadonlySet<string> = new Set([
  '/persistentvolumeclaims',
  '/persistentvolumes',
  '/pods',
  '/podtemplates',
  '/resourcequotas',
  '/serviceaccounts',
  '/services',
  'storage.k8s.io/storageclasses',
]);

/** @returns the object or a Status, as the kind does. @throws {StatusError} NotFound, Conflict, Forbidden. */
export async function remove(context: RestContext, request: RestRequest): Promise<RestResult> {
  const { kind } = request;
  const name = text(request.name);
  const entry = context.store.get(kind.storage, keyOf(request.namespace, name));
  if (entry === undefined) throw notFound(kind, name);
  const options = optionsOf(request);
  refuseProtected(kind, name);
  await context.admission.validate({
    request,
    operation: 'DELETE',
    object: undefined,
    old: entry.object,
    dryRun: options.dryRun,
  });
  const current = context.store.get(kind.storage, entry.key);
  if (current === undefined) throw notFound(kind, name);
  checkPreconditions(kind, current, options);
  const left = removeEntry(context.store, kind, current, options);
  if (left !== undefined) {
    const shown = kind.fromStored?.(left) ?? left;
    return { code: 200, object: shown, table: shown };
  }
  if (RETURNED.has(kind.storage)) {
    const shown = kind.fromStored?.(current.object) ?? current.object;
    return { code: 200, object: shown, table: shown };
  }
  return { code: 200, object: success(kind, entry.object) };
}

export async function removeCollection(context: RestContext, request: RestRequest): Promise<RestResult> {
  const { kind } = request;
  const options = optionsOf(request);
  const entries = matching(context.store, request);
  for (const entry of entries) {
    const one = {
      ...request,
      verb: 'delete' as const,
      name: entry.object.metadata.name,
      namespace: entry.object.metadata.namespace,
    };
    await context.admission.validate({
      request: one,
      operation: 'DELETE',
      object: undefined,
      old: entry.object,
      dryRun: options.dryRun,
    });
    const current = context.store.get(kind.storage, entry.key);
    if (current !== undefined) removeEntry(context.store, kind, current, options);
  }
  const items = entries.map(({ object }) => {
    const { apiVersion: _version, kind: _kind, ...rest } = object;
    return kind.custom ? object : rest;
  });
  const apiVersion = kind.group === '' ? kind.version : `${kind.group}/${kind.version}`;
  return {
    code: 200,
    object: { kind: kind.listKind, apiVersion, metadata: { resourceVersion: String(context.store.version) }, items },
  };
}

function success(kind: Kind, object: ApiObject): Record<string, unknown> {
  const { name, uid } = object.metadata;
  return {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Success',
    details: { name, ...(kind.group === '' ? {} : { group: kind.group }), kind: kind.plural, uid },
  };
}

function refuseProtected(kind: Kind, name: string): void {
  if (kind.storage === '/namespaces' && ['default', 'kube-system', 'kube-public'].includes(name)) {
    throw forbidden(kind, name, 'this namespace may not be deleted');
  }
}

function checkPreconditions(kind: Kind, { object }: Entry, { uid, version }: Options): void {
  const { metadata } = object;
  if (uid !== '' && uid !== metadata.uid) {
    throw conflict(
      // The real server names the kind here, not the resource.
      { group: kind.group, plural: kind.kind },
      metadata.name,
      `the UID in the precondition (${uid}) does not match the UID in record (${metadata.uid}). The object might have been deleted and then recreated`,
    );
  }
  if (version !== '' && version !== metadata.resourceVersion) {
    throw conflict(
      kind,
      metadata.name,
      `Precondition failed: ResourceVersion in precondition: ${version}, ResourceVersion in object meta: ${metadata.resourceVersion}`,
    );
  }
}

/** @returns the object while a finalizer or grace period still holds it, `undefined` when it is gone. */
function removeEntry(store: Store, kind: Kind, entry: Entry, options: Options): ApiObject | undefined {
  const object = clone(entry.object);
  const { metadata } = object;
  const grace = graceSeconds(kind, object, options);
  const finalizers = new Set(items(metadata.finalizers).map(text));
  if (options.propagation === 'Foreground') finalizers.add('foregroundDeletion');
  if (options.propagation === 'Orphan') finalizers.add('orphan');
  const held =
    finalizers.size > 0 || (listAt(object, 'spec', 'finalizers').length > 0 && kind.storage === '/namespaces');
  if (!held && grace === 0) {
    if (!options.dryRun) drop(store, kind, entry.key);
    return undefined;
  }
  if (metadata.deletionTimestamp !== undefined && grace >= number(metadata.deletionGracePeriodSeconds))
    return entry.object;
  metadata.deletionTimestamp = timestamp(Date.now() + grace * 1000);
  metadata.deletionGracePeriodSeconds = grace;
  if (finalizers.size > 0) metadata.finalizers = [...finalizers];
  if (kind.strategy.generation !== undefined) metadata.generation = (metadata.generation ?? 1) + 1;
  if (kind.storage === '/namespaces') ensure(object, 'status')['phase'] = 'Terminating';
  if (options.dryRun) return object;
  store.put(kind.storage, entry.key, object);
  kind.strategy.stored?.(object, entry.object);
  return object;
}

/** Only pods that run on a node have a grace period. */
function graceSeconds(kind: Kind, object: ApiObject, options: Options): number {
  if (kind.storage !== '/pods') return 0;
  const finished = ['Succeeded', 'Failed'].includes(text(at(object, 'status', 'phase')));
  if (text(at(object, 'spec', 'nodeName')) === '' || finished) return 0;
  return Math.max(0, options.grace ?? number(at(object, 'spec', 'terminationGracePeriodSeconds') ?? 30));
}

/** Removes an object at once, regardless of finalizers and grace period. */
export function drop(store: Store, kind: Kind, key: string): void {
  const gone = store.remove(kind.storage, key);
  if (gone !== undefined) kind.strategy.removed?.(gone.object);
}

/** Called after an update: removes an object that is being deleted once no finalizer or grace period holds it. */
export function finishRemoval(store: Store, kind: Kind, key: string): void {
  const object = store.get(kind.storage, key)?.object;
  if (object?.metadata.deletionTimestamp === undefined || items(object.metadata.finalizers).length > 0) return;
  if (number(object.metadata.deletionGracePeriodSeconds) > 0) return;
  if (kind.storage === '/namespaces' && listAt(object, 'spec', 'finalizers').length > 0) return;
  drop(store, kind, key);
}
