/** Who controls what: claiming, adopting and releasing objects by controller reference and selector. */

import { matches } from '../labels/selector.ts';
import { ApiError, type Client, type KubeObject, type OwnerReference, type Resource } from './client.ts';
import type { LabelSelector } from './kinds.ts';

export function controllerOf(object: KubeObject): OwnerReference | undefined {
  return object.metadata.ownerReferences?.find((reference) => reference.controller === true);
}

export function controllerReference(owner: KubeObject): OwnerReference {
  return {
    apiVersion: owner.apiVersion,
    kind: owner.kind,
    name: owner.metadata.name,
    uid: owner.metadata.uid ?? '',
    controller: true,
    blockOwnerDeletion: true,
  };
}

/**
 * The objects that `owner` controls: its own that still match its selector (others are released), and matching orphans, which it
 * adopts. Objects of another controller are never touched, even if the selectors overlap.
 */
export async function claim<T extends KubeObject>(
  client: Client,
  of: Resource<T>,
  owner: KubeObject & { spec: { selector: LabelSelector } },
  candidates: readonly T[],
): Promise<T[]> {
  const claimed: T[] = [];
  for (const object of candidates) {
    const controller = controllerOf(object);
    const fits = matches(owner.spec.selector, object.metadata.labels);
    if (controller !== undefined) {
      if (controller.uid !== owner.metadata.uid) continue;
      if (fits) claimed.push(object);
      else if (owner.metadata.deletionTimestamp === undefined) await release(client, of, owner, object);
    } else if (
      fits &&
      owner.metadata.deletionTimestamp === undefined &&
      object.metadata.deletionTimestamp === undefined
    ) {
      const adopted = await adopt(client, of, owner, object);
      if (adopted !== undefined) claimed.push(adopted);
    }
  }
  return claimed;
}

async function adopt<T extends KubeObject>(client: Client, of: Resource<T>, owner: KubeObject, object: T) {
  const ownerReferences = [...(object.metadata.ownerReferences ?? []), controllerReference(owner)];
  return patchOwners(client, of, object, ownerReferences);
}

async function release<T extends KubeObject>(client: Client, of: Resource<T>, owner: KubeObject, object: T) {
  const ownerReferences = (object.metadata.ownerReferences ?? []).filter(({ uid }) => uid !== owner.metadata.uid);
  await patchOwners(client, of, object, ownerReferences);
}

async function patchOwners<T extends KubeObject>(
  client: Client,
  of: Resource<T>,
  object: T,
  ownerReferences: OwnerReference[],
): Promise<T | undefined> {
  const { name, namespace, uid, resourceVersion } = object.metadata;
  try {
    return await client.patch(of, name, namespace, { metadata: { uid, resourceVersion, ownerReferences } });
  } catch (error) {
    if (error instanceof ApiError && error.code === 404) return undefined;
    throw error;
  }
}
