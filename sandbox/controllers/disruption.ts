/** PodDisruptionBudgets: how many of their pods may be evicted now (kube-controller-manager, pkg/controller/disruption). */
import { type ControllerContext, controllerFor, type RunningController } from '../client/builder.ts';
import { withCondition } from '../client/conditions.ts';
import { EventRecorder } from '../client/events.ts';
import { canonical } from '../client/hash.ts';
import { keyOf } from '../client/informer.ts';
import {
  type Condition,
  POD_DISRUPTION_BUDGETS,
  PODS,
  type Pod,
  type PodDisruptionBudget,
  REPLICA_SETS,
  REPLICATION_CONTROLLERS,
} from '../client/kinds.ts';
import { controllerOf } from '../client/ownership.ts';
import { matches } from '../labels/selector.ts';

import { isReady } from './pods.ts';
import { STATEFUL_SETS } from './statefulset-pod.ts';

/** A pod whose eviction was allowed counts as deleted until it is deleted, or until this time has passed. */
const DELETION_TIMEOUT = 120_000;

type Status = NonNullable<PodDisruptionBudget['status']>;
type Replicas = (pod: Pod) => { uid: string; replicas: number } | undefined;

export function startDisruption(context: ControllerContext): RunningController {
  const { client, informers } = context;
  const [budgets, pods] = [informers.of(POD_DISRUPTION_BUDGETS), informers.of(PODS)];
  const events = new EventRecorder(client, 'controllermanager');
  const owners = [REPLICA_SETS, REPLICATION_CONTROLLERS, STATEFUL_SETS];
  const replicasOf: Replicas = (pod) => {
    const owner = controllerOf(pod);
    const of = owners.find(({ kind }) => kind === owner?.kind);
    const found = of && informers.of(of).get(`${pod.metadata.namespace}/${owner?.name}`);
    return found && { uid: found.metadata.uid ?? '', replicas: found.spec.replicas ?? 1 };
  };
  const covering = (pod: Pod): string[] =>
    budgets
      .list(pod.metadata.namespace)
      .filter(({ spec }) => matches(spec.selector, pod.metadata.labels))
      .map(keyOf);
  let builder = controllerFor(context, 'disruption-controller', POD_DISRUPTION_BUDGETS).watches(
    PODS,
    ({ object, before }) => [...covering(object), ...(before === undefined ? [] : covering(before))],
  );
  for (const of of owners)
    builder = builder.watches(of, ({ object }) => budgets.list(object.metadata.namespace).map(keyOf));
  return builder.reconciles(async (budget) => {
    const { name, namespace } = budget.metadata;
    const covered = pods.list(namespace).filter(({ metadata }) => matches(budget.spec.selector, metadata.labels));
    if (covered.length === 0) events.emit(budget, 'Normal', 'NoPods', 'No matching pods found');
    const status = statusOf(budget, covered, replicasOf);
    if (status.problem !== undefined)
      events.emit(
        budget,
        'Warning',
        'CalculateExpectedPodCountFailed',
        `Failed to calculate the number of expected pods: ${status.problem}`,
      );
    if (canonical(status.next) === canonical(budget.status)) return;
    await client.patch(
      POD_DISRUPTION_BUDGETS,
      name,
      namespace,
      { status: { disruptedPods: null, ...status.next } },
      { subresource: 'status' },
    );
  });
}

function statusOf(
  budget: PodDisruptionBudget,
  pods: readonly Pod[],
  replicasOf: Replicas,
): { next: Status; problem?: string } {
  const observedGeneration = budget.metadata.generation ?? 1;
  const before = budget.status;
  const expected = expectation(budget, pods, replicasOf);
  if (typeof expected === 'string') {
    const condition = { type: 'DisruptionAllowed', status: 'False', reason: 'SyncFailed', message: expected } as const;
    const none = { currentHealthy: 0, desiredHealthy: 0, expectedPods: 0 };
    return {
      next: {
        ...none,
        ...before,
        disruptionsAllowed: 0,
        observedGeneration,
        conditions: withCondition(before?.conditions ?? [], condition),
      },
      problem: expected,
    };
  }
  const disrupted = stillDisrupted(before?.disruptedPods ?? {}, pods);
  const currentHealthy = pods.filter(
    (pod) => isReady(pod) && pod.metadata.deletionTimestamp === undefined && disrupted[pod.metadata.name] === undefined,
  ).length;
  const { desiredHealthy, expectedPods } = expected;
  const disruptionsAllowed = expectedPods <= 0 ? 0 : Math.max(0, currentHealthy - desiredHealthy);
  return {
    next: {
      ...(Object.keys(disrupted).length === 0 ? {} : { disruptedPods: disrupted }),
      conditions: withCondition(before?.conditions ?? [], allowance(disruptionsAllowed, observedGeneration)),
      currentHealthy,
      desiredHealthy,
      disruptionsAllowed,
      expectedPods,
      observedGeneration,
    },
  };
}

function allowance(allowed: number, observedGeneration: number): Condition & { observedGeneration: number } {
  const [status, reason] =
    allowed > 0 ? (['True', 'SufficientPods'] as const) : (['False', 'InsufficientPods'] as const);
  return { type: 'DisruptionAllowed', status, reason, message: '', observedGeneration };
}

/** The expected number of pods, and the number that must be healthy; or why they are unknown. */
function expectation(
  { spec: { minAvailable, maxUnavailable } }: PodDisruptionBudget,
  pods: readonly Pod[],
  replicasOf: Replicas,
): { expectedPods: number; desiredHealthy: number } | string {
  if (maxUnavailable === undefined && typeof minAvailable !== 'string')
    return { expectedPods: pods.length, desiredHealthy: minAvailable ?? 1 };
  const scales = new Map<string, number>();
  for (const pod of pods) {
    if (controllerOf(pod) === undefined) return `found no controller ref for pod "${pod.metadata.name}"`;
    const owner = replicasOf(pod);
    if (owner !== undefined) scales.set(owner.uid, owner.replicas);
  }
  const expectedPods = [...scales.values()].reduce((sum, one) => sum + one, 0);
  const desiredHealthy =
    maxUnavailable === undefined
      ? share(minAvailable ?? 0, expectedPods)
      : Math.max(0, expectedPods - share(maxUnavailable, expectedPods));
  return { expectedPods, desiredHealthy };
}

/** Percentages round up for both bounds. */
function share(value: number | string, of: number): number {
  return typeof value === 'number' ? value : Math.ceil((Number.parseInt(value, 10) * of) / 100);
}

function stillDisrupted(disrupted: Readonly<Record<string, string>>, pods: readonly Pod[]): Record<string, string> {
  const waiting = Object.entries(disrupted).filter(([name, since]) => {
    const pod = pods.find(({ metadata }) => metadata.name === name);
    return (
      pod?.metadata.deletionTimestamp === undefined &&
      pod !== undefined &&
      Date.now() - Date.parse(since) < DELETION_TIMEOUT
    );
  });
  return Object.fromEntries(waiting);
}
