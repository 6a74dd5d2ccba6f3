/** POST: a new object. */
import { at, text } from '../../../model/fields.ts';
import { clone } from '../json.ts';
import { trackUpdate } from '../managed-fields/managers.ts';
import { type Kind, keyOf } from '../registry/kind.ts';
import { alreadyExists, badRequest, forbidden, invalid, notFound, type StatusCause } from '../status.ts';
import type { Store } from '../storage/store.ts';
import type { ApiObject } from '../types.ts';
import { objectWarnings } from '../validation/warnings.ts';
import type { RestContext } from './context.ts';
import { tellUnsupported, unsupportedIn } from './field-support.ts';
import { generatedName, metadataCauses, stampNew } from './metadata.ts';
import {
  bodyObject,
  isApply,
  isDryRun,
  placeInNamespace,
  type RestRequest,
  type RestResult,
  reportUnknown,
  writerOf,
} from './request.ts';

const NAMESPACES = { group: '', plural: 'namespaces' };

/** @throws {StatusError} AlreadyExists, Invalid, Forbidden, BadRequest, NotFound for a missing namespace. */
export async function create(context: RestContext, request: RestRequest): Promise<RestResult> {
  const { kind } = request;
  const body = bodyObject(request);
  if (text(body.metadata.resourceVersion) !== '')
    throw badRequest('resourceVersion should not be set on objects to be created');
  const decoded = kind.schema.decode(body);
  reportUnknown(request, decoded.unknown);
  let object = clone(decoded.object);
  const unsupported = unsupportedIn(context, request, object);
  placeInNamespace(request, object);
  requireLivingNamespace(context.store, kind, object);
  applyDefaults(kind, object);
  if (!isApply(request)) trackCreate(request, object);
  const dryRun = isDryRun(request);
  object = await context.admission.mutate({ request, operation: 'CREATE', object, old: undefined, dryRun });
  nameNew(object);
  prepare(kind, object);
  const causes = [...metadataCauses(kind, object), ...bodyCauses(kind, object, undefined)];
  if (causes.length > 0) throw invalid(kind.group, kind.kind, text(object.metadata.name), causes);
  if (!kind.custom) request.warnings.push(...objectWarnings(object));
  await context.admission.validate({ request, operation: 'CREATE', object, old: undefined, dryRun });
  const result = insert(context.store, kind, object, dryRun);
  tellUnsupported(context, request, object, unsupported);
  return result;
}

/** The creator does not own the status, which controllers set. */
function trackCreate(request: RestRequest, object: ApiObject): void {
  const { status: _, ...rest } = object;
  const { kind } = request;
  trackUpdate(writerOf(request), kind, kind.subresources.has('status') ? rest : object, undefined);
}

export function applyDefaults(kind: Kind, object: ApiObject): void {
  kind.schema.applyDefaults(object);
  kind.strategy.defaults?.(object);
}

/** Validates by the schema and the kind's own rules. For a custom kind, rules replace what the schema says of a field. */
export function bodyCauses(kind: Kind, object: ApiObject, old: ApiObject | undefined): StatusCause[] {
  const own = kind.strategy.validate?.(object, old) ?? [];
  const named = new Set(kind.custom ? own.map(({ field }) => field) : []);
  return [...kind.schema.validate(object, old).filter(({ field }) => !named.has(field)), ...own];
}

function nameNew(object: ApiObject): void {
  const { metadata } = object;
  if (text(metadata.name) === '' && text(metadata.generateName) !== '')
    metadata.name = generatedName(text(metadata.generateName));
}

function prepare(kind: Kind, object: ApiObject): void {
  stampNew(object);
  if (kind.custom && kind.subresources.has('status')) delete object['status'];
  if (kind.strategy.generation !== undefined) object.metadata.generation = 1;
  kind.strategy.prepareCreate?.(object);
}

function insert(store: Store, kind: Kind, object: ApiObject, dryRun: boolean): RestResult {
  const key = keyOf(object.metadata.namespace, object.metadata.name);
  if (store.get(kind.storage, key) !== undefined) throw alreadyExists(kind, object.metadata.name);
  // The namespace may have been deleted while webhooks were called.
  requireLivingNamespace(store, kind, object);
  if (dryRun) return { code: 201, object, table: object };
  const stored = kind.toStored?.(object) ?? object;
  store.put(kind.storage, key, stored);
  kind.strategy.stored?.(stored, undefined);
  const shown = kind.fromStored?.(stored) ?? stored;
  return { code: 201, object: shown, table: shown };
}

function requireLivingNamespace(store: Store, kind: Kind, object: ApiObject): void {
  if (!kind.namespaced) return;
  const name = text(object.metadata.namespace);
  const namespace = store.get('/namespaces', name);
  if (namespace === undefined) throw notFound(NAMESPACES, name);
  if (at(namespace.object, 'metadata', 'deletionTimestamp') === undefined) return;
  const why = `unable to create new content in namespace ${name} because it is being terminated`;
  throw forbidden(kind, text(object.metadata.name), why, [
    { reason: 'NamespaceTerminating', message: `namespace ${name} is being terminated`, field: 'metadata.namespace' },
  ]);
}
