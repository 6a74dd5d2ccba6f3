/** Brings objects to a desired state. Fields that the desired state does not mention are left unchanged. */

import { ApiError, type Client, type KubeObject, type Resource, resource } from '../client/client.ts';
import type { AnyObject } from '../client/kinds.ts';

/** Creates the object, or patches it when a mentioned field differs. Does not write `status`. @returns the stored object. */
export async function createOrPatch<T extends KubeObject>(client: Client, of: Resource<T>, desired: T): Promise<T> {
  const { name, namespace } = desired.metadata;
  const existing = await client.find(of, name, namespace);
  if (existing !== undefined) {
    if (contains(existing, desired)) return existing;
    return client.patch(of, name, namespace, desired);
  }
  try {
    return await client.create(of, desired);
  } catch (error) {
    if (error instanceof ApiError && error.reason === 'AlreadyExists')
      return client.patch(of, name, namespace, desired);
    throw error;
  }
}

/** Whether every field of `part` has the same value in `whole`. Lists must have the same length. */
export function contains(whole: unknown, part: unknown): boolean {
  if (Array.isArray(part)) {
    return (
      Array.isArray(whole) && whole.length === part.length && part.every((item, index) => contains(whole[index], item))
    );
  }
  if (part === null || typeof part !== 'object') return whole === part;
  if (whole === null || typeof whole !== 'object') return Object.keys(part).length === 0 && whole === undefined;
  const fields: Record<string, unknown> = { ...whole };
  return Object.entries(part).every(([key, value]) => contains(fields[key], value));
}

/**
 * Replaces the whole status.
 * @param guard `if-unchanged`, for a status with several writers: fails with a Conflict if the object has changed since it
 * was read.
 * @throws {ApiError}
 */
export async function putStatus<T extends KubeObject & { status?: object }>(
  client: Client,
  of: Resource<T>,
  object: T,
  status: object,
  guard?: 'if-unchanged',
): Promise<T> {
  const cleared = Object.fromEntries(Object.keys(object.status ?? {}).map((key) => [key, null]));
  const { name, namespace, resourceVersion } = object.metadata;
  const metadata = guard === undefined ? {} : { metadata: { resourceVersion } };
  return client.patch(
    of,
    name,
    namespace,
    { ...metadata, status: { ...cleared, ...status } },
    { subresource: 'status' },
  );
}

/** Deletes an object unless it does not exist. @throws {ApiError} for other failures. */
export async function removeIfPresent(client: Client, of: Resource, name: string, namespace?: string): Promise<void> {
  try {
    await client.delete(of, name, namespace);
  } catch (error) {
    if (!(error instanceof ApiError && error.code === 404)) throw error;
  }
}

const PLURALS: Record<string, string> = {
  Endpoints: 'endpoints',
  NetworkPolicy: 'networkpolicies',
  Ingress: 'ingresses',
  PeerAuthentication: 'peerauthentications',
};

/** The resource of an object, with the plural derived from its kind. */
export function resourceOf(object: AnyObject, scope: 'namespaced' | 'cluster' = 'namespaced'): Resource<AnyObject> {
  const { kind, apiVersion } = object;
  const lower = kind.toLowerCase();
  return resource<AnyObject>(apiVersion, kind, PLURALS[kind] ?? `${lower}s`, scope);
}
