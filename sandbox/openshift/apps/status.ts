/** The status of a DeploymentConfig (openshift-controller-manager, apps/deployment/deploymentconfig_controller.go). */
import { withCondition } from '../../client/conditions.ts';
import type { Condition, ReplicationController } from '../../client/kinds.ts';
import { limits } from '../../controllers/rollout.ts';
import type { DeploymentConfig, DeploymentConfigStatus } from './kinds.ts';
import { asDeployment, isCancelled, phaseOf } from './replication.ts';

export function statusOf(
  config: DeploymentConfig,
  latest: ReplicationController | undefined,
  all: readonly ReplicationController[],
): DeploymentConfigStatus {
  const sum = (field: 'replicas' | 'readyReplicas' | 'availableReplicas'): number =>
    all.reduce((total, one) => total + (one.status?.[field] ?? 0), 0);
  const [replicas, availableReplicas] = [sum('replicas'), sum('availableReplicas')];
  const { details, latestVersion = 0, conditions = [] } = config.status ?? {};
  return {
    latestVersion,
    observedGeneration: config.metadata.generation ?? 1,
    replicas,
    updatedReplicas: latest?.status?.replicas ?? 0,
    availableReplicas,
    unavailableReplicas: Math.max(0, replicas - availableReplicas),
    ...(sum('readyReplicas') === 0 ? {} : { readyReplicas: sum('readyReplicas') }),
    ...(details === undefined ? {} : { details }),
    conditions: withProgress(withCondition(conditions, available(config, availableReplicas), true), latest),
  };
}

function available(config: DeploymentConfig, count: number): Condition {
  const { unavailable } = limits(asDeployment(config));
  const enough = count > 0 && count >= (config.spec.replicas ?? 0) - unavailable;
  return {
    type: 'Available',
    status: enough ? 'True' : 'False',
    message: `Deployment config ${enough ? 'has' : 'does not have'} minimum availability.`,
  };
}

function withProgress(conditions: Condition[], latest: ReplicationController | undefined): Condition[] {
  if (latest === undefined) return conditions;
  const name = `replication controller "${latest.metadata.name}"`;
  const progress = (status: Condition['status'], reason: string, message: string): Condition[] =>
    withCondition(conditions, { type: 'Progressing', status, reason, message }, true);
  switch (phaseOf(latest)) {
    case 'Complete':
      return progress('True', 'NewReplicationControllerAvailable', `${name} successfully rolled out`);
    case 'Failed':
      return isCancelled(latest)
        ? progress('False', 'RolloutCancelled', `rollout for ${name} was cancelled`)
        : progress('False', 'ProgressDeadlineExceeded', `${name} has failed progressing`);
    case 'Running':
      return progress('True', 'ReplicationControllerUpdated', `${name} is progressing`);
    default:
      return progress('True', 'NewReplicationControllerCreated', `created new ${name}`);
  }
}
