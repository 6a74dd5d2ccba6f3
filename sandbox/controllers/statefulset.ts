/** StatefulSets: pods with stable names and storage, created, updated and removed one after the other. */

import { type ControllerContext, controllerFor, type RunningController } from '../client/builder.ts';
import { ApiError, type Client } from '../client/client.ts';
import { EventRecorder } from '../client/events.ts';
import { Expectations } from '../client/expectations.ts';
import { canonical } from '../client/hash.ts';
import { PODS, type Pod, type PodTemplate } from '../client/kinds.ts';
import { claim, controllerOf } from '../client/ownership.ts';
import { PERSISTENT_VOLUME_CLAIMS } from './persistent-volumes.ts';
import { availableIn } from './pods.ts';
import { CONTROLLER_REVISIONS, type ControllerRevision, Revisions } from './revisions.ts';
import {
  claimsOf,
  ordinalOf,
  REVISION_LABEL,
  STATEFUL_SETS,
  type StatefulSet,
  statefulPod,
} from './statefulset-pod.ts';
import { statefulStatus } from './statefulset-status.ts';

export function startStatefulSets(context: ControllerContext): RunningController {
  const worker = new Worker(context.client);
  const pods = context.informers.of(PODS);
  const revisions = context.informers.of(CONTROLLER_REVISIONS);
  return controllerFor(context, 'statefulset-controller', STATEFUL_SETS)
    .owns(PODS, { expectations: worker.expectations })
    .owns(CONTROLLER_REVISIONS, { expectations: worker.revisions.expectations })
    .reconciles((set) => {
      const { namespace } = set.metadata;
      return worker.reconcile(set, pods.list(namespace), revisions.list(namespace));
    });
}

interface Round {
  readonly set: StatefulSet;
  readonly current: ControllerRevision;
  readonly update: ControllerRevision;
  /** By ordinal; includes pods that are being deleted. */
  readonly pods: Map<number, Pod>;
}

class Worker {
  readonly expectations = new Expectations<Pod>();
  readonly revisions: Revisions;
  readonly #client: Client;
  readonly #events: EventRecorder;

  constructor(client: Client) {
    this.#client = client;
    this.#events = new EventRecorder(client, 'statefulset-controller');
    this.revisions = new Revisions(client);
  }

