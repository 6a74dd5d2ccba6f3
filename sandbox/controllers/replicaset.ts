/** ReplicaSets and ReplicationControllers: the requested number of pods, created from the template. */

import { type ControllerContext, controllerFor, type RunningController } from '../client/builder.ts';
import { ApiError, type Client, type Resource } from '../client/client.ts';
import { withCondition, withoutCondition } from '../client/conditions.ts';
import { EventRecorder } from '../client/events.ts';
import { Expectations } from '../client/expectations.ts';
import { canonical } from '../client/hash.ts';
import {
  type Condition,
  PODS,
  type Pod,
  REPLICA_SETS,
  REPLICATION_CONTROLLERS,
  type ReplicaSet,
  type ReplicaSetStatus,
  type ReplicationController,
} from '../client/kinds.ts';
import { claim, controllerOf, controllerReference } from '../client/ownership.ts';
import { matches } from '../labels/selector.ts';
import { availableIn, deletionOrder, isActive, isReady } from './pods.ts';

export function startReplicaSets(context: ControllerContext): RunningController {
  const worker = new Worker(context.client, REPLICA_SETS, 'replicaset-controller');
  const pods = context.informers.of(PODS);
  return controllerFor(context, 'replicaset-controller', REPLICA_SETS)
    .owns(PODS, { expectations: worker.expectations, selector: ({ spec }) => spec.selector })
    .reconciles((set) => worker.reconcile(set, pods.list(set.metadata.namespace)));
}

/** As in kube-controller-manager, a ReplicationController is handled like a ReplicaSet whose selector is a map of labels. */
export function startReplicationControllers(context: ControllerContext): RunningController {
  const worker = new Worker(context.client, REPLICATION_CONTROLLERS, 'replication-controller');
  const pods = context.informers.of(PODS);
  return controllerFor(context, 'replication-controller', REPLICATION_CONTROLLERS)
    .owns(PODS, { expectations: worker.expectations, selector: ({ spec }) => ({ matchLabels: spec.selector }) })
    .reconciles((one) => worker.reconcile(asReplicaSet(one), pods.list(one.metadata.namespace)));
}

function asReplicaSet(one: ReplicationController): ReplicaSet {
  return { ...one, spec: { ...one.spec, selector: { matchLabels: one.spec.selector } } };
}

class Worker {
  readonly expectations = new Expectations<Pod>();
  readonly #client: Client;
  readonly #of: Resource;
  readonly #events: EventRecorder;

  /** @param of the kind whose status is written. @param name of the controller in events. */
  constructor(client: Client, of: Resource, name: string) {
    this.#client = client;
    this.#of = of;
    this.#events = new EventRecorder(client, name);
  }

  async reconcile(set: ReplicaSet, watched: readonly Pod[]): Promise<number | undefined> {
    const all = this.expectations.correct(watched, (pod) => controllerOf(pod)?.uid === set.metadata.uid);
    const active = (await claim(this.#client, PODS, set, all)).filter(isActive);
    const wanted = set.spec.replicas ?? 1;
    let failure: unknown;
    try {
      if (active.length < wanted) active.push(...(await this.#create(set, wanted - active.length)));
      if (active.length > wanted) await this.#remove(set, active, active.length - wanted);
    } catch (error) {
      failure = error;
    }
    const { status, next } = statusOf(set, active, failure);
    if (canonical(status) !== canonical(set.status)) {
      await this.#client.patch(
        this.#of,
        set.metadata.name,
        set.metadata.namespace,
        { status: nulled(set, status) },
        { subresource: 'status' },
      );
    }
    if (failure !== undefined) throw failure;
    return next;
  }

  async #create(set: ReplicaSet, count: number): Promise<Pod[]> {
    const made: Pod[] = [];
    // Create pods one by one: a webhook that refuses the first one would refuse all of them.
    for (let index = 0; index < count; index += 1) {
      try {
        const pod = await this.#client.create(PODS, podOf(set));
        this.expectations.created(pod);
        made.push(pod);
        this.#events.emit(set, 'Normal', 'SuccessfulCreate', `Created pod: ${pod.metadata.name}`);
      } catch (error) {
        this.#events.emit(
          set,
          'Warning',
          'FailedCreate',
          `Error creating: ${error instanceof Error ? error.message : error}`,
        );
        throw error;
      }
    }
    return made;
  }

  async #remove(set: ReplicaSet, active: Pod[], count: number): Promise<void> {
    for (const pod of deletionOrder(active).slice(0, count)) {
      const { name, namespace, uid } = pod.metadata;
      try {
        await this.#client.delete(PODS, name, namespace, uid === undefined ? {} : { uid });
        this.#events.emit(set, 'Normal', 'SuccessfulDelete', `Deleted pod: ${name}`);
      } catch (error) {
        if (!(error instanceof ApiError && error.code === 404)) throw error;
      }
      this.expectations.deleted(pod);
      active.splice(active.indexOf(pod), 1);
    }
  }
}

export function podOf(owner: ReplicaSet): Pod {
  const { labels, annotations } = owner.spec.template.metadata ?? {};
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: '',
      generateName: `${owner.metadata.name}-`,
      ...(owner.metadata.namespace === undefined ? {} : { namespace: owner.metadata.namespace }),
      ...(labels === undefined ? {} : { labels }),
      ...(annotations === undefined ? {} : { annotations }),
      ownerReferences: [controllerReference(owner)],
    },
    spec: owner.spec.template.spec,
  };
}

function statusOf(set: ReplicaSet, active: Pod[], failure: unknown): { status: ReplicaSetStatus; next?: number } {
  const waits = active.map((pod) => availableIn(pod, set.spec.minReadySeconds ?? 0));
  const ready = active.filter(isReady).length;
  const available = waits.filter((wait) => wait === 0).length;
  const next = waits.filter((wait) => wait !== undefined && wait > 0).sort((a = 0, b = 0) => a - b)[0];
  const wanted = set.spec.template.metadata?.labels ?? {};
  const labelled = active.filter((pod) => matches({ matchLabels: wanted }, pod.metadata.labels)).length;
  const conditions = failureCondition(set.status?.conditions ?? [], failure);
  const status: ReplicaSetStatus = {
    replicas: active.length,
    ...(labelled === 0 ? {} : { fullyLabeledReplicas: labelled }),
    ...(ready === 0 ? {} : { readyReplicas: ready }),
    ...(available === 0 ? {} : { availableReplicas: available }),
    observedGeneration: set.metadata.generation ?? 1,
    ...(conditions.length === 0 ? {} : { conditions }),
  };
  return next === undefined ? { status } : { status, next };
}

function failureCondition(conditions: Condition[], failure: unknown): Condition[] {
  if (failure === undefined) return withoutCondition(conditions, 'ReplicaFailure');
  const message = failure instanceof Error ? failure.message : String(failure);
  return withCondition(conditions, { type: 'ReplicaFailure', status: 'True', reason: 'FailedCreate', message });
}

/** A merge patch that also removes the fields of the old status that the new one lacks. */
function nulled(set: ReplicaSet, status: ReplicaSetStatus): object {
  return { ...Object.fromEntries(Object.keys(set.status ?? {}).map((key) => [key, null])), ...status };
}
