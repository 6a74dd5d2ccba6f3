/** Ownership of an object's fields: reads, updates and writes `metadata.managedFields`. */
import { type Fields, fields, isRecord, items, records, text } from '../../../model/fields.ts';
import { timestamp } from '../json.ts';
import type { Kind } from '../registry/kind.ts';
import type { ApiObject } from '../types.ts';
import { compare, fieldsOf } from './compare.ts';
import { difference, EMPTY, type FieldSet, isEmpty, parseFieldSet, union, writeFieldSet } from './field-set.ts';

/** A manager, with its operation and endpoint. Each combination has its own entry. */
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

/** Whether two entries belong together. Apply has one entry for all versions of a kind, Update has one for each version. */
export function isSame(a: Identity, b: Identity): boolean {
  const alike = a.manager === b.manager && a.operation === b.operation && a.subresource === b.subresource;
  return alike && (a.operation === 'Apply' || a.apiVersion === b.apiVersion);
}

/** Metadata that has no owner: it identifies the object, or is set by the server. */
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
 * Records in `object`, which is changed, the fields that its writer now owns. Other managers lose the fields that were
 * changed or removed.
 * @param old before the write, `undefined` for a new object.
 */
export function trackUpdate(writer: Identity, kind: Kind, object: ApiObject, old: ApiObject | undefined): void {
  const { metadata } = object;
  if (isReset(metadata.managedFields)) {
    delete metadata.managedFields;
    return;
  }
  const managers = old === undefined ? [] : readManagers(metadata.managedFields === undefined ? old : object);
  // An object without owners gets some by apply only.
  if (old !== undefined && managers.length === 0) {
    delete metadata.managedFields;
    return;
  }
  const { changed, removed } = compare(ownable(old ?? {}), ownable(object), kind.schema.merge);
  const others = managers.filter((one) => !isSame(one, writer));
  const own = managers.find((one) => isSame(one, writer));
  const set = union(difference(own?.set ?? EMPTY, removed), changed);
  const isUnchanged = isEmpty(changed) && isEmpty(removed);
  const entry: Manager = isUnchanged && own !== undefined ? own : { ...writer, time: timestamp(), set };
  const written = writeManagers([...others.map((one) => without(one, changed, removed)), entry]);
  if (written.length === 0) delete metadata.managedFields;
  else metadata.managedFields = written;
}

/** The manager without the fields that another writer has changed or removed. */
export function without(manager: Manager, changed: FieldSet, removed: FieldSet): Manager {
  return { ...manager, set: difference(difference(manager.set, changed), removed) };
}

/** An empty list, or one empty entry, clears all owners (Kubernetes documentation, "Clearing managedFields"). */
function isReset(managedFields: unknown): boolean {
  const entries = items(managedFields);
  if (!Array.isArray(managedFields)) return false;
  return entries.every((one) => isRecord(one) && Object.keys(one).length === 0);
}
