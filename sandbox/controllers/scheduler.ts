/** The scheduler: binds each pod to the eligible node with the fewest pods of the same owner. */

import { type ControllerContext, controllerFor, type RunningController } from '../client/builder.ts';
import { ApiError, type Client } from '../client/client.ts';
import { condition, withCondition } from '../client/conditions.ts';
import { EventRecorder } from '../client/events.ts';
import { type Informer, keyOf } from '../client/informer.ts';
import { NODES, type Node, PODS, type Pod } from '../client/kinds.ts';
import { controllerOf } from '../client/ownership.ts';
import { matchesLabels } from '../labels/selector.ts';

export function startScheduler(context: ControllerContext): RunningController {
  const worker = new Worker(context);
  const { informers } = context;
  const pending = (): string[] => informers.of(PODS).list().filter(isPending).map(keyOf);
  informers.of(PODS).onChange(({ type, object }) => {
    if (type === 'deleted' || object.spec.nodeName !== undefined) worker.observed(object);
  });
  return controllerFor(context, 'default-scheduler', PODS, { when: ({ object }) => isPending(object) })
    .watches(NODES, pending)
    .reconciles((pod) => worker.place(pod));
}

class Worker {
  readonly #client: Client;
  readonly #events: EventRecorder;
  readonly #pods: Informer<Pod>;
  readonly #nodes: Informer<Node>;
  /** Pods that have been bound but not yet observed as bound, so that a burst of pods is still spread over the nodes. */
  readonly #assumed = new Map<string, Pod>();

  constructor({ client, informers }: ControllerContext) {
    this.#client = client;
    this.#events = new EventRecorder(client, 'default-scheduler');
    this.#pods = informers.of(PODS);
    this.#nodes = informers.of(NODES);
  }

  observed({ metadata }: Pod): void {
    this.#assumed.delete(metadata.uid ?? '');
  }

  async place(pod: Pod): Promise<void> {
    if (!isPending(pod) || this.#assumed.has(pod.metadata.uid ?? '')) return;
    const seen = this.#pods.list().filter((one) => !this.#assumed.has(one.metadata.uid ?? ''));
    const node = choose(pod, this.#nodes.list(), [...seen, ...this.#assumed.values()]);
    if (node === undefined) await this.#refuse(pod);
    else await this.#bind(pod, node);
  }

  async #bind(pod: Pod, node: string): Promise<void> {
    const { name, namespace, uid } = pod.metadata;
    this.#assumed.set(uid ?? '', { ...pod, spec: { ...pod.spec, nodeName: node } });
    try {
      await this.#client.request('POST', this.#client.path(PODS, namespace, name, 'binding'), {
        apiVersion: 'v1',
        kind: 'Binding',
        metadata: { name, namespace },
        target: { apiVersion: 'v1', kind: 'Node', name: node },
      });
    } catch (error) {
      this.#assumed.delete(uid ?? '');
      if (error instanceof ApiError && error.code === 404) return;
      throw error;
    }
    this.#events.emit(pod, 'Normal', 'Scheduled', `Successfully assigned ${namespace}/${name} to ${node}`);
  }

  async #refuse(pod: Pod): Promise<void> {
    const message = unschedulable(pod, this.#nodes.list());
    this.#events.emit(pod, 'Warning', 'FailedScheduling', message);
    const conditions = withCondition(pod.status?.conditions ?? [], {
      type: 'PodScheduled',
      status: 'False',
      reason: 'Unschedulable',
      message,
    });
    const { name, namespace } = pod.metadata;
    await this.#client.patch(PODS, name, namespace, { status: { conditions } }, { subresource: 'status' });
  }
}

function isPending(pod: Pod): boolean {
  return (
    !pod.spec.nodeName &&
    pod.metadata.deletionTimestamp === undefined &&
    (pod.spec.schedulerName ?? 'default-scheduler') === 'default-scheduler'
  );
}

/** The node's name, or undefined when none fits. */
export function choose(pod: Pod, nodes: readonly Node[], pods: readonly Pod[]): string | undefined {
  const owner = controllerOf(pod)?.uid;
  const load = (node: Node, sibling: boolean): number =>
    pods.filter(
      (one) =>
        one.spec.nodeName === node.metadata.name &&
        (!sibling || (owner !== undefined && controllerOf(one)?.uid === owner)),
    ).length;
  const fitting = nodes.filter((node) => fits(pod, node));
  const scored = fitting.map((node) => ({
    name: node.metadata.name,
    siblings: load(node, true),
    all: load(node, false),
  }));
  scored.sort((a, b) => a.siblings - b.siblings || a.all - b.all || a.name.localeCompare(b.name));
  return scored[0]?.name;
}

/** Whether the pod can run on the node, by cordon, taints and node selector. */
export function fits(pod: Pod, node: Node): boolean {
  return obstacle(pod, node) === undefined;
}

/** Why no node fits the pod, in kube-scheduler's format: each node counted under its first obstacle. */
export function unschedulable(pod: Pod, nodes: readonly Node[]): string {
  if (nodes.length === 0) return 'no nodes available to schedule pods';
  const counts = new Map<string, number>();
  for (const node of nodes) {
    const reason = obstacle(pod, node);
    if (reason !== undefined) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  }
  const reasons = [...counts].map(([reason, count]) => `${count} ${reason}`).sort();
  return `0/${nodes.length} nodes are available: ${reasons.join(', ')}.`;
}

/** In the order of kube-scheduler's filters: cordon, taints, then the selector. */
function obstacle(pod: Pod, node: Node): string | undefined {
  if (node.spec?.unschedulable === true) return 'node(s) were unschedulable';
  const taint = (node.spec?.taints ?? []).find(
    (one) =>
      one.effect !== 'PreferNoSchedule' &&
      !(pod.spec.tolerations ?? []).some(
        (toleration) =>
          (!toleration.effect || toleration.effect === one.effect) &&
          (toleration.operator === 'Exists'
            ? !toleration.key || toleration.key === one.key
            : toleration.key === one.key && (toleration.value ?? '') === (one.value ?? '')),
      ),
  );
  if (taint !== undefined) return `node(s) had untolerated taint {${taint.key}: ${taint.value ?? ''}}`;
  if (!matchesLabels(pod.spec.nodeSelector ?? {}, node.metadata.labels))
    return "node(s) didn't match Pod's node affinity/selector";
  // A real cluster uses a taint with this name.
  if (condition(node.status?.conditions, 'Ready')?.status === 'False')
    return 'node(s) had untolerated taint {node.kubernetes.io/not-ready: }';
  return undefined;
}
