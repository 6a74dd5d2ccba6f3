/** Which objects a call affects. */

import type { Rest } from '../../kube/rest.ts';
import { type KubeObject, listObjects } from '../ledger/object.ts';
import { gvrOf, type OwnershipResolver } from '../ledger/ownership.ts';
import type { GroupVersionResource, RequestInfo } from './request-info.ts';

/** The object itself: a Project is a view of a namespace, and requesting one creates both. */
export function objectResource(info: RequestInfo): GroupVersionResource {
  const { group, version, resource, namespace } = info;
  if (group === 'project.openshift.io') return { group: '', version: 'v1', resource: 'namespaces' };
  return { group, version, resource, ...(namespace === undefined ? {} : { namespace }) };
}

/**
 * Deleting a CRD deletes its objects. @returns one of them that belongs to someone else.
 * @throws {ApiError}
 */
export async function strangerBelow(
  rest: Rest,
  owners: OwnershipResolver,
  gvr: GroupVersionResource,
  object: KubeObject,
): Promise<{ gvr: GroupVersionResource; object: KubeObject } | undefined> {
  if (gvr.resource !== 'customresourcedefinitions') return undefined;
  const spec = object['spec'] as {
    group: string;
    names: { plural: string };
    versions: readonly { name: string; served: boolean }[];
  };
  const version = spec.versions.find(({ served }) => served)?.name;
  if (version === undefined) return undefined;
  const kinds = gvrOf(`${spec.group}/${version}`, spec.names.plural);
  for (const one of await listObjects(rest, kinds, new URLSearchParams())) {
    const { namespace } = one.metadata;
    const at = namespace === undefined ? kinds : { ...kinds, namespace };
    if (!(await owners.isOurs(at, one))) return { gvr: at, object: one };
  }
  return undefined;
}
