/** Kinds that keep pods running, judged like `kubectl rollout status`. */
import type { ApiObject } from '../../kube/types.ts';
import { numberAt, recordAt, textAt } from '../../model/fields.ts';
import {
  conditionOf,
  describeCondition,
  failed,
  type KindReadiness,
  notReady,
  READY,
  type Readiness,
} from './verdict.ts';

export const WORKLOADS: readonly KindReadiness[] = [
  { group: 'apps', kind: 'Deployment', names: ['deployment', 'deployments', 'deploy'], judge: deployment },
  { group: 'apps', kind: 'StatefulSet', names: ['statefulset', 'statefulsets', 'sts'], judge: statefulSet },
  { group: 'apps', kind: 'DaemonSet', names: ['daemonset', 'daemonsets', 'ds'], judge: daemonSet },
  { group: 'apps', kind: 'ReplicaSet', names: ['replicaset', 'replicasets', 'rs'], judge: replicas },
  {
    group: '',
    kind: 'ReplicationController',
    names: ['replicationcontroller', 'replicationcontrollers', 'rc'],
    judge: replicas,
  },
  {
    group: 'apps.openshift.io',
    kind: 'DeploymentConfig',
    names: ['deploymentconfig', 'deploymentconfigs', 'dc'],
    judge: deploymentConfig,
  },
];

function deployment(object: ApiObject): Readiness {
  return unseen(object) ?? stuck(object) ?? rollout(object) ?? READY;
}

function deploymentConfig(object: ApiObject): Readiness {
  if ((numberAt(object.status, 'latestVersion') ?? 0) === 0) return notReady('nothing has been deployed yet');
  const progressing = conditionOf(object, 'Progressing');
  if (progressing?.['status'] === 'False') return failed(describeCondition(progressing));
  return unseen(object) ?? stuck(object) ?? rollout(object) ?? READY;
}

function statefulSet(object: ApiObject): Readiness {
  const early = unseen(object);
  if (early !== undefined) return early;
  const wanted = numberAt(object.spec, 'replicas') ?? 1;
  const few = fewer(object, 'readyReplicas', wanted, 'ready') ?? available(object, wanted);
  if (few !== undefined) return few;
  const strategy = recordAt(object.spec, 'updateStrategy');
  if (textAt(strategy, 'type') === 'OnDelete') return READY;
  const partition = numberAt(recordAt(strategy, 'rollingUpdate'), 'partition') ?? 0;
  if (partition > 0) return fewer(object, 'updatedReplicas', Math.max(0, wanted - partition), 'updated') ?? READY;
  const [current, update] = [textAt(object.status, 'currentRevision'), textAt(object.status, 'updateRevision')];
  return current === update
    ? READY
    : notReady(`${numberAt(object.status, 'updatedReplicas') ?? 0} of ${wanted} replicas are updated`);
}

function daemonSet(object: ApiObject): Readiness {
  const wanted = numberAt(object.status, 'desiredNumberScheduled');
  if (wanted === undefined) return notReady('its controller has not seen it yet');
  return (
    unseen(object) ??
    fewer(object, 'updatedNumberScheduled', wanted, 'updated', 'pods') ??
    fewer(object, 'numberAvailable', wanted, 'available', 'pods') ??
    READY
  );
}

function replicas(object: ApiObject): Readiness {
  const wanted = numberAt(object.spec, 'replicas') ?? 1;
  return (
    unseen(object) ??
    replicaFailure(object) ??
    fewer(object, 'readyReplicas', wanted, 'ready') ??
    available(object, wanted) ??
    surplus(object, wanted) ??
    READY
  );
}

function rollout(object: ApiObject): Readiness | undefined {
  const wanted = numberAt(object.spec, 'replicas') ?? 1;
  const updated = numberAt(object.status, 'updatedReplicas') ?? 0;
  const all = numberAt(object.status, 'replicas') ?? 0;
  return (
    fewer(object, 'updatedReplicas', wanted, 'updated') ??
    (all > updated ? notReady(`${all - updated} old replicas still exist`) : undefined) ??
    fewer(object, 'availableReplicas', wanted, 'available')
  );
}

/** These controllers always record the generation they have processed. */
function unseen(object: ApiObject): Readiness | undefined {
  return numberAt(object.status, 'observedGeneration') === undefined
    ? notReady('its controller has not seen it yet')
    : undefined;
}

/** `kubectl rollout status` gives up here as well. */
function stuck(object: ApiObject): Readiness | undefined {
  const progressing = conditionOf(object, 'Progressing');
  if (progressing !== undefined && textAt(progressing, 'reason') === 'ProgressDeadlineExceeded')
    return failed(describeCondition(progressing));
  return replicaFailure(object);
}

/** Pods can't be created because of a quota or admission, which may still change. */
function replicaFailure(object: ApiObject): Readiness | undefined {
  const condition = conditionOf(object, 'ReplicaFailure');
  return condition?.['status'] === 'True' ? notReady(describeCondition(condition)) : undefined;
}

function available(object: ApiObject, wanted: number): Readiness | undefined {
  // Servers before 1.22 have no such count for StatefulSets.
  if (numberAt(object.status, 'availableReplicas') === undefined) return undefined;
  return fewer(object, 'availableReplicas', wanted, 'available');
}

function surplus(object: ApiObject, wanted: number): Readiness | undefined {
  const all = numberAt(object.status, 'replicas') ?? 0;
  return all > wanted ? notReady(`${all} replicas exist, not ${wanted}`) : undefined;
}

function fewer(
  object: ApiObject,
  field: string,
  wanted: number,
  word: string,
  what = 'replicas',
): Readiness | undefined {
  const seen = numberAt(object.status, field) ?? 0;
  return seen < wanted ? notReady(`${seen} of ${wanted} ${what} are ${word}`) : undefined;
}
