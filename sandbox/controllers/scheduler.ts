/** The scheduler: binds each pod to the eligible node with the fewest pods of the same owner. */

import { ApiError } from '../client/client.ts';
import { condition, withCondition } from '../client/conditions.ts';
import { Controller } from '../client/controller.ts';
import { EventRecorder } from '../client/events.ts';
import { keyOf } from '../client/informer.ts';
import type { Informers } from '../client/informers.ts';
import { NODES, type Node, PODS, type Pod } from '../client/kinds.ts';
import { controllerOf } from '../client/ownership.ts';
import { matchesLabels } from '../client/selectors.ts';
import type { Component, SandboxContext } from '../component.ts';

export function startScheduler(context: SandboxContext, informers: Informers): Component {
  const pods = informers.of(PODS);
  const nodes = informers.of(NODES);
  const events = new EventRecorder(context.client, 'default-scheduler');
  // What was bound but not yet seen bound, so that a burst of pods still spreads.
  const assumed = new Map<string, Pod>();
  const bind = async (pod: Pod, node: string): Promise<void> => {
    const { name, namespace, uid } = pod.metadata;
    assumed.set(uid ?? '', { ...pod, spec: { ...pod.spec, nodeName: node } });
    try {
      await context.client.request('POST', context.client.path(PODS, namespace, name, 'binding'), {
        apiVersion: 'v1',
        kind: 'Binding',
        metadata: { name, namespace },
        target: { apiVersion: 'v1', kind: 'Node', name: node },
      });
    } catch (error) {
      assumed.delete(uid ?? '');
      if (error instanceof ApiError && error.code === 404) return;
      throw error;
    }
    events.emit(pod, 'Normal', 'Scheduled', `Successfully assigned ${namespace}/${name} to ${node}`);
  };
  const controller = new Controller(
    async (key) => {
      await nodes.start();
      const pod = pods.get(key);
      if (pod === undefined || !isPending(pod) || assumed.has(pod.metadata.uid ?? '')) return;
      const placed = [...pods.list().filter((one) => !assumed.has(one.metadata.uid ?? '')), ...assumed.values()];
      const node = choose(pod, nodes.list(), placed);
      if (node !== undefined) return bind(pod, node);
      const message = unschedulable(pod, nodes.list());
      events.emit(pod, 'Warning', 'FailedScheduling', message);
      const conditions = withCondition(pod.status?.conditions ?? [], {
        type: 'PodScheduled',
        status: 'False',
        reason: 'Unschedulable',
        message,
      });
      await context.client.patch(
        PODS,
        pod.metadata.name,
        pod.metadata.namespace,
        { status: { conditions } },
        { subresource: 'status' },
      );
    },
    (key, error) => context.log('default-scheduler', `${key}: ${error}`),
  );
  pods.onChange(({ type, object }) => {
    if (type === 'deleted' || object.spec.nodeName !== undefined) assumed.delete(object.metadata.uid ?? '');
    if (type !== 'deleted' && isPending(object)) controller.enqueue(keyOf(object));
  });
  nodes.onChange(() => {
    for (const pod of pods.list()) if (isPending(pod)) controller.enqueue(keyOf(pod));
  });
  return { name: 'default-scheduler', stop: () => controller.stop() };
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

export function fits(pod: Pod, node: Node): boolean {
  return obstacle(pod, node) === undefined;
}

/** Why no node takes the pod, in kube-scheduler's form: each node counted under its first obstacle. */
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
  // A real cluster says it by a taint of this name.
  if (condition(node.status?.conditions, 'Ready')?.status === 'False')
    return 'node(s) had untolerated taint {node.kubernetes.io/not-ready: }';
  return undefined;
}
