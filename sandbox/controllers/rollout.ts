/** The arithmetic of a Deployment's rollout: how many pods each ReplicaSet may have now. Pure. */
import { canonical } from '../client/hash.ts';
import type { Deployment, PodTemplate, ReplicaSet } from '../client/kinds.ts';

export const REVISION = 'deployment.kubernetes.io/revision';
export const HASH_LABEL = 'pod-template-hash';

export interface Limits {
  readonly surge: number;
  readonly unavailable: number;
}

/** `25%` of the replicas or a number; surge rounds up, unavailability down; never both zero. */
export function limits(deployment: Deployment): Limits {
  const replicas = deployment.spec.replicas ?? 1;
  const rolling = deployment.spec.strategy?.rollingUpdate ?? {};
  const surge = resolve(rolling.maxSurge ?? '25%', replicas, Math.ceil);
  const unavailable = resolve(rolling.maxUnavailable ?? '25%', replicas, Math.floor);
  return surge === 0 && unavailable === 0 ? { surge, unavailable: 1 } : { surge, unavailable };
}

function resolve(value: number | string, of: number, round: (share: number) => number): number {
  return typeof value === 'number' ? value : round((Number.parseFloat(value) * of) / 100);
}

/** Equal except for the hash label: the ReplicaSet runs this template. */
export function sameTemplate(a: PodTemplate, b: PodTemplate): boolean {
  return canonical(withoutHash(a)) === canonical(withoutHash(b));
}

function withoutHash(template: PodTemplate): unknown {
  const { [HASH_LABEL]: _, ...labels } = template.metadata?.labels ?? {};
  const { creationTimestamp: __, ...metadata }: Record<string, unknown> = { ...template.metadata };
  return { ...template, metadata: { ...metadata, labels } };
}

export function replicasOf(sets: readonly ReplicaSet[]): number {
  return sets.reduce((sum, set) => sum + (set.spec.replicas ?? 1), 0);
}
export function availableOf(sets: readonly ReplicaSet[]): number {
  return sets.reduce((sum, set) => sum + (set.status?.availableReplicas ?? 0), 0);
}

/** How many replicas the new ReplicaSet should have now. */
export function newReplicas(deployment: Deployment, current: ReplicaSet, all: readonly ReplicaSet[]): number {
  const wanted = deployment.spec.replicas ?? 1;
  const has = current.spec.replicas ?? 1;
  if (has >= wanted) return wanted;
  const old = all.filter((set) => set !== current);
  if (deployment.spec.strategy?.type === 'Recreate')
    return old.some((set) => (set.status?.replicas ?? 0) > 0) ? has : wanted;
  const room = wanted + limits(deployment).surge - replicasOf(all);
  return room <= 0 ? has : has + Math.min(room, wanted - has);
}

/** How many replicas the old ReplicaSets should have now, by name; only those that change. */
export function oldReplicas(
  deployment: Deployment,
  current: ReplicaSet,
  old: readonly ReplicaSet[],
): Map<string, number> {
  const changes = new Map<string, number>();
  if (deployment.spec.strategy?.type === 'Recreate') {
    for (const set of old) if ((set.spec.replicas ?? 1) > 0) changes.set(set.metadata.name, 0);
    return changes;
  }
  const wanted = deployment.spec.replicas ?? 1;
  const least = wanted - limits(deployment).unavailable;
  const unavailableNew = (current.spec.replicas ?? 1) - (current.status?.availableReplicas ?? 0);
  let budget = replicasOf([current, ...old]) - least - unavailableNew;
  const byAge = [...old].sort((a, b) =>
    (a.metadata.creationTimestamp ?? '').localeCompare(b.metadata.creationTimestamp ?? ''),
  );
  const replicas = (set: ReplicaSet): number => changes.get(set.metadata.name) ?? set.spec.replicas ?? 1;
  // First those that are not available anyway, then healthy ones as far as enough others are available.
  for (const set of byAge) {
    const unhealthy = replicas(set) - (set.status?.availableReplicas ?? 0);
    const less = Math.min(budget, unhealthy);
    if (less <= 0) continue;
    changes.set(set.metadata.name, replicas(set) - less);
    budget -= less;
  }
  let spare = availableOf([current, ...old]) - least;
  for (const set of byAge) {
    const less = Math.min(spare, replicas(set));
    if (less <= 0) continue;
    changes.set(set.metadata.name, replicas(set) - less);
    spare -= less;
  }
  return changes;
}
