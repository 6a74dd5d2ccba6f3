/** Pods, counted like `oc get pods` does: containers, and init containers that keep running (native sidecars). */
import type { ApiObject } from '../../kube/types.ts';
import { recordAt, recordsAt, textAt } from '../../model/fields.ts';
import { conditionOf, failed, type KindReadiness, notReady, READY, type Readiness } from './verdict.ts';

export const PODS: readonly KindReadiness[] = [
  { group: '', kind: 'Pod', names: ['pod', 'pods', 'po'], judge: podReadiness },
];

function podReadiness(pod: ApiObject): Readiness {
  const phase = textAt(pod.status, 'phase') ?? 'Pending';
  if (phase === 'Succeeded') return READY;
  const staying = new Set(
    recordsAt(pod.spec, 'initContainers')
      .filter((container) => container['restartPolicy'] === 'Always')
      .map((container) => container['name']),
  );
  const inits = recordsAt(pod.status, 'initContainerStatuses');
  const statuses = recordsAt(pod.status, 'containerStatuses');
  const wanted = recordsAt(pod.spec, 'containers').length + staying.size;
  const ready = [...statuses, ...inits.filter((status) => staying.has(status['name']))].filter(
    (status) => status['ready'] === true,
  ).length;
  const gate = conditionOf(pod, 'Ready');
  if (phase === 'Running' && wanted > 0 && ready === wanted && (gate === undefined || gate['status'] === 'True'))
    return READY;
  const reason = [...inits, ...statuses].map(waitingFor).find((found) => found !== undefined);
  const why = `${ready}/${wanted} ${reason ?? textAt(pod.status, 'reason') ?? (ready === wanted ? 'but not Ready' : phase)}`;
  // Its owner may create another; this pod does not recover by itself.
  return phase === 'Failed' && !isControlled(pod) ? failed(why) : notReady(why);
}

function waitingFor(status: Readonly<Record<string, unknown>>): string | undefined {
  const state = recordAt(status, 'state');
  const waiting = recordAt(state, 'waiting');
  const reason = textAt(waiting, 'reason') ?? textAt(recordAt(state, 'terminated'), 'reason');
  if (reason === undefined || reason === 'Completed' || reason === 'PodInitializing' || reason === 'ContainerCreating')
    return undefined;
  const message = textAt(waiting, 'message');
  return message === undefined ? reason : `${reason}: ${message}`;
}

function isControlled(object: ApiObject): boolean {
  return recordsAt({ ...object.metadata }, 'ownerReferences').some((owner) => owner['controller'] === true);
}
