/** Checks of pods that several controllers need. */
import { condition } from '../client/conditions.ts';
import type { Pod } from '../client/kinds.ts';

export function isReady(pod: Pod): boolean {
  return condition(pod.status?.conditions, 'Ready')?.status === 'True';
}

/** Milliseconds until a ready pod counts as available; 0 if it does; undefined while it is not ready. */
export function availableIn(pod: Pod, minReadySeconds: number): number | undefined {
  const ready = condition(pod.status?.conditions, 'Ready');
  if (ready?.status !== 'True') return undefined;
  if (minReadySeconds === 0) return 0;
  const since = Date.parse(ready.lastTransitionTime ?? '') || 0;
  return Math.max(0, since + minReadySeconds * 1000 - Date.now());
}

/** Neither finished nor being deleted. */
export function isActive(pod: Pod): boolean {
  return (
    pod.status?.phase !== 'Succeeded' && pod.status?.phase !== 'Failed' && pod.metadata.deletionTimestamp === undefined
  );
}

/** Which pods to delete first: unassigned, not running, not ready, then the youngest. */
export function deletionOrder(pods: readonly Pod[]): Pod[] {
  const rank = (pod: Pod): number => {
    if (pod.spec.nodeName === undefined) return 0;
    if (pod.status?.phase !== 'Running') return 1;
    return isReady(pod) ? 3 : 2;
  };
  const cost = (pod: Pod): number =>
    Number(pod.metadata.annotations?.['controller.kubernetes.io/pod-deletion-cost'] ?? 0);
  const age = (pod: Pod): string => pod.metadata.creationTimestamp ?? '';
  return [...pods].sort((a, b) => rank(a) - rank(b) || cost(a) - cost(b) || age(b).localeCompare(age(a)));
}
