/**
 * HorizontalPodAutoscalers as on a cluster without a metrics server: the bounds are enforced, and the conditions say that the load
 * is not measured (kube-controller-manager, pkg/controller/podautoscaler/horizontal.go).
 */

import { groupOf } from '../../model/api-version.ts';
import { at, number } from '../../model/fields.ts';
import { type ControllerContext, controllerFor, type RunningController } from '../client/builder.ts';
import { ApiError, type Client, type Resource } from '../client/client.ts';
import { now, withCondition, withoutCondition } from '../client/conditions.ts';
import { EventRecorder } from '../client/events.ts';
import { canonical } from '../client/hash.ts';
import { AUTOSCALERS, type Condition, type HorizontalPodAutoscaler, type MetricSpec } from '../client/kinds.ts';
import { discover } from './discovery.ts';

/** The interval of kube-controller-manager. */
const PERIOD = 15_000;
const NO_METRICS =
  'unable to fetch metrics from resource metrics API: the server could not find the requested resource (get pods.metrics.k8s.io)';

type Status = NonNullable<HorizontalPodAutoscaler['status']>;

export function startAutoscalers(context: ControllerContext): RunningController {
  const worker = new Worker(context.client);
  return controllerFor(context, 'horizontal-pod-autoscaler', AUTOSCALERS).reconciles(async (autoscaler) => {
    await worker.reconcile(autoscaler);
    return PERIOD;
  });
}

class Worker {
  readonly #client: Client;
  readonly #events: EventRecorder;

  constructor(client: Client) {
    this.#client = client;
    this.#events = new EventRecorder(client, 'horizontal-pod-autoscaler');
  }

  async reconcile(autoscaler: HorizontalPodAutoscaler): Promise<void> {
    const status = await this.#follow(autoscaler);
    if (canonical(status) === canonical(autoscaler.status)) return;
    const { name, namespace } = autoscaler.metadata;
    await this.#client.patch(AUTOSCALERS, name, namespace, { status }, { subresource: 'status' });
  }

  async #follow(autoscaler: HorizontalPodAutoscaler): Promise<Status> {
    const { spec, status: before } = autoscaler;
    const conditions = before?.conditions ?? [];
    const of = await this.#kindOf(autoscaler);
    let replicas: number;
    try {
      if (of === undefined)
        throw new Error(`no matches for kind "${spec.scaleTargetRef.kind}" in group "${groupOfTarget(autoscaler)}"`);
      const { name } = spec.scaleTargetRef;
      const path = this.#client.path(of, autoscaler.metadata.namespace, name, 'scale');
      replicas = number(at(await this.#client.request('GET', path), 'spec', 'replicas'));
    } catch (error) {
      if (error instanceof ApiError && error.code >= 500) throw error;
      const why = error instanceof Error ? error.message : String(error);
      const message = `the HPA controller was unable to get the target's current scale: ${why}`;
      this.#events.emit(autoscaler, 'Warning', 'FailedGetScale', why);
      const failed = withCondition(conditions, {
        type: 'AbleToScale',
        status: 'False',
        reason: 'FailedGetScale',
        message,
      });
      return { ...before, desiredReplicas: before?.desiredReplicas ?? 0, conditions: failed };
    }
    return this.#judge(autoscaler, of, replicas, conditions);
  }

  async #judge(
    autoscaler: HorizontalPodAutoscaler,
    of: Resource,
    current: number,
    before: Condition[],
  ): Promise<Status> {
    const message = "the HPA controller was able to get the target's current scale";
    const able = withCondition(before, { type: 'AbleToScale', status: 'True', reason: 'SucceededGetScale', message });
    const { minReplicas = 1, maxReplicas } = autoscaler.spec;
    const base = { ...autoscaler.status, currentReplicas: current };
    if (current === 0 && minReplicas !== 0) {
      const disabled = withCondition(able, {
        type: 'ScalingActive',
        status: 'False',
        reason: 'ScalingDisabled',
        message: 'scaling is disabled since the replica count of the target is zero',
      });
      return { ...base, desiredReplicas: 0, conditions: disabled };
    }
    if (current > maxReplicas)
      return this.#rescale(autoscaler, of, maxReplicas, 'Current number of replicas above Spec.MaxReplicas');
    if (current < minReplicas)
      return this.#rescale(autoscaler, of, minReplicas, 'Current number of replicas below Spec.MinReplicas');
    const inactive = withCondition(able, this.#unmeasured(autoscaler));
    return {
      ...base,
      desiredReplicas: autoscaler.status?.desiredReplicas ?? 0,
      currentMetrics: null,
      conditions: inactive,
    };
  }

  async #rescale(autoscaler: HorizontalPodAutoscaler, of: Resource, wanted: number, why: string): Promise<Status> {
    const { name } = autoscaler.spec.scaleTargetRef;
    const patch = { spec: { replicas: wanted } };
    const path = this.#client.path(of, autoscaler.metadata.namespace, name, 'scale');
    await this.#client.request('PATCH', path, patch, 'application/merge-patch+json');
    this.#events.emit(autoscaler, 'Normal', 'SuccessfulRescale', `New size: ${wanted}; reason: ${why}`);
    const message = `the HPA controller was able to update the target scale to ${wanted}`;
    const conditions = withCondition(withoutCondition(autoscaler.status?.conditions ?? [], 'ScalingLimited'), {
      type: 'AbleToScale',
      status: 'True',
      reason: 'SucceededRescale',
      message,
    });
    const { currentReplicas } = autoscaler.status ?? {};
    return {
      ...autoscaler.status,
      ...(currentReplicas === undefined ? {} : { currentReplicas }),
      desiredReplicas: wanted,
      lastScaleTime: now(),
      conditions,
    };
  }

