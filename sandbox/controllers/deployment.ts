/** Deployments: one ReplicaSet per template, rolled from the old to the new. */

import { type ControllerContext, controllerFor, type RunningController } from '../client/builder.ts';
import { ApiError, type Client } from '../client/client.ts';
import { EventRecorder } from '../client/events.ts';
import { Expectations } from '../client/expectations.ts';
import { canonical, templateHash } from '../client/hash.ts';
import { DEPLOYMENTS, type Deployment, type PodTemplate, REPLICA_SETS, type ReplicaSet } from '../client/kinds.ts';
import { claim, controllerOf, controllerReference } from '../client/ownership.ts';
import { deploymentStatus } from './deployment-status.ts';
import { HASH_LABEL, limits, newReplicas, oldReplicas, REVISION, sameTemplate } from './rollout.ts';

const DESIRED = 'deployment.kubernetes.io/desired-replicas';
const MAXIMUM = 'deployment.kubernetes.io/max-replicas';

export function startDeployments(context: ControllerContext): RunningController {
  const worker = new Worker(context.client);
  const sets = context.informers.of(REPLICA_SETS);
  return controllerFor(context, 'deployment-controller', DEPLOYMENTS)
    .owns(REPLICA_SETS, { expectations: worker.expectations, selector: ({ spec }) => spec.selector })
    .reconciles((deployment) => worker.reconcile(deployment, sets.list(deployment.metadata.namespace)));
}

class Worker {
  readonly expectations = new Expectations<ReplicaSet>();
  readonly #client: Client;
  readonly #events: EventRecorder;

  constructor(client: Client) {
    this.#client = client;
    this.#events = new EventRecorder(client, 'deployment-controller');
  }

