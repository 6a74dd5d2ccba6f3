/** DaemonSets: one pod per eligible node. */

import { type ControllerContext, controllerFor, type RunningController } from '../client/builder.ts';
import { ApiError, type Client } from '../client/client.ts';
import { EventRecorder } from '../client/events.ts';
import { Expectations } from '../client/expectations.ts';
import { safeHash } from '../client/hash.ts';
import { keyOf } from '../client/informer.ts';
import { DAEMON_SETS, type DaemonSet, NODES, type Node, PODS, type Pod } from '../client/kinds.ts';
import { claim, controllerOf, controllerReference } from '../client/ownership.ts';
import { isActive, isReady } from './pods.ts';
import { fits } from './scheduler.ts';

const HASH = 'controller-revision-hash';

export function startDaemonSets(context: ControllerContext): RunningController {
  const worker = new Worker(context.client);
  const { informers } = context;
  const pods = informers.of(PODS);
  const nodes = informers.of(NODES);
  return controllerFor(context, 'daemonset-controller', DAEMON_SETS)
    .owns(PODS, { expectations: worker.expectations })
    .watches(NODES, () => informers.of(DAEMON_SETS).list().map(keyOf), { when: ({ type }) => type !== 'modified' })
    .reconciles((set) => worker.reconcile(set, nodes.list(), pods.list(set.metadata.namespace)));
}

class Worker {
  readonly expectations = new Expectations<Pod>();
  readonly #client: Client;
  readonly #events: EventRecorder;

  constructor(client: Client) {
    this.#client = client;
    this.#events = new EventRecorder(client, 'daemonset-controller');
  }

  async reconcile(set: DaemonSet, nodes: readonly Node[], watched: readonly Pod[]): Promise<void> {
    const all = this.expectations.correct(watched, (pod) => controllerOf(pod)?.uid === set.metadata.uid);
    const active = (await claim(this.#client, PODS, set, all)).filter(isActive);
    const hash = safeHash(set.spec.template);
    const eligible = nodes.filter((node) => fits(daemonPod(set, hash), node));
    const kept: Pod[] = [];
    for (const node of eligible) {
      const here = active.filter((pod) => nodeOf(pod) === node.metadata.name);
      const current = here.filter((pod) => pod.metadata.labels?.[HASH] === hash);
      for (const pod of here) if (pod !== current[0]) await this.#delete(set, pod);
      kept.push(current[0] ?? (await this.#create(set, hash, node)));
    }
    for (const pod of active)
      if (!eligible.some((node) => node.metadata.name === nodeOf(pod))) await this.#delete(set, pod);
    await this.#writeStatus(set, eligible.length, kept);
  }

  async #create(set: DaemonSet, hash: string, node: Node): Promise<Pod> {
    const pod = await this.#client.create(PODS, daemonPod(set, hash, node.metadata.name));
    this.expectations.created(pod);
    this.#events.emit(set, 'Normal', 'SuccessfulCreate', `Created pod: ${pod.metadata.name}`);
    return pod;
  }

  async #delete(set: DaemonSet, pod: Pod): Promise<void> {
    try {
      await this.#client.delete(PODS, pod.metadata.name, pod.metadata.namespace);
    } catch (error) {
      if (!(error instanceof ApiError && error.code === 404)) throw error;
    }
    this.expectations.deleted(pod);
    this.#events.emit(set, 'Normal', 'SuccessfulDelete', `Deleted pod: ${pod.metadata.name}`);
  }

  async #writeStatus(set: DaemonSet, desired: number, pods: readonly Pod[]): Promise<void> {
    const ready = pods.filter(isReady).length;
    const status = {
      currentNumberScheduled: pods.length,
      desiredNumberScheduled: desired,
      numberAvailable: ready,
      numberMisscheduled: 0,
      numberReady: ready,
      numberUnavailable: desired - ready,
      observedGeneration: set.metadata.generation ?? 1,
      updatedNumberScheduled: pods.length,
    };
    // The API may omit zero counts.
    if (Object.entries(status).every(([field, count]) => (set.status?.[field] ?? 0) === count)) return;
    await this.#client.patch(
      DAEMON_SETS,
      set.metadata.name,
      set.metadata.namespace,
      { status },
      { subresource: 'status' },
    );
  }
}

function nodeOf(pod: Pod): string | undefined {
  return pod.spec.nodeName || pod.spec.nodeSelector?.['kubernetes.io/hostname'];
}

/** With `node`, the pod is created on its node, as DaemonSets did before they used the scheduler. This saves a write. */
function daemonPod(set: DaemonSet, hash: string, node?: string): Pod {
  const { labels, annotations } = set.spec.template.metadata ?? {};
  const tolerations = [...(set.spec.template.spec.tolerations ?? []), { operator: 'Exists', effect: 'NoExecute' }];
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: '',
      generateName: `${set.metadata.name}-`,
      ...(set.metadata.namespace === undefined ? {} : { namespace: set.metadata.namespace }),
      labels: { ...labels, [HASH]: hash, 'pod-template-generation': String(set.metadata.generation ?? 1) },
      ...(annotations === undefined ? {} : { annotations }),
      ownerReferences: [controllerReference(set)],
    },
    spec: { ...set.spec.template.spec, tolerations, ...(node === undefined ? {} : { nodeName: node }) },
  };
}
