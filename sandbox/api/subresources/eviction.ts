/**
 * `pods/eviction`, for `kubectl drain`: a deletion that PodDisruptionBudgets may refuse
 * (pkg/registry/core/pod/storage/eviction.go).
 */
import { at, fields, number, recordsAt, text } from '../../../model/fields.ts';
import { clone, ensure, timestamp } from '../json.ts';
import { keyOf } from '../registry/kind.ts';
import type { RestContext } from '../rest/context.ts';
import { remove } from '../rest/delete.ts';
import type { RestRequest, RestResult } from '../rest/request.ts';
import { notFound, StatusError } from '../status.ts';
import { matchesSelector } from '../storage/selectors.ts';
import type { Entry, Store } from '../storage/store.ts';
import type { ApiObject } from '../types.ts';

const DONE = { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', code: 201 };
const BUDGETS = 'policy/poddisruptionbudgets';
const RETRY_AFTER_SECONDS = 10;

/** @throws {StatusError} TooManyRequests when a budget allows no further disruption. */
export async function evictPod(context: RestContext, request: RestRequest): Promise<RestResult> {
  const { store } = context;
  const name = text(request.name);
  const pod = store.get(request.kind.storage, keyOf(request.namespace, name))?.object;
  if (pod === undefined) throw notFound(request.kind, name);
  const dryRun = request.query.has('dryRun') || at(request.body, 'deleteOptions', 'dryRun') !== undefined;
  if (!needsNoBudget(pod)) spend(store, pod, dryRun);
  const body = at(request.body, 'deleteOptions');
  await remove(context, { ...request, verb: 'delete', subresource: undefined, body });
  return { code: 201, object: DONE };
}

function needsNoBudget(pod: ApiObject): boolean {
  const phase = at(pod, 'status', 'phase');
  return (
    phase === 'Succeeded' || phase === 'Failed' || phase === 'Pending' || pod.metadata.deletionTimestamp !== undefined
  );
}

function spend(store: Store, pod: ApiObject, dryRun: boolean): void {
  const labels = pod.metadata.labels ?? {};
  const budgets = store.list(BUDGETS).filter(({ object }) => {
    const selector = at(object, 'spec', 'selector');
    return (
      object.metadata.namespace === pod.metadata.namespace &&
      selector !== undefined &&
      matchesSelector(selector, labels)
    );
  });
  const [budget, another] = budgets;
  if (budget === undefined) return;
  if (another !== undefined) {
    const why = 'This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.';
    throw new StatusError(500, 'InternalError', why);
  }
  if (isSpared(pod, budget.object)) return;
  requireAllowance(budget.object);
  if (!dryRun) note(store, budget, pod.metadata.name);
}

/** A pod that is not ready may be evicted while enough other pods are healthy, or always if the budget says so. */
function isSpared(pod: ApiObject, budget: ApiObject): boolean {
  const ready = recordsAt(pod, 'status', 'conditions').some(
    (one) => one['type'] === 'Ready' && one['status'] === 'True',
  );
  if (ready) return false;
  if (at(budget, 'spec', 'unhealthyPodEvictionPolicy') === 'AlwaysAllow') return true;
  const { currentHealthy, desiredHealthy } = fields(budget['status']);
  return number(desiredHealthy) > 0 && number(currentHealthy) >= number(desiredHealthy);
}

function requireAllowance(budget: ApiObject): void {
  const { observedGeneration, disruptionsAllowed, desiredHealthy, currentHealthy } = fields(budget['status']);
  const { name, generation = 1 } = budget.metadata;
  if (number(observedGeneration) < generation)
    throw refusal(`The disruption budget ${name} is still being processed by the server.`, RETRY_AFTER_SECONDS);
  if (number(disruptionsAllowed) > 0) return;
  throw refusal(
    `The disruption budget ${name} needs ${number(desiredHealthy)} healthy pods and has ${number(currentHealthy)} currently`,
  );
}

function refusal(message: string, retryAfterSeconds?: number): StatusError {
  const why = "Cannot evict pod as it would violate the pod's disruption budget.";
  const causes = [{ reason: 'DisruptionBudget', message }];
  return new StatusError(429, 'TooManyRequests', why, {
    causes,
    ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
  });
}

/** Records the disruption before the pod is deleted, so that concurrent evictions cannot use the same allowance. */
function note(store: Store, { key, object }: Entry, pod: string): void {
  const budget = clone(object);
  const status = ensure(budget, 'status');
  status['disruptionsAllowed'] = number(status['disruptionsAllowed']) - 1;
  ensure(status, 'disruptedPods')[pod] = timestamp();
  store.put(BUDGETS, key, budget);
}
