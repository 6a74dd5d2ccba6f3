/** Server-side apply: what a manager applied before and no longer names is removed; what another applied is a conflict. */
import { equal, type Fields, isFields, items, records, text, timestamp } from '../json.ts';
import type { MergeSchema } from '../registry/kind.ts';
import type { RestRequest } from '../rest/request.ts';
import { badRequest, invalid, StatusError } from '../status.ts';
import type { ApiObject } from '../types.ts';

interface Managed extends Fields {
  manager: string;
  operation: string;
}

export function serverSideApply(request: RestRequest, current: ApiObject): unknown {
  const manager = request.query.get('fieldManager') ?? '';
  if (manager === '')
    throw invalid('meta.k8s.io', 'PatchOptions', '', [
      { reason: 'FieldValueRequired', message: 'Required value: is required for apply patch', field: 'fieldManager' },
    ]);
  const applied = request.body;
  if (!isFields(applied)) throw badRequest('the applied configuration must be an object');
  if (text(applied['kind']) === '' || text(applied['apiVersion']) === '') {
    const [group = '', version = ''] = text(applied['apiVersion']).split('/');
    throw badRequest(`invalid object type: ${group}/${version}, Kind=${text(applied['kind'])}`);
  }
  const { schema } = request.kind;
  const owned = fieldSet(applied, schema.merge, true);
  const entries = records(current.metadata.managedFields) as Managed[];
  const same = (entry: Managed) =>
    entry.manager === manager &&
    entry.operation === 'Apply' &&
    text(entry['subresource']) === text(request.subresource);
  const others = entries.filter((entry) => !same(entry));
  if (request.query.get('force') !== 'true') refuseConflicts(others, owned, applied, current, schema.merge);
  const previous = entries.find(same)?.['fieldsV1'];
  const pruned = isFields(previous)
    ? removeFields(
        current,
        previous,
        owned,
        others.map((one) => one['fieldsV1']),
      )
    : current;
  const merged = mergeApplied(pruned, applied, schema.merge) as ApiObject;
  const managed = {
    manager,
    operation: 'Apply',
    apiVersion: current.apiVersion,
    time: timestamp(),
    fieldsType: 'FieldsV1',
    fieldsV1: owned,
  };
  const kept = entries.find(same);
  const unchanged = kept !== undefined && equal(kept['fieldsV1'], owned) ? kept : managed;
  const entry = request.subresource === undefined ? unchanged : { ...unchanged, subresource: request.subresource };
  return { ...merged, metadata: { ...merged.metadata, managedFields: [...others, entry] } };
}

const IDENTITY = new Set(['apiVersion', 'kind']);

/** The `fieldsV1` of a configuration: `f:field`, `k:{"name":"x"}` for items of keyed lists, `v:value` for sets. */
function fieldSet(value: Fields, schema: MergeSchema | undefined, root = false): Fields {
  const set: Fields = {};
  for (const [key, field] of Object.entries(value)) {
    if (root && IDENTITY.has(key)) continue;
    if (root && key === 'metadata' && isFields(field)) {
      const { name: _n, namespace: _s, ...rest } = field;
      if (Object.keys(rest).length > 0) set['f:metadata'] = fieldSet(rest, schema?.child(key));
    } else set[`f:${key}`] = fieldSetOf(field, key, schema);
  }
  return set;
}

function fieldSetOf(field: unknown, key: string, schema: MergeSchema | undefined): Fields {
  if (isFields(field)) return schema?.atomic(key) === true ? {} : fieldSet(field, schema?.child(key));
  const keys = schema?.listKeys(key);
  if (!Array.isArray(field) || keys === undefined) return {};
  const set: Fields = {};
  for (const item of field) {
    if (isFields(item)) set[itemKey(item, keys)] = { '.': {}, ...fieldSet(item, schema?.child(key)) };
    else set[`v:${JSON.stringify(item)}`] = {};
  }
  return set;
}

const KEY_DEFAULTS: Fields = { protocol: 'TCP' };

function itemKey(item: Fields, keys: readonly string[]): string {
  const id: Fields = {};
  for (const key of keys) id[key] = item[key] ?? KEY_DEFAULTS[key];
  return `k:${JSON.stringify(id)}`;
}

/** Merges a configuration into the object: keyed lists by all their keys, sets as unions, the rest replaced. */
function mergeApplied(target: unknown, applied: Fields, schema: MergeSchema | undefined): Fields {
  const result: Fields = isFields(target) ? { ...target } : {};
  for (const [key, value] of Object.entries(applied)) {
    const keys = schema?.listKeys(key);
    if (isFields(value) && schema?.atomic(key) !== true)
      result[key] = mergeApplied(result[key], value, schema?.child(key));
    else if (Array.isArray(value) && keys !== undefined)
      result[key] = mergeItems(items(result[key]), value, keys, schema?.child(key));
    else result[key] = value;
  }
  return result;
}

