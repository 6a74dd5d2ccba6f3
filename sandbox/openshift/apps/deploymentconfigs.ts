/**
 * DeploymentConfigs: creates a ReplicationController for each version, and rolls it out by the strategy. On a real cluster
 * a pod named `NAME-VERSION-deploy` does the scaling. Here the controller does it, and there is no such pod.
 */
import { type ControllerContext, controllerFor, type RunningController } from '../../client/builder.ts';
import { ApiError, type Client } from '../../client/client.ts';
import { EventRecorder } from '../../client/events.ts';
import { canonical } from '../../client/hash.ts';
import { REPLICATION_CONTROLLERS, type ReplicationController } from '../../client/kinds.ts';
import { controllerOf } from '../../client/ownership.ts';
import { newReplicas, oldReplicas } from '../../controllers/rollout.ts';
import { putStatus } from '../create-or-patch.ts';
import { IMAGE_STREAMS } from '../images/kinds.ts';
import { imageOfTag } from '../images/tags.ts';
import { DEPLOYMENT_CONFIGS, type DeploymentConfig } from './kinds.ts';
import {
  asDeployment,
  asReplicaSet,
  cancelPatch,
  controllerOfVersion,
  isCancelled,
  nameOfVersion,
  type Phase,
  phaseOf,
  phasePatch,
  rolloutParams,
  versionOf,
} from './replication.ts';
import { statusOf } from './status.ts';
import { imageChanges, nextVersion, type ResolveTag, withImages } from './triggers.ts';

const DEFAULT_TIMEOUT = 600;
const DEFAULT_HISTORY = 10;

export function startDeploymentConfigs(context: ControllerContext): RunningController {
  const worker = new Worker(context.client);
  const controllers = context.informers.of(REPLICATION_CONTROLLERS);
  const streams = context.informers.of(IMAGE_STREAMS);
  const configs = context.informers.of(DEPLOYMENT_CONFIGS);
  return controllerFor(context, 'deploymentconfig-controller', DEPLOYMENT_CONFIGS)
    .owns(REPLICATION_CONTROLLERS)
    .watches(IMAGE_STREAMS, ({ object }) =>
      configs
        .list()
        .filter((config) => imageChanges(config).some(({ from }) => from.name.startsWith(`${object.metadata.name}:`)))
        .map(({ metadata }) => `${metadata.namespace}/${metadata.name}`),
    )
    .reconciles((config) => {
      const own = controllers
        .list(config.metadata.namespace)
        .filter((one) => controllerOf(one)?.uid === config.metadata.uid);
      return worker.reconcile(config, own, ({ kind, name, namespace = config.metadata.namespace }) =>
        kind === 'ImageStreamTag' ? imageOfTag(streams, namespace, name) : undefined,
      );
    });
}

class Worker {
  readonly #client: Client;
  readonly #events: EventRecorder;

  constructor(client: Client) {
    this.#client = client;
    this.#events = new EventRecorder(client, 'deploymentconfig-controller');
  }

  /** Does one step. Its changes trigger the next reconciliation. */
  async reconcile(
    config: DeploymentConfig,
    own: readonly ReplicationController[],
    resolve: ResolveTag,
  ): Promise<number | undefined> {
    const version = config.status?.latestVersion ?? 0;
    const latest = own.find((one) => versionOf(one) === version);
    const old = own.filter((one) => one !== latest);
    if (config.spec.paused !== true && (version === 0 || latest !== undefined)) {
      if (await this.#takeImages(config, resolve)) return undefined;
      const next = nextVersion(config, latest);
      if (next !== undefined) {
        await this.#putStatus(config, { ...config.status, latestVersion: version + 1, details: next });
        return undefined;
      }
    }
    if (version > 0 && latest === undefined) {
      await this.#create(config, version, old);
      return undefined;
    }
    const again = latest === undefined ? undefined : await this.#advance(config, latest, old);
    await this.#trim(config, old);
    await this.#putStatus(config, statusOf(config, latest, own));
    return again;
  }

  async #takeImages(config: DeploymentConfig, resolve: ResolveTag): Promise<boolean> {
    const spec = withImages(config, resolve);
    if (spec === config.spec) return false;
    const { name, namespace, resourceVersion } = config.metadata;
    await this.#client.patch(DEPLOYMENT_CONFIGS, name, namespace, { metadata: { resourceVersion }, spec });
    return true;
  }

