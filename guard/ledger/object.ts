/** Objects of the API as the guard reads them. */

import { ApiError, type Rest } from '../../kube/rest.ts';
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
    return (await rest.json('GET', pathOf(gvr, name))) as KubeObject;
  } catch (error) {
    if (error instanceof ApiError && error.code === 404) return undefined;
    throw error;
  }
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
  const list = (await rest.json('GET', `${pathOf(gvr)}?${query}`)) as {
    apiVersion: string;
    kind: string;
    items?: readonly KubeObject[];
  };
  const kind = list.kind.replace(/List$/, '');
  return (list.items ?? []).map((item) => ({ ...item, apiVersion: list.apiVersion, kind }));
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
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...keys].every((key) => sameJson((a as Record<string, unknown>)[key], (b as Record<string, unknown>)[key]));
}

/** True if everything in `part` is in `whole`; lists must have the same length. */
export function contains(whole: unknown, part: unknown): boolean {
  if (typeof part !== 'object' || part === null) return whole === part;
  if (typeof whole !== 'object' || whole === null || Array.isArray(whole) !== Array.isArray(part)) return false;
  if (Array.isArray(part) && part.length !== (whole as unknown[]).length) return false;
  return Object.entries(part).every(([key, value]) => contains((whole as Record<string, unknown>)[key], value));
}
