/** The status of a StatefulSet, with which `kubectl rollout status` follows an update. */
import type { Pod } from '../client/kinds.ts';
import { availableIn, isReady } from './pods.ts';
import { REVISION_LABEL, type StatefulSet, type StatefulSetStatus } from './statefulset-pod.ts';

/** @param current and @param update names of ControllerRevisions. */
export function statefulStatus(
  set: StatefulSet,
  pods: readonly Pod[],
  current: string,
  update: string,
): StatefulSetStatus {
  const count = (fits: (pod: Pod) => boolean): number => pods.filter(fits).length;
  const staying = (pod: Pod): boolean => pod.metadata.deletionTimestamp === undefined;
  const of = (revision: string): number =>
    count((pod) => staying(pod) && pod.metadata.labels?.[REVISION_LABEL] === revision);
  const ready = count(isReady);
  const updated = of(update);
  const rolling = (set.spec.updateStrategy?.type ?? 'RollingUpdate') === 'RollingUpdate';
  // The update is complete: its revision is now the current one.
  const done = rolling && updated === pods.length && ready === pods.length;
  const present = done ? update : current;
  return {
    observedGeneration: set.metadata.generation ?? 1,
    replicas: pods.length,
    ...(ready === 0 ? {} : { readyReplicas: ready }),
    availableReplicas: count((pod) => availableIn(pod, set.spec.minReadySeconds ?? 0) === 0),
    ...(of(present) === 0 ? {} : { currentReplicas: of(present) }),
    ...(updated === 0 ? {} : { updatedReplicas: updated }),
    currentRevision: present,
    updateRevision: update,
    collisionCount: 0,
  };
}