  #unmeasured(autoscaler: HorizontalPodAutoscaler): Condition {
    const metrics = autoscaler.spec.metrics ?? [];
    const { reason, why } = failureOf(metrics[0]);
    this.#events.emit(autoscaler, 'Warning', reason, why);
    const first = `invalid metrics (${metrics.length} invalid out of ${metrics.length}), first error is: ${why}`;
    this.#events.emit(autoscaler, 'Warning', 'FailedComputeMetricsReplicas', first);
    const message = `the HPA was unable to compute the replica count: ${why}`;
    return { type: 'ScalingActive', status: 'False', reason, message };
  }

  async #kindOf(autoscaler: HorizontalPodAutoscaler): Promise<Resource | undefined> {
    const { kind } = autoscaler.spec.scaleTargetRef;
    const group = groupOfTarget(autoscaler);
    const kinds = await discover(this.#client, ['get']);
    return kinds.find((one) => one.kind === kind && groupOf(one.apiVersion) === group);
  }
}

function groupOfTarget({ spec }: HorizontalPodAutoscaler): string {
  return groupOf(spec.scaleTargetRef.apiVersion ?? 'v1');
}

/** The reason and message for a metric that cannot be read, by its type. */
function failureOf(metric: MetricSpec | undefined): { reason: string; why: string } {
  switch (metric?.type) {
    case 'ContainerResource': {
      const name = metric.containerResource?.name ?? '';
      const why = `failed to get ${name} usage: unable to get metrics for resource ${name}: ${NO_METRICS}`;
      return { reason: 'FailedGetContainerResourceMetric', why };
    }
    case 'Pods':
    case 'Object':
      return {
        reason: `FailedGet${metric.type}Metric`,
        why: 'unable to get metric: no custom metrics API (custom.metrics.k8s.io) registered',
      };
    case 'External':
      return {
        reason: 'FailedGetExternalMetric',
        why: 'unable to get external metric: no external metrics API (external.metrics.k8s.io) registered',
      };
    default: {
      const name = metric?.resource?.name ?? 'cpu';
      const why = `failed to get ${name} utilization: unable to get metrics for resource ${name}: ${NO_METRICS}`;
      return { reason: 'FailedGetResourceMetric', why };
    }
  }
}
