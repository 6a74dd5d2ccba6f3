/** The status of a Deployment from its ReplicaSets, with the conditions kubectl waits for. Pure. */
import { condition, withCondition, withoutCondition } from '../client/conditions.ts';
import type { Condition, Deployment, DeploymentStatus, ReplicaSet } from '../client/kinds.ts';
import { availableOf, limits } from './rollout.ts';

type Progress = Pick<Condition, 'status' | 'reason' | 'message'>;

/** `next`: milliseconds after which the progress deadline must be checked again. */
export function deploymentStatus(
  deployment: Deployment,
  current: ReplicaSet | undefined,
  old: readonly ReplicaSet[],
): { status: DeploymentStatus; next?: number } {
  const all = current === undefined ? [...old] : [current, ...old];
  const sum = (of: (set: ReplicaSet) => number | undefined): number =>
    all.reduce((total, set) => total + (of(set) ?? 0), 0);
  const replicas = sum((set) => set.status?.replicas);
  const updated = current?.status?.replicas ?? 0;
  const ready = sum((set) => set.status?.readyReplicas);
  const available = availableOf(all);
  const unavailable = Math.max(0, sum((set) => set.spec.replicas ?? 1) - available);
  const counts = {
    replicas,
    updatedReplicas: updated,
    readyReplicas: ready,
    availableReplicas: available,
    unavailableReplicas: unavailable,
  };
  const { conditions, next } = conditionsOf(deployment, current, all, { replicas, updated, available });
  const status: DeploymentStatus = {
    observedGeneration: deployment.metadata.generation ?? 1,
    ...Object.fromEntries(Object.entries(counts).filter(([, count]) => count !== 0)),
    ...(deployment.status?.collisionCount === undefined ? {} : { collisionCount: deployment.status.collisionCount }),
    conditions,
  };
  return next === undefined ? { status } : { status, next };
}

function conditionsOf(
  deployment: Deployment,
  current: ReplicaSet | undefined,
  all: readonly ReplicaSet[],
  counts: { replicas: number; updated: number; available: number },
): { conditions: Condition[]; next?: number } {
  const wanted = deployment.spec.replicas ?? 1;
  const enough = counts.available >= wanted - limits(deployment).unavailable;
  let conditions = withCondition(
    deployment.status?.conditions ?? [],
    enough
      ? {
          type: 'Available',
          status: 'True',
          reason: 'MinimumReplicasAvailable',
          message: 'Deployment has minimum availability.',
        }
      : {
          type: 'Available',
          status: 'False',
          reason: 'MinimumReplicasUnavailable',
          message: 'Deployment does not have minimum availability.',
        },
    true,
  );
  const failure = all
    .map((set) => condition(set.status?.conditions, 'ReplicaFailure'))
    .find((one) => one !== undefined);
  conditions =
    failure === undefined ? withoutCondition(conditions, 'ReplicaFailure') : withCondition(conditions, failure);
  const complete = counts.updated === wanted && counts.replicas === wanted && counts.available >= wanted;
  const { progress, next } = progressOf(deployment, current, complete, counts);
  if (progress !== undefined) conditions = withCondition(conditions, { type: 'Progressing', ...progress }, true);
  return next === undefined ? { conditions } : { conditions, next };
}

function progressOf(
  deployment: Deployment,
  current: ReplicaSet | undefined,
  complete: boolean,
  counts: { replicas: number; updated: number; available: number },
): { progress?: Progress; next?: number } {
  if (current === undefined) return {};
  const name = current.metadata.name;
  if (complete) {
    const message = `ReplicaSet "${name}" has successfully progressed.`;
    return { progress: { status: 'True', reason: 'NewReplicaSetAvailable', message } };
  }
  const before = condition(deployment.status?.conditions, 'Progressing');
  const was = deployment.status ?? {};
  const moved =
    counts.updated !== (was.updatedReplicas ?? 0) ||
    counts.available !== (was.availableReplicas ?? 0) ||
    counts.replicas !== (was.replicas ?? 0);
  if (before === undefined || moved || before.reason === 'NewReplicaSetAvailable') {
    const first = before === undefined;
    const reason = first ? 'NewReplicaSetCreated' : 'ReplicaSetUpdated';
    const message = first ? `Created new replica set "${name}"` : `ReplicaSet "${name}" is progressing.`;
    return { progress: { status: 'True', reason, message }, next: deadline(deployment) };
  }
  if (before.reason === 'ProgressDeadlineExceeded') return {};
  const passed = Date.now() - Date.parse(before.lastUpdateTime ?? new Date().toISOString());
  const left = deadline(deployment) - passed;
  if (left > 0) return { next: left + 1 };
  const message = `ReplicaSet "${name}" has timed out progressing.`;
  return { progress: { status: 'False', reason: 'ProgressDeadlineExceeded', message } };
}

function deadline(deployment: Deployment): number {
  return (deployment.spec.progressDeadlineSeconds ?? 600) * 1000;
}