  async reconcile(deployment: Deployment, watched: readonly ReplicaSet[]): Promise<number | undefined> {
    const known = this.expectations.correct(watched, (set) => controllerOf(set)?.uid === deployment.metadata.uid);
    const mine = await claim(this.#client, REPLICA_SETS, deployment, known);
    let current = mine.find((set) => sameTemplate(set.spec.template, deployment.spec.template));
    const old = mine.filter((set) => set !== current);
    if (deployment.spec.paused !== true) {
      current = await this.#newSet(deployment, current, old);
      await this.#roll(deployment, current, old);
      await this.#trim(deployment, old);
    }
    return this.#writeStatus(deployment, current, old);
  }

  /** The ReplicaSet of the current template, created if necessary, with the newest revision. */
  async #newSet(
    deployment: Deployment,
    found: ReplicaSet | undefined,
    old: readonly ReplicaSet[],
  ): Promise<ReplicaSet> {
    const newest = Math.max(0, ...old.map((set) => Number(set.metadata.annotations?.[REVISION] ?? 0)));
    const revision = String(newest + 1);
    let current = found;
    if (current === undefined) {
      current = await this.#create(
        deployment,
        revision,
        newReplicas(deployment, emptySet(deployment), [...old, emptySet(deployment)]),
      );
    } else {
      const has = Number(current.metadata.annotations?.[REVISION] ?? 0);
      if (has < newest + 1) {
        const history = current.metadata.annotations?.['deployment.kubernetes.io/revision-history'];
        const annotations = {
          [REVISION]: revision,
          ...(has === 0
            ? {}
            : { 'deployment.kubernetes.io/revision-history': [history, has].filter(Boolean).join(',') }),
        };
        current = await this.#client.patch(REPLICA_SETS, current.metadata.name, current.metadata.namespace, {
          metadata: { annotations },
        });
      }
    }
    const annotation = current.metadata.annotations?.[REVISION] ?? revision;
    if (deployment.metadata.annotations?.[REVISION] !== annotation) {
      const { name, namespace } = deployment.metadata;
      const metadata = { annotations: { [REVISION]: annotation } };
      // By way of the status, which counts no generation.
      await this.#client.patch(DEPLOYMENTS, name, namespace, { metadata }, { subresource: 'status' });
    }
    return current;
  }

  async #create(deployment: Deployment, revision: string, replicas: number): Promise<ReplicaSet> {
    const collisions = deployment.status?.collisionCount ?? 0;
    const desired = replicaSetOf(deployment, templateHash(deployment.spec.template, collisions), revision, replicas);
    try {
      const made = await this.#client.create(REPLICA_SETS, desired);
      this.expectations.created(made);
      if (replicas > 0) this.#scaled(deployment, made.metadata.name, 'up', replicas);
      return made;
    } catch (error) {
      if (!(error instanceof ApiError && error.reason === 'AlreadyExists')) throw error;
      const existing = await this.#client.get(REPLICA_SETS, desired.metadata.name, desired.metadata.namespace);
      const same = sameTemplate(existing.spec.template, deployment.spec.template);
      if (same && controllerOf(existing)?.uid === deployment.metadata.uid) return existing;
      const { name, namespace } = deployment.metadata;
      const status = { collisionCount: collisions + 1 };
      await this.#client.patch(DEPLOYMENTS, name, namespace, { status }, { subresource: 'status' });
      throw error;
    }
  }

  async #roll(deployment: Deployment, current: ReplicaSet, old: readonly ReplicaSet[]): Promise<void> {
    const wanted = newReplicas(deployment, current, [current, ...old]);
    // Scaling up comes first; the old ones follow once the new replicas are in the status.
    if (wanted !== (current.spec.replicas ?? 1)) {
      await this.#scale(deployment, current, wanted);
      return;
    }
    for (const [name, replicas] of oldReplicas(
      deployment,
      current,
      old.filter((set) => (set.spec.replicas ?? 1) > 0),
    )) {
      const set = old.find((one) => one.metadata.name === name);
      if (set !== undefined) await this.#scale(deployment, set, replicas);
    }
    const desired = String(deployment.spec.replicas ?? 1);
    if (current.metadata.annotations?.[DESIRED] !== desired) {
      await this.#client.patch(REPLICA_SETS, current.metadata.name, current.metadata.namespace, {
        metadata: { annotations: sizes(deployment) },
      });
    }
  }

  async #scale(deployment: Deployment, set: ReplicaSet, replicas: number): Promise<void> {
    const { name, namespace, resourceVersion } = set.metadata;
    const metadata = { resourceVersion, annotations: sizes(deployment) };
    await this.#client.patch(REPLICA_SETS, name, namespace, { metadata, spec: { replicas } });
    this.#scaled(deployment, name, replicas > (set.spec.replicas ?? 1) ? 'up' : 'down', replicas);
  }

  #scaled(deployment: Deployment, name: string, direction: string, replicas: number): void {
    this.#events.emit(
      deployment,
      'Normal',
      'ScalingReplicaSet',
      `Scaled ${direction} replica set ${name} to ${replicas}`,
    );
  }

  /** Deletes the oldest ReplicaSets beyond `revisionHistoryLimit`. */
  async #trim(deployment: Deployment, old: readonly ReplicaSet[]): Promise<void> {
    const done = old.filter((set) => set.spec.replicas === 0 && (set.status?.replicas ?? 0) === 0);
    const revision = (set: ReplicaSet): number => Number(set.metadata.annotations?.[REVISION] ?? 0);
    const surplus = done.length - (deployment.spec.revisionHistoryLimit ?? 10);
    for (const set of [...done].sort((a, b) => revision(a) - revision(b)).slice(0, Math.max(0, surplus))) {
      await this.#client.delete(REPLICA_SETS, set.metadata.name, set.metadata.namespace);
      this.expectations.deleted(set);
    }
  }

  async #writeStatus(
    deployment: Deployment,
    current: ReplicaSet | undefined,
    old: readonly ReplicaSet[],
  ): Promise<number | undefined> {
    const { status, next } = deploymentStatus(deployment, current, old);
    if (canonical(status) !== canonical(deployment.status ?? {})) {
      const cleared = Object.fromEntries(Object.keys(deployment.status ?? {}).map((key) => [key, null]));
      const { name, namespace } = deployment.metadata;
      await this.#client.patch(
        DEPLOYMENTS,
        name,
        namespace,
        { status: { ...cleared, ...status } },
        { subresource: 'status' },
      );
    }
    return next;
  }
}

function sizes(deployment: Deployment): Record<string, string> {
  const replicas = deployment.spec.replicas ?? 1;
  return { [DESIRED]: String(replicas), [MAXIMUM]: String(replicas + limits(deployment).surge) };
}

function emptySet(deployment: Deployment): ReplicaSet {
  return replicaSetOf(deployment, '', '', 0);
}

export function replicaSetOf(deployment: Deployment, hash: string, revision: string, replicas: number): ReplicaSet {
  const template: PodTemplate = {
    ...deployment.spec.template,
    metadata: {
      ...deployment.spec.template.metadata,
      labels: { ...deployment.spec.template.metadata?.labels, [HASH_LABEL]: hash },
    },
  };
  const { 'kubectl.kubernetes.io/last-applied-configuration': _, ...annotations } =
    deployment.metadata.annotations ?? {};
  const { selector, minReadySeconds } = deployment.spec;
  return {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: {
      name: `${deployment.metadata.name}-${hash}`,
      ...(deployment.metadata.namespace === undefined ? {} : { namespace: deployment.metadata.namespace }),
      labels: { ...template.metadata?.labels },
      annotations: { ...annotations, [REVISION]: revision, ...sizes(deployment) },
      ownerReferences: [controllerReference(deployment)],
    },
    spec: {
      replicas,
      ...(minReadySeconds === undefined ? {} : { minReadySeconds }),
      selector: { ...selector, matchLabels: { ...selector.matchLabels, [HASH_LABEL]: hash } },
      template,
    },
  };
}
