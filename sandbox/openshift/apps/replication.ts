/** ReplicationControllers as versions of a DeploymentConfig (openshift-controller-manager, apps/appsutil.MakeDeployment). */

import { parseJson } from '../../../model/fields.ts';
import { isOfKind } from '../../client/client.ts';
import type { Deployment, ReplicaSet, ReplicationController } from '../../client/kinds.ts';
import { controllerReference } from '../../client/ownership.ts';
import { DEPLOYMENT_CONFIGS, type DeploymentConfig, type RolloutParams } from './kinds.ts';

const CONFIG_NAME = 'openshift.io/deployment-config.name';
const VERSION = 'openshift.io/deployment-config.latest-version';
const ENCODED = 'openshift.io/encoded-deployment-config';
const DESIRED = 'kubectl.kubernetes.io/desired-replicas';
const REPLICAS = 'openshift.io/deployment.replicas';
const PHASE = 'openshift.io/deployment.phase';
const REASON = 'openshift.io/deployment.status-reason';
/** Set by `oc rollout cancel`. */
const CANCELLED = 'openshift.io/deployment.cancelled';

export type Phase = 'New' | 'Pending' | 'Running' | 'Complete' | 'Failed';

/** The phase of the rollout, from the annotation; `New` without one. */
export function phaseOf({ metadata }: ReplicationController): Phase {
  const phase = metadata.annotations?.[PHASE];
  return phase === 'Complete' || phase === 'Failed' || phase === 'Running' || phase === 'Pending' ? phase : 'New';
}

export function isCancelled({ metadata }: ReplicationController): boolean {
  return metadata.annotations?.[CANCELLED] === 'true';
}

/** The version from the annotation; 0 without one. */
export function versionOf({ metadata }: ReplicationController): number {
  return Number(metadata.annotations?.[VERSION] ?? 0);
}

/** The DeploymentConfig of the version, from its annotation. @returns `undefined` when that is missing or invalid. */
export function configOf({ metadata }: ReplicationController): Pick<DeploymentConfig, 'spec'> | undefined {
  try {
    const config = parseJson(metadata.annotations?.[ENCODED] ?? '');
    return isOfKind(DEPLOYMENT_CONFIGS, config) ? config : undefined;
  } catch {
    return undefined;
  }
}

/** The merge patch that sets the phase of a rollout. */
export function phasePatch(phase: Phase, config: DeploymentConfig, why?: string): object {
  const done = phase === 'Complete' ? { [REPLICAS]: String(config.spec.replicas ?? 0), [DESIRED]: null } : {};
  const reason = why === undefined ? {} : { [REASON]: why };
  return { metadata: { annotations: { [PHASE]: phase, ...done, ...reason } } };
}

/** The merge patch that cancels a rollout, as `oc rollout cancel` does. */
export function cancelPatch(why: string): object {
  return { metadata: { annotations: { [CANCELLED]: 'true', [REASON]: why } } };
}

export function nameOfVersion({ metadata }: DeploymentConfig, version: number): string {
  return `${metadata.name}-${version}`;
}

/** The ReplicationController of a new version, with no replicas yet. */
export function controllerOfVersion(config: DeploymentConfig, version: number): ReplicationController {
  const { metadata, spec, status } = config;
  const name = nameOfVersion(config, version);
  const pods = { deployment: name, deploymentconfig: metadata.name };
  const { labels, annotations } = spec.template.metadata ?? {};
  const identity = { [CONFIG_NAME]: metadata.name, [VERSION]: String(version) };
  const reason = status?.details?.message ?? '';
  return {
    apiVersion: 'v1',
    kind: 'ReplicationController',
    metadata: {
      name,
      ...(metadata.namespace === undefined ? {} : { namespace: metadata.namespace }),
      labels: { ...metadata.labels, [CONFIG_NAME]: metadata.name },
      annotations: {
        ...identity,
        [ENCODED]: JSON.stringify(config),
        [PHASE]: 'New',
        [DESIRED]: String(spec.replicas ?? 0),
        [REPLICAS]: '0',
        ...(reason === '' ? {} : { [REASON]: reason }),
      },
      ownerReferences: [controllerReference(config)],
    },
    spec: {
      replicas: 0,
      ...(spec.minReadySeconds === undefined ? {} : { minReadySeconds: spec.minReadySeconds }),
      selector: { ...spec.selector, ...pods },
      template: {
        ...spec.template,
        metadata: {
          labels: { ...labels, ...pods },
          annotations: { ...annotations, ...identity, 'openshift.io/deployment.name': name },
        },
      },
    },
  };
}

/** The timeouts of the strategy. Both strategies have the same ones, in different fields. */
export function rolloutParams({ spec: { strategy = {} } }: Pick<DeploymentConfig, 'spec'>): RolloutParams {
  return (strategy.type === 'Recreate' ? strategy.recreateParams : strategy.rollingParams) ?? {};
}

/** The equivalent Deployment, because the replica arithmetic is the same. */
export function asDeployment(config: DeploymentConfig): Deployment {
  const { replicas = 0, strategy, template, selector = {} } = config.spec;
  const { maxSurge = '25%', maxUnavailable = '25%' } = rolloutParams(config);
  const recreate = strategy?.type === 'Recreate';
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: config.metadata,
    spec: {
      replicas,
      template,
      selector: { matchLabels: selector },
      strategy: recreate
        ? { type: 'Recreate' }
        : { type: 'RollingUpdate', rollingUpdate: { maxSurge, maxUnavailable } },
    },
  };
}

export function asReplicaSet(one: ReplicationController): ReplicaSet {
  return { ...one, spec: { ...one.spec, selector: { matchLabels: one.spec.selector } } };
}