function mergeItems(
  before: unknown[],
  applied: unknown[],
  keys: readonly string[],
  schema: MergeSchema | undefined,
): unknown[] {
  const result = [...before];
  for (const item of applied) {
    if (!isFields(item)) {
      if (!result.includes(item)) result.push(item);
      continue;
    }
    const id = itemKey(item, keys);
    const index = result.findIndex((one) => isFields(one) && itemKey(one, keys) === id);
    if (index < 0) result.push(item);
    else result[index] = mergeApplied(result[index], item, schema);
  }
  return result;
}

/** Removes what `previous` names and neither the new configuration nor another manager does. */
function removeFields(object: ApiObject, previous: Fields, owned: Fields, others: unknown[]): Fields {
  const result: Fields = { ...object };
  for (const [key, inside] of Object.entries(previous)) {
    if (!key.startsWith('f:')) continue;
    const field = key.slice(2);
    const now = owned[key];
    const alsoOthers = others.map((one) => (isFields(one) ? one[key] : undefined)).filter(isFields);
    const value = result[field];
    if (now === undefined && alsoOthers.length === 0) delete result[field];
    else if (isFields(value) && isFields(inside)) {
      result[field] = removeFields(value as ApiObject, inside, isFields(now) ? now : {}, alsoOthers);
    } else if (Array.isArray(value) && isFields(inside)) {
      result[field] = removeItems(value, inside, isFields(now) ? now : {}, alsoOthers);
    }
  }
  return result;
}

function removeItems(list: unknown[], previous: Fields, owned: Fields, others: Fields[]): unknown[] {
  const gone = Object.keys(previous).filter(
    (key) => owned[key] === undefined && !others.some((one) => one[key] !== undefined),
  );
  const kept = list.filter((item) => !gone.some((key) => isItem(item, key)));
  return kept.map((item) => {
    const key = Object.keys(previous).find((one) => isItem(item, one));
    const before = key === undefined ? undefined : previous[key];
    if (key === undefined || !isFields(item) || !isFields(before)) return item;
    const now = owned[key];
    return removeFields(
      item as ApiObject,
      before,
      isFields(now) ? now : {},
      others.map((one) => one[key]),
    );
  });
}

function isItem(item: unknown, key: string): boolean {
  const value: unknown = JSON.parse(key.slice(2));
  if (key.startsWith('v:')) return equal(item, value);
  return (
    isFields(item) &&
    isFields(value) &&
    Object.entries(value).every(([field, one]) => (item[field] ?? KEY_DEFAULTS[field]) === one)
  );
}

function refuseConflicts(
  others: Managed[],
  owned: Fields,
  applied: Fields,
  current: ApiObject,
  schema: MergeSchema | undefined,
): void {
  const merged = mergeApplied(current, applied, schema);
  for (const other of others) {
    const fields = conflicts(owned, other['fieldsV1'], current, merged, '');
    if (fields.length === 0) continue;
    const list = fields.join(', ');
    throw new StatusError(
      409,
      'Conflict',
      `Apply failed with ${fields.length} conflict${fields.length === 1 ? '' : 's'}: conflict${fields.length === 1 ? '' : 's'} with "${other.manager}": ${list}`,
      {
        causes: fields.map((field) => ({
          reason: 'FieldManagerConflict',
          message: `conflict with "${other.manager}"`,
          field,
        })),
      },
    );
  }
}

/** Paths of leaves that both own and whose value would change. */
function conflicts(mine: Fields, theirs: unknown, before: unknown, after: unknown, path: string): string[] {
  if (!isFields(theirs)) return [];
  const found: string[] = [];
  for (const [key, inside] of Object.entries(mine)) {
    const other = theirs[key];
    if (!isFields(other) || key === '.') continue;
    const [old, now, name] = step(key, before, after);
    const here = `${path}${name}`;
    const deeper = isFields(inside) && Object.keys(inside).length > 0 && Object.keys(other).length > 0;
    if (deeper && isFields(inside)) found.push(...conflicts(inside, other, old, now, here));
    else if (!equal(old, now)) found.push(here);
  }
  return found;
}

function step(key: string, before: unknown, after: unknown): [unknown, unknown, string] {
  const name = key.slice(2);
  if (key.startsWith('f:'))
    return [isFields(before) ? before[name] : undefined, isFields(after) ? after[name] : undefined, `.${name}`];
  const pick = (list: unknown) => items(list).find((item) => isItem(item, key));
  return [
    pick(before),
    pick(after),
    `[${name
      .replace(/^\{|\}$/g, '')
      .replaceAll('"', '')
      .replaceAll(':', '=')}]`,
  ];
}