  async reconcile(
    set: StatefulSet,
    watched: readonly Pod[],
    known: readonly ControllerRevision[],
  ): Promise<number | undefined> {
    const all = this.expectations.correct(watched, (pod) => controllerOf(pod)?.uid === set.metadata.uid);
    const named = all.filter((pod) => ordinalOf(set, pod) !== undefined);
    const own = this.revisions.of(set, known);
    const update = await this.revisions.present(set, own);
    const current = own.find(({ metadata }) => metadata.name === set.status?.currentRevision) ?? update;
    const pods = new Map<number, Pod>();
    for (const pod of await claim(this.#client, PODS, set, named)) pods.set(ordinalOf(set, pod) ?? 0, pod);
    const round: Round = { set, current, update, pods };
    try {
      if (await this.#scale(round)) await this.#update(round);
    } finally {
      await this.#writeStatus(round);
    }
    const labels = [...pods.values()].map((pod) => pod.metadata.labels?.[REVISION_LABEL] ?? '');
    await this.revisions.trim(set, own, new Set([current.metadata.name, update.metadata.name, ...labels]));
    const waits = [...pods.values()].map((pod) => availableIn(pod, set.spec.minReadySeconds ?? 0) ?? 0);
    return waits.filter((wait) => wait > 0).sort((a, b) => a - b)[0];
  }

  /** Creates missing pods and removes extra ones. @returns whether all exist, so that an update may continue. */
  async #scale(round: Round): Promise<boolean> {
    const { set, pods } = round;
    const ordered = set.spec.podManagementPolicy !== 'Parallel';
    const first = set.spec.ordinals?.start ?? 0;
    const end = first + (set.spec.replicas ?? 1);
    for (let ordinal = first; ordinal < end; ordinal += 1) {
      const settled = await this.#keep(round, ordinal);
      if (ordered && !settled) return false;
    }
    const surplus = [...pods.keys()].filter((ordinal) => ordinal < first || ordinal >= end).sort((a, b) => b - a);
    for (const ordinal of surplus) {
      const pod = pods.get(ordinal);
      if (pod === undefined) continue;
      if (pod.metadata.deletionTimestamp === undefined) await this.#delete(set, pod);
      // The next pod is deleted once this one is gone.
      if (ordered) return false;
    }
    return true;
  }

  /** @returns whether the pod of that ordinal runs and is available. */
  async #keep(round: Round, ordinal: number): Promise<boolean> {
    const { set, pods } = round;
    const pod = pods.get(ordinal);
    if (pod === undefined) {
      pods.set(ordinal, await this.#create(round, ordinal));
      return false;
    }
    if (pod.metadata.deletionTimestamp !== undefined) return false;
    if (pod.status?.phase === 'Failed' || pod.status?.phase === 'Succeeded') {
      const { name, namespace } = set.metadata;
      const why = `StatefulSet ${namespace}/${name} is recreating failed Pod ${pod.metadata.name}`;
      this.#events.emit(set, 'Warning', 'RecreatingFailedPod', why);
      await this.#delete(set, pod);
      return false;
    }
    return availableIn(pod, set.spec.minReadySeconds ?? 0) === 0;
  }

  /** Updates one pod at a time, from the highest ordinal to the lowest. */
  async #update({ set, update, pods }: Round): Promise<void> {
    const { type = 'RollingUpdate', rollingUpdate } = set.spec.updateStrategy ?? {};
    if (type !== 'RollingUpdate') return;
    const lowest = (set.spec.ordinals?.start ?? 0) + (rollingUpdate?.partition ?? 0);
    for (const ordinal of [...pods.keys()].filter((one) => one >= lowest).sort((a, b) => b - a)) {
      const pod = pods.get(ordinal);
      if (pod === undefined || pod.metadata.deletionTimestamp !== undefined) return;
      if (pod.metadata.labels?.[REVISION_LABEL] !== update.metadata.name) return this.#delete(set, pod);
      if (availableIn(pod, set.spec.minReadySeconds ?? 0) !== 0) return;
    }
  }

  async #create({ set, current, update }: Round, ordinal: number): Promise<Pod> {
    const { type = 'RollingUpdate', rollingUpdate } = set.spec.updateStrategy ?? {};
    const partition = (set.spec.ordinals?.start ?? 0) + (rollingUpdate?.partition ?? 0);
    const revision = type === 'RollingUpdate' && ordinal < partition ? current : update;
    const wanted = statefulPod(set, ordinal, templateOf(set, revision), revision.metadata.name);
    const about = `Pod ${wanted.metadata.name} in StatefulSet ${set.metadata.name}`;
    try {
      await this.#claims(set, wanted.metadata.name);
      const pod = await this.#client.create(PODS, wanted);
      this.expectations.created(pod);
      this.#events.emit(set, 'Normal', 'SuccessfulCreate', `create ${about} successful`);
      return pod;
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      this.#events.emit(set, 'Warning', 'FailedCreate', `create ${about} failed error: ${why}`);
      throw error;
    }
  }

  async #claims(set: StatefulSet, pod: string): Promise<void> {
    for (const wanted of claimsOf(set, pod)) {
      const { name, namespace } = wanted.metadata;
      if ((await this.#client.find(PERSISTENT_VOLUME_CLAIMS, name, namespace)) !== undefined) continue;
      await this.#client.request('POST', this.#client.path(PERSISTENT_VOLUME_CLAIMS, namespace), wanted);
      const about = `create Claim ${name} Pod ${pod} in StatefulSet ${set.metadata.name} success`;
      this.#events.emit(set, 'Normal', 'SuccessfulCreate', about);
    }
  }

  async #delete(set: StatefulSet, pod: Pod): Promise<void> {
    const { name, namespace, uid } = pod.metadata;
    try {
      await this.#client.delete(PODS, name, namespace, uid === undefined ? {} : { uid });
    } catch (error) {
      if (!(error instanceof ApiError && error.code === 404)) throw error;
    }
    const about = `delete Pod ${name} in StatefulSet ${set.metadata.name} successful`;
    this.#events.emit(set, 'Normal', 'SuccessfulDelete', about);
  }

  async #writeStatus({ set, current, update, pods }: Round): Promise<void> {
    const status = statefulStatus(set, [...pods.values()], current.metadata.name, update.metadata.name);
    if (canonical(status) === canonical(set.status)) return;
    const gone = Object.fromEntries(Object.keys(set.status ?? {}).map((key) => [key, null]));
    const { name, namespace } = set.metadata;
    const change = { status: { ...gone, ...status } };
    await this.#client.patch(STATEFUL_SETS, name, namespace, change, { subresource: 'status' });
  }
}

function templateOf(set: StatefulSet, revision: ControllerRevision): PodTemplate {
  const stored = revision.data?.spec.template;
  if (stored === undefined) return set.spec.template;
  const { $patch: _, ...template } = stored;
  return template;
}
