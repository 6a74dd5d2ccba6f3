/** The object that the cluster's answer to a change contains, or stands for. */
import type { Rest } from '../../kube/rest.ts';
import { textAt } from '../../model/fields.ts';
import { getObject, isKubeObject, type KubeObject } from '../ledger/object.ts';
import type { GroupVersionResource, RequestInfo } from './request-info.ts';
import type { Answer } from './status.ts';

/** The created object; for a Project, the namespace behind it. @param name if the request says it. */
export async function createdObject(
  rest: Rest,
  gvr: GroupVersionResource,
  answer: Answer,
  name: string | undefined,
): Promise<KubeObject | undefined> {
  const object: unknown = JSON.parse(answer.body.toString('utf8'));
  const known = textAt(object, 'metadata', 'name') ?? name;
  if (gvr.resource === 'namespaces' && known !== undefined) return getObject(rest, gvr, known);
  return storedObject(object);
}

/** The changed object. The answer to a change of a subresource may be something else, so it is read. */
export async function changedObject(
  rest: Rest,
  { subresource }: RequestInfo,
  answer: Answer,
  gvr: GroupVersionResource,
  name: string,
): Promise<KubeObject | undefined> {
  if (subresource !== undefined) return getObject(rest, gvr, name);
  return storedObject(JSON.parse(answer.body.toString('utf8')));
}

/** Undefined for an answer that only reports, such as a Status. */
function storedObject(answer: unknown): KubeObject | undefined {
  return isKubeObject(answer) && answer.metadata.uid !== undefined ? answer : undefined;
}