  /** Creates the controller of a version. A rollout that is still running is cancelled. */
  async #create(config: DeploymentConfig, version: number, old: readonly ReplicationController[]): Promise<void> {
    const running = old.filter((one) => !['Complete', 'Failed'].includes(phaseOf(one)));
    for (const one of running) {
      if (!isCancelled(one)) await this.#patch(one, cancelPatch('newer deployment was found running'));
      await this.#patch(one, phasePatch('Failed', config));
    }
    try {
      await this.#client.create(REPLICATION_CONTROLLERS, controllerOfVersion(config, version));
    } catch (error) {
      if (error instanceof ApiError && error.reason === 'AlreadyExists') return;
      this.#events.emit(config, 'Warning', 'DeploymentCreationFailed', `Couldn't deploy version ${version}: ${error}`);
      throw error;
    }
    const name = nameOfVersion(config, version);
    const message = `Created new replication controller "${name}" for version ${version}`;
    this.#events.emit(config, 'Normal', 'DeploymentCreated', message);
  }

  /** @returns the milliseconds until the rollout times out. */
  async #advance(
    config: DeploymentConfig,
    latest: ReplicationController,
    old: readonly ReplicationController[],
  ): Promise<number | undefined> {
    switch (phaseOf(latest)) {
      case 'Failed':
        return this.#goBack(config, latest, old);
      case 'Complete':
        await this.#scale(latest, config.spec.replicas ?? 0);
        return undefined;
      case 'New':
        await this.#phase(config, latest, 'Running');
        return undefined;
      default:
        return this.#roll(config, latest, old);
    }
  }

  async #roll(
    config: DeploymentConfig,
    latest: ReplicationController,
    old: readonly ReplicationController[],
  ): Promise<number | undefined> {
    const { timeoutSeconds = DEFAULT_TIMEOUT } = rolloutParams(config);
    const left = Date.parse(latest.metadata.creationTimestamp ?? '') + timeoutSeconds * 1000 - Date.now();
    if (isCancelled(latest) || left <= 0) {
      await this.#phase(config, latest, 'Failed');
      return undefined;
    }
    const deployment = asDeployment(config);
    const [current, before] = [asReplicaSet(latest), old.map(asReplicaSet)];
    const wanted = newReplicas(deployment, current, [current, ...before]);
    if (wanted !== latest.spec.replicas) await this.#scale(latest, wanted);
    else {
      const serving = before.filter((one) => (one.spec.replicas ?? 1) > 0);
      const sizes = oldReplicas(deployment, current, serving);
      for (const one of old) await this.#scale(one, sizes.get(one.metadata.name) ?? one.spec.replicas ?? 0);
    }
    if (isRolledOut(config, latest, old)) await this.#phase(config, latest, 'Complete');
    return left;
  }

  /** Scales the last complete version up again after a failed rollout. */
  async #goBack(
    config: DeploymentConfig,
    latest: ReplicationController,
    old: readonly ReplicationController[],
  ): Promise<undefined> {
    const [last] = old.filter((one) => phaseOf(one) === 'Complete').sort((a, b) => versionOf(b) - versionOf(a));
    for (const one of [latest, ...old]) await this.#scale(one, one === last ? (config.spec.replicas ?? 0) : 0);
  }

  async #phase(config: DeploymentConfig, one: ReplicationController, phase: Phase): Promise<void> {
    await this.#patch(one, phasePatch(phase, config));
    if (phase === 'Failed')
      this.#events.emit(config, 'Warning', 'RolloutFailed', `Rollout for "${one.metadata.name}" failed`);
  }

  async #scale(one: ReplicationController, replicas: number): Promise<void> {
    if (one.spec.replicas !== replicas) await this.#patch(one, { spec: { replicas } });
  }

  async #patch({ metadata: { name, namespace } }: ReplicationController, patch: object): Promise<void> {
    await this.#client.patch(REPLICATION_CONTROLLERS, name, namespace, patch);
  }

  async #trim(config: DeploymentConfig, old: readonly ReplicationController[]): Promise<void> {
    const idle = old.filter(({ spec, status }) => spec.replicas === 0 && (status?.replicas ?? 0) === 0);
    const surplus = idle.length - (config.spec.revisionHistoryLimit ?? DEFAULT_HISTORY);
    for (const one of idle.sort((a, b) => versionOf(a) - versionOf(b)).slice(0, Math.max(0, surplus)))
      await this.#client.delete(REPLICATION_CONTROLLERS, one.metadata.name, one.metadata.namespace);
  }

  /** @throws {ApiError} Conflict when `oc rollout latest` has changed the status. The reconciliation is then repeated. */
  async #putStatus(config: DeploymentConfig, status: object): Promise<void> {
    if (canonical(status) !== canonical(config.status))
      await putStatus(this.#client, DEPLOYMENT_CONFIGS, config, status, 'if-unchanged');
  }
}

function isRolledOut(
  config: DeploymentConfig,
  latest: ReplicationController,
  old: readonly ReplicationController[],
): boolean {
  const wanted = config.spec.replicas ?? 0;
  return (
    latest.spec.replicas === wanted &&
    (latest.status?.availableReplicas ?? 0) >= wanted &&
    old.every(({ spec, status }) => spec.replicas === 0 && (status?.replicas ?? 0) === 0)
  );
}
