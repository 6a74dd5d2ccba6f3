/** The text of a refusal: in Kubernetes' format, with the object's owner and what would allow the change. */
import type { Ownership } from '../ledger/entry.ts';
import type { KubeObject } from '../ledger/object.ts';
import { describeResource, type GroupVersionResource } from './request-info.ts';
import { type Answer, statusAnswer } from './status.ts';

/** @param what `delete`, `change`, `exec` …: the requested action. */
export function refusal(
  what: string,
  gvr: GroupVersionResource,
  object: KubeObject,
  ownership: Ownership = 'foreign',
): Answer {
  const { name } = object.metadata;
  const kept = ownership === 'adopted' || ownership === 'declared';
  const way = kept
    ? 'what existed before this run is never deleted'
    : '--adopt, or "changes:" in lab.yaml, allows changes, which are undone afterwards';
  const message = `${describeResource(gvr, name)} is forbidden: Labwright refused to ${what} it: ${whose(object)}; ${way}  (LW-GUARD-REFUSED)`;
  return statusAnswer(403, 'Forbidden', message, { name, group: gvr.group, kind: gvr.resource });
}

/** The owner, as far as the object itself shows it. */
function whose({ metadata }: KubeObject): string {
  const { creationTimestamp, labels = {}, annotations = {}, ownerReferences = [], managedFields = [] } = metadata;
  const owner = ownerReferences[0];
  const who =
    owner === undefined
      ? (annotations['openshift.io/requester'] ??
        labels['app.kubernetes.io/managed-by'] ??
        labels['maistra.io/owner'] ??
        managedFields[0]?.manager)
      : `${owner.kind} ${owner.name}`;
  return `it does not belong to this run but to ${who ?? 'someone else'}, created ${creationTimestamp}`;
}
