/** Server-side apply: removes fields that a manager no longer applies, and refuses to change fields that others own. */
import { type Fields, isRecord, items, text } from '../../../model/fields.ts';
import { type MutableFields, timestamp } from '../json.ts';
import { compare, itemKey } from '../managed-fields/compare.ts';
import {
  difference,
  EMPTY,
  type FieldSet,
  intersection,
  isEmpty,
  touches,
  union,
} from '../managed-fields/field-set.ts';
import {
  type Identity,
  isSame,
  type Manager,
  ownable,
  ownedFields,
  readManagers,
  without,
  writeManagers,
} from '../managed-fields/managers.ts';
import { apiVersionOf, type MergeSchema } from '../registry/kind.ts';
import type { RestRequest } from '../rest/request.ts';
import { badRequest, invalid } from '../status.ts';
import { type ApiObject, apiObject } from '../types.ts';
import { conflictError } from './conflicts.ts';

/** The name has no owner and is never removed. */
const IDENTITY: FieldSet = {
  members: new Set(),
  children: new Map([['f:metadata', { members: new Set(['f:name']), children: new Map() }]]),
};

/** @returns the object after the apply, with its owners updated. @throws {StatusError} Conflict, Invalid, BadRequest. */
export function serverSideApply(request: RestRequest, current: ApiObject): ApiObject {
  const { kind } = request;
  const applied = configurationOf(request);
  const applier: Identity = {
    manager: request.fieldManager,
    operation: 'Apply',
    apiVersion: apiVersionOf(kind),
    subresource: text(request.subresource),
  };
  const managers = withFirst(request, current);
  const others = managers.filter((one) => !isSame(one, applier));
  const last = managers.find((one) => isSame(one, applier));
  const set = ownedFields(applied, kind);
  const merged = mergeApplied(current, applied, kind.schema.merge);
  const kept = others.reduce((all, one) => union(all, one.set), union(set, IDENTITY));
  const wanted = apiObject(removeFields(merged, last?.set ?? EMPTY, kept, kind.schema.merge));
  const { changed, removed } = compare(ownable(current), ownable(wanted), kind.schema.merge);
  if (request.query.get('force') !== 'true') refuseConflicts(others, changed);
  const isUnchanged = last !== undefined && isEmpty(difference(set, last.set)) && isEmpty(difference(last.set, set));
  const entry: Manager = isUnchanged ? last : { ...applier, time: timestamp(), set };
  const managedFields = writeManagers([...others.map((one) => without(one, changed, removed)), entry]);
  return { ...wanted, metadata: { ...wanted.metadata, managedFields } };
}

/** The part of the body that the endpoint applies. @throws {StatusError} when the body is not a valid configuration. */
function configurationOf({ query, body, kind, subresource }: RestRequest): Fields {
  if ((query.get('fieldManager') ?? '') === '')
    throw invalid('meta.k8s.io', 'PatchOptions', '', [
      { reason: 'FieldValueRequired', message: 'Required value: is required for apply patch', field: 'fieldManager' },
    ]);
  if (!isRecord(body)) throw badRequest('the applied configuration must be an object');
  if (text(body['kind']) === '' || text(body['apiVersion']) === '') {
    const [group = '', version = ''] = text(body['apiVersion']).split('/');
    throw badRequest(`invalid object type: ${group}/${version}, Kind=${text(body['kind'])}`);
  }
  if (isRecord(body['metadata']) && items(body['metadata']['managedFields']).length > 0)
    throw badRequest('metadata.managedFields must be nil');
  const { status, ...rest } = body;
  if (subresource === 'status') {
    const { apiVersion, kind: named, metadata } = body;
    return { apiVersion, kind: named, metadata, ...(status === undefined ? {} : { status }) };
  }
  return kind.subresources.has('status') ? rest : body;
}

/** On the first apply, existing fields without an owner go to one manager that stands for all earlier writers. */
function withFirst({ kind }: RestRequest, current: ApiObject): Manager[] {
  const managers = readManagers(current);
  if (managers.length > 0 || current.metadata.uid === undefined) return managers;
  const first = { manager: 'before-first-apply', operation: 'Update', subresource: '' } as const;
  return [{ ...first, apiVersion: apiVersionOf(kind), time: timestamp(), set: ownedFields(current, kind) }];
}

function refuseConflicts(others: readonly Manager[], changed: FieldSet): void {
  const conflicts = others
    .map((manager) => ({ manager, fields: intersection(manager.set, changed) }))
    .filter(({ fields }) => !isEmpty(fields));
  if (conflicts.length > 0) throw conflictError(conflicts);
}

/** Merges a configuration into the object. Keyed lists merge by all their keys, sets are united, other values replaced. */
function mergeApplied(target: unknown, applied: Fields, schema: MergeSchema | undefined): Fields {
  const result: MutableFields = isRecord(target) ? { ...target } : {};
  for (const [key, value] of Object.entries(applied)) {
    const inside = schema?.field(key);
    if (isRecord(value) && inside?.atomic !== true) result[key] = mergeApplied(result[key], value, inside);
    else if (Array.isArray(value) && inside?.listKeys !== undefined)
      result[key] = mergeItems(items(result[key]), value, inside.listKeys, inside.items);
    else result[key] = value;
  }
  return result;
}

/** Existing items keep their position, unless the configuration lists them in another order. */
function mergeItems(
  before: readonly unknown[],
  applied: readonly unknown[],
  keys: readonly string[],
  schema: MergeSchema | undefined,
): unknown[] {
  const result = [...before];
  for (const item of applied) {
    const id = itemKey(item, keys);
    const index = result.findIndex((one) => itemKey(one, keys) === id);
    if (index < 0) result.push(item);
    else if (isRecord(item)) result[index] = mergeApplied(result[index], item, schema);
  }
  const order = applied.map((item) => itemKey(item, keys));
  const named = result.filter((item) => order.includes(itemKey(item, keys)));
  named.sort((a, b) => order.indexOf(itemKey(a, keys)) - order.indexOf(itemKey(b, keys)));
  return result.map((item) => (order.includes(itemKey(item, keys)) ? named.shift() : item));
}

/** Removes the fields in `previous` that are not in `kept`. */
function removeFields(object: Fields, previous: FieldSet, kept: FieldSet, schema: MergeSchema | undefined): Fields {
  const result: MutableFields = { ...object };
  for (const key of new Set([...previous.members, ...previous.children.keys()])) {
    const name = key.slice(2);
    const below = previous.children.get(key);
    if (!touches(kept, key)) delete result[name];
    else if (below !== undefined)
      result[name] = removeInside(result[name], below, kept.children.get(key) ?? EMPTY, schema?.field(name));
  }
  return result;
}

function removeInside(value: unknown, previous: FieldSet, kept: FieldSet, schema: MergeSchema | undefined): unknown {
  if (isRecord(value)) return removeFields(value, previous, kept, schema);
  const keys = schema?.listKeys;
  if (!Array.isArray(value) || keys === undefined) return value;
  // Who owns a field of an item does not own the item.
  const isGone = (key: string) => previous.members.has(key) && !kept.members.has(key);
  return value
    .filter((item) => !isGone(itemKey(item, keys)))
    .map((item) => {
      const key = itemKey(item, keys);
      const below = previous.children.get(key);
      if (below === undefined || !isRecord(item)) return item;
      return removeFields(item, below, kept.children.get(key) ?? EMPTY, schema?.items);
    });
}
