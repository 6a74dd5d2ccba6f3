/** From the new state of an object to the stored one: admission, validation, versions. */

import { text } from '../../../model/fields.ts';
import { equal } from '../json.ts';
import { trackUpdate } from '../managed-fields/managers.ts';
import { type Kind, keyOf } from '../registry/kind.ts';
import { conflict, invalid, MODIFIED, notFound, type StatusCause } from '../status.ts';
import type { Entry, Store } from '../storage/store.ts';
import type { ApiObject } from '../types.ts';
import { objectWarnings } from '../validation/warnings.ts';
import type { RestContext } from './context.ts';
import { applyDefaults, bodyCauses } from './create.ts';
import { finishRemoval } from './delete.ts';
import { tellUnsupported, unsupportedIn } from './field-support.ts';
import { keepSystemFields, metadataCauses } from './metadata.ts';
import { isApply, isDryRun, placeInNamespace, type RestRequest, type RestResult, writerOf } from './request.ts';
import { changesStatus, restrict } from './writable-parts.ts';

/** The new state of an object, computed from its current state. */
export interface Wanted {
  make(current: ApiObject): ApiObject;
  /** Whether the client gave the resourceVersion it changes. Otherwise the change applies to the latest version. */
  readonly versioned: boolean;
}

/** Retries when the object changed during a webhook call and the client gave no resourceVersion. */
export async function change(context: RestContext, request: RestRequest, wanted: Wanted): Promise<RestResult> {
  for (;;) {
    const before = find(context.store, request);
    if (before === undefined) throw notFound(request.kind, text(request.name));
    const outcome = await attempt(context, request, before, wanted);
    if (outcome !== 'changed meanwhile') return outcome;
  }
}

async function attempt(
  context: RestContext,
  request: RestRequest,
  before: Entry,
  wanted: Wanted,
): Promise<RestResult | 'changed meanwhile'> {
  const { kind } = request;
  const old = kind.fromStored?.(before.object) ?? before.object;
  let object = wanted.make(old);
  placeInNamespace(request, object);
  const pinned = wanted.versioned && checkVersion(kind, object, before);
  checkUid(kind, object, old);
  delete object.metadata.resourceVersion;
  object = restrict(request, object, old);
  keepSystemFields(object, old);
  const unsupported = unsupportedIn(context, request, object, old);
  applyDefaults(kind, object);
  if (!isApply(request)) trackUpdate(writerOf(request), kind, object, old);
  const dryRun = isDryRun(request);
  object = await context.admission.mutate({ request, operation: 'UPDATE', object, old, dryRun });
  if (request.subresource === undefined) kind.strategy.prepareUpdate?.(object, old);
  if (!changesStatus(request)) countGeneration(kind, object, old);
  const causes = [
    ...finalizerCauses(object, old),
    ...metadataCauses(kind, object),
    ...(request.subresource === undefined
      ? bodyCauses(kind, object, old)
      : [
          ...kind.schema.validate(object, old),
          ...(kind.strategy.validateSubresource?.(object, old, request.subresource) ?? []),
        ]),
  ];
  if (causes.length > 0) throw invalid(kind.group, kind.kind, object.metadata.name, causes);
  await context.admission.validate({ request, operation: 'UPDATE', object, old, dryRun });
  if (find(context.store, request) !== before) {
    if (pinned) throw conflict(kind, object.metadata.name, MODIFIED);
    return 'changed meanwhile';
  }
  if (request.subresource === undefined) warnOfChange(request, object, old);
  const result = write(context.store, request, object, before, dryRun);
  tellUnsupported(context, request, object, unsupported);
  return result;
}

/** Workloads warn only when their spec has changed. */
function warnOfChange({ kind, warnings }: RestRequest, object: ApiObject, old: ApiObject): void {
  const isSame = kind.strategy.generation !== undefined && object.metadata.generation === old.metadata.generation;
  if (!kind.custom && !isSame) warnings.push(...objectWarnings(object));
}

/** An object that is being deleted cannot get new finalizers. */
function finalizerCauses(object: ApiObject, old: ApiObject): StatusCause[] {
  if (old.metadata.deletionTimestamp === undefined) return [];
  const added = (object.metadata.finalizers ?? []).filter((one) => !(old.metadata.finalizers ?? []).includes(one));
  if (added.length === 0) return [];
  const names = added.map((one) => JSON.stringify(one)).join(', ');
  const message = `Forbidden: no new finalizers can be added if the object is being deleted, found new finalizers []string{${names}}`;
  return [{ reason: 'FieldValueForbidden', message, field: 'metadata.finalizers' }];
}

function write(store: Store, request: RestRequest, object: ApiObject, before: Entry, dryRun: boolean): RestResult {
  const { kind } = request;
  const old = kind.fromStored?.(before.object) ?? before.object;
  object.metadata.resourceVersion = text(old.metadata.resourceVersion);
  if (dryRun || equal(object, old)) return { code: 200, object: dryRun ? object : old, table: dryRun ? object : old };
  const stored = kind.toStored?.(object) ?? object;
  const { storage, strategy } = kind;
  store.put(storage, before.key, stored);
  strategy.stored?.(stored, before.object);
  finishRemoval(store, kind, before.key);
  const shown = kind.fromStored?.(stored) ?? stored;
  return { code: 200, object: shown, table: shown };
}

/** @returns whether the client gave the resourceVersion it changes. */
function checkVersion(kind: Kind, object: ApiObject, before: Entry): boolean {
  const version = text(object.metadata.resourceVersion);
  if (version === '' || version === '0') {
    if ((kind.custom && version === '') || kind.strategy.needsVersion === true) {
      // For built-in kinds, the real server names the resource here instead of the kind.
      throw invalid(kind.group, kind.custom ? kind.kind : kind.plural, object.metadata.name, [
        {
          reason: 'FieldValueInvalid',
          message: `Invalid value: ${kind.custom ? '0x0' : '0'}: must be specified for an update`,
          field: 'metadata.resourceVersion',
        },
      ]);
    }
    return false;
  }
  if (version !== before.object.metadata.resourceVersion) throw conflict(kind, object.metadata.name, MODIFIED);
  return true;
}

function checkUid(kind: Kind, object: ApiObject, old: ApiObject): void {
  const uid = text(object.metadata.uid);
  if (uid !== '' && uid !== old.metadata.uid) {
    throw conflict(
      kind,
      object.metadata.name,
      `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${old.metadata.uid}`,
    );
  }
}

function countGeneration(kind: Kind, object: ApiObject, old: ApiObject): void {
  const { generation: counts } = kind.strategy;
  if (counts === undefined) return;
  const generation = old.metadata.generation ?? 1;
  const body = ({ metadata: _m, status: _s, ...rest }: ApiObject) => rest;
  const statusCounts = kind.custom && !kind.subresources.has('status') && !equal(object['status'], old['status']);
  const annotated =
    counts === 'annotations-count' && !equal(object.metadata.annotations ?? {}, old.metadata.annotations ?? {});
  const isChanged = statusCounts || annotated || !equal(body(object), body(old));
  object.metadata.generation = isChanged ? generation + 1 : generation;
}

/** The stored object that the request names. */
export function find(store: Store, request: RestRequest): Entry | undefined {
  return store.get(request.kind.storage, keyOf(request.namespace, text(request.name)));
}
