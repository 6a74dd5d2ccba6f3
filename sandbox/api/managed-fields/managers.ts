/** Who owns which fields of an object: `metadata.managedFields`, read, kept up with changes, and written. */
import { type Fields, fields, isFields, items, records, text, timestamp } from '../json.ts';
import type { Kind } from '../registry/kind.ts';
import type { ApiObject } from '../types.ts';
import { compare, fieldsOf } from './compare.ts';
import { difference, EMPTY, type FieldSet, isEmpty, parseFieldSet, union, writeFieldSet } from './field-set.ts';

/** A manager, by what it does and through which endpoint. */
export interface Identity {
  readonly manager: string;
  readonly operation: 'Apply' | 'Update';
  readonly apiVersion: string;
  /** Empty for the object's own endpoint. */
  readonly subresource: string;
}

export interface Manager extends Identity {
  readonly time: string;
  readonly set: FieldSet;
}

export function readManagers({ metadata }: ApiObject): Manager[] {
  return records(metadata.managedFields).map((entry) => ({
    manager: text(entry['manager']),
    operation: entry['operation'] === 'Apply' ? 'Apply' : 'Update',
    apiVersion: text(entry['apiVersion']),
    subresource: text(entry['subresource']),
    time: text(entry['time']),
    set: parseFieldSet(entry['fieldsV1']),
  }));
}

export function writeManagers(managers: readonly Manager[]): Fields[] {
  return managers
    .filter(({ set }) => !isEmpty(set))
    .map(({ manager, operation, apiVersion, subresource, time, set }) => ({
      ...(manager === '' ? {} : { manager }),
      operation,
      apiVersion,
      time,
      fieldsType: 'FieldsV1',
      fieldsV1: writeFieldSet(set),
      ...(subresource === '' ? {} : { subresource }),
    }));
}

/** An applier is the same in all versions of a kind; who updates is another one in each. */
export function isSame(a: Identity, b: Identity): boolean {
  const alike = a.manager === b.manager && a.operation === b.operation && a.subresource === b.subresource;
  return alike && (a.operation === 'Apply' || a.apiVersion === b.apiVersion);
}

/** Fields that nobody owns: they say what the object is, or are the server's own. */
const UNOWNED: ReadonlySet<string> = new Set([
  'name',
  'namespace',
  'creationTimestamp',
  'selfLink',
  'uid',
  'generation',
  'managedFields',
  'resourceVersion',
]);

/** The part of an object that has owners. */
export function ownable(object: Fields): Fields {
  const { apiVersion: _a, kind: _k, metadata, ...rest } = object;
  const owned = Object.entries(fields(metadata)).filter(([key]) => !UNOWNED.has(key));
  return owned.length === 0 ? rest : { ...rest, metadata: Object.fromEntries(owned) };
}

/** The fields of an object that have owners. */
export function ownedFields(object: Fields, kind: Kind): FieldSet {
  return fieldsOf(ownable(object), kind.schema.merge);
}

/**
 * Notes in `object`, which is changed, what its writer now owns. Whoever owned a field before that changes or goes owns it no more.
 * @param old before the write, `undefined` for a new object.
 */
export function trackUpdate(writer: Identity, kind: Kind, object: ApiObject, old: ApiObject | undefined): void {
  const { metadata } = object;
  if (isReset(metadata.managedFields)) {
    delete metadata.managedFields;
    return;
  }
  const { changed, removed } = compare(ownable(old ?? {}), ownable(object), kind.schema.merge);
  const managers = old === undefined ? [] : readManagers(metadata.managedFields === undefined ? old : object);
  const others = managers.filter((one) => !isSame(one, writer));
  const own = managers.find((one) => isSame(one, writer));
  const set = union(difference(own?.set ?? EMPTY, removed), changed);
  const isUnchanged = isEmpty(changed) && isEmpty(removed);
  const entry: Manager = isUnchanged && own !== undefined ? own : { ...writer, time: timestamp(), set };
  const written = writeManagers([...others.map((one) => without(one, changed, removed)), entry]);
  if (written.length === 0) delete metadata.managedFields;
  else metadata.managedFields = written;
}

export function without(manager: Manager, changed: FieldSet, removed: FieldSet): Manager {
  return { ...manager, set: difference(difference(manager.set, changed), removed) };
}

/** An empty list, or one empty entry, asks to forget all owners (Kubernetes documentation, "Clearing managedFields"). */
function isReset(managedFields: unknown): boolean {
  const entries = items(managedFields);
  if (!Array.isArray(managedFields)) return false;
  return entries.every((one) => isFields(one) && Object.keys(one).length === 0);
}
