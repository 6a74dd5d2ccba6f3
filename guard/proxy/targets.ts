/** Which objects a call affects. */

import type { Rest } from '../../kube/rest.ts';
import { textAt } from '../../model/fields.ts';
import { type KubeObject, listObjects, servedVersion } from '../ledger/object.ts';
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
  const version = servedVersion(object);
  const [group, plural] = [textAt(object, 'spec', 'group'), textAt(object, 'spec', 'names', 'plural')];
  if (version === undefined || group === undefined || plural === undefined) return undefined;
  const kinds = gvrOf(`${group}/${version}`, plural);
  for (const one of await listObjects(rest, kinds, new URLSearchParams())) {
    const { namespace } = one.metadata;
    const at = namespace === undefined ? kinds : { ...kinds, namespace };
    if (!(await owners.isOurs(at, one))) return { gvr: at, object: one };
  }
  return undefined;
}
