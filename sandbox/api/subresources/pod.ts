/** `pods/binding`, which the scheduler uses. */
import { at, records, text } from '../../../model/fields.ts';
import { clone, ensure, timestamp } from '../json.ts';
import { keyOf } from '../registry/kind.ts';
import type { RestContext } from '../rest/context.ts';
import type { RestRequest, RestResult } from '../rest/request.ts';
import { badRequest, conflict, notFound } from '../status.ts';

const DONE = { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', code: 201 };

/** Assigns a pod to a node. @throws {StatusError} NotFound, BadRequest, Conflict for a bound or deleted pod. */
export async function bindPod({ store }: RestContext, request: RestRequest): Promise<RestResult> {
  const { kind } = request;
  const name = text(request.name);
  const node = text(at(request.body, 'target', 'name'));
  if (node === '') throw badRequest('target.name: Required value');
  const entry = store.get(kind.storage, keyOf(request.namespace, name));
  if (entry === undefined) throw notFound(kind, name);
  const pod = clone(entry.object);
  const bound = text(at(pod, 'spec', 'nodeName'));
  if (pod.metadata.deletionTimestamp !== undefined)
    throw conflict(
      { group: '', plural: 'pods/binding' },
      name,
      `pod ${name} is being deleted, cannot be assigned to a host`,
    );
  if (bound !== '')
    throw conflict({ group: '', plural: 'pods/binding' }, name, `pod ${name} is already assigned to node "${bound}"`);
  ensure(pod, 'spec')['nodeName'] = node;
  const status = ensure(pod, 'status');
  const others = records(status['conditions']).filter((one) => one['type'] !== 'PodScheduled');
  status['conditions'] = [
    ...others,
    { type: 'PodScheduled', status: 'True', lastProbeTime: null, lastTransitionTime: timestamp() },
  ];
  store.put(kind.storage, entry.key, pod);
  return { code: 201, object: DONE };
}
