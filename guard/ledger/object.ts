/** Objects of the API as the guard reads them. */

import { kindOfItems, notAnObject } from '../../kube/objects.ts';
import { ApiError, type Rest } from '../../kube/rest.ts';
import { isRecord, listAt, recordsAt, textAt } from '../../model/fields.ts';
import { type GroupVersionResource, pathOf } from '../proxy/request-info.ts';
import type { Snapshot } from './entry.ts';

export interface OwnerReference {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly uid: string;
  readonly controller?: boolean;
}

export interface KubeObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly uid: string;
    readonly resourceVersion: string;
    readonly creationTimestamp: string;
    readonly deletionTimestamp?: string;
    readonly finalizers?: readonly string[];
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
    readonly ownerReferences?: readonly OwnerReference[];
    readonly managedFields?: readonly { readonly manager?: string }[];
  };
  readonly [key: string]: unknown;
}

/**
 * @returns undefined if there is none.
 * @throws {ApiError}
 */
export async function getObject(rest: Rest, gvr: GroupVersionResource, name: string): Promise<KubeObject | undefined> {
  try {
    return objectIn(await rest.json('GET', pathOf(gvr, name)));
  } catch (error) {
    if (error instanceof ApiError && error.code === 404) return undefined;
    throw error;
  }
}

/** @throws {ApiError} */
export async function createObject(rest: Rest, gvr: GroupVersionResource, body: object): Promise<KubeObject> {
  return objectIn(await rest.json('POST', pathOf(gvr), { body }));
}

/**
 * @returns all objects that the query selects, with the kind, which items of a list omit.
 * @throws {ApiError}
 */
export async function listObjects(
  rest: Rest,
  gvr: GroupVersionResource,
  query: URLSearchParams,
): Promise<readonly KubeObject[]> {
  const list = await rest.json('GET', `${pathOf(gvr)}?${query}`);
  const kind = kindOfItems(list);
  return listAt(list, 'items').map((item) => ({ ...objectIn(item), ...kind }));
}

/** Servers give every stored object the rest of its metadata. */
export function isKubeObject(value: unknown): value is KubeObject {
  return isRecord(value) && textAt(value, 'metadata', 'name') !== undefined;
}

/** A version in which a CustomResourceDefinition's kind is served; undefined if there is none. */
export function servedVersion(definition: KubeObject | undefined): string | undefined {
  const served = recordsAt(definition, 'spec', 'versions').find((version) => version['served'] === true);
  return textAt(served, 'name');
}

/** @throws {ApiError} `NotAnObject` */
function objectIn(answer: unknown): KubeObject {
  if (isKubeObject(answer)) return answer;
  throw notAnObject(answer);
}

/** Managed by the server; must not be restored. */
const MANAGED = new Set([
  'uid',
  'resourceVersion',
  'generation',
  'creationTimestamp',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
  'managedFields',
  'selfLink',
]);

export function snapshotOf(object: KubeObject): Snapshot {
  const { status: _status, metadata, ...rest } = object;
  const kept = Object.fromEntries(Object.entries(metadata).filter(([key]) => !MANAGED.has(key)));
  return { ...rest, metadata: { ...kept, name: metadata.name } };
}

/** Deep equality of JSON documents, whatever the order of keys. */
export function sameJson(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (Array.isArray(a) && Array.isArray(b))
    return a.length === b.length && a.every((item, index) => sameJson(item, b[index]));
  if (!isRecord(a) || !isRecord(b)) return false;
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].every((key) => sameJson(a[key], b[key]));
}

/** True if everything in `part` is in `whole`; lists must have the same length. */
export function contains(whole: unknown, part: unknown): boolean {
  if (Array.isArray(part) && Array.isArray(whole))
    return part.length === whole.length && part.every((item, index) => contains(whole[index], item));
  if (!isRecord(part)) return whole === part;
  return isRecord(whole) && Object.entries(part).every(([key, value]) => contains(whole[key], value));
}
