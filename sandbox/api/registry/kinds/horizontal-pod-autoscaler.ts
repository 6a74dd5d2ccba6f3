/** Autoscalers, stored as autoscaling/v2. Version 1 has a field for CPU utilization, and keeps the rest in annotations. */

import { at, type Fields, fields, isRecord, items, number, records, text } from '../../../../model/fields.ts';
import { clone, defaults, ensure, type MutableFields } from '../../json.ts';
import { AGE, column, printer } from '../../tables/default.ts';
import type { ApiObject, TablePrinter } from '../../types.ts';
import { autoscalerCauses } from '../../validation/autoscaling.ts';
import { builtinKind, STATUS } from '../builtin.ts';
import type { Strategy } from '../kind.ts';
import { dropStatus } from '../strategy-parts.ts';

const METRICS = 'autoscaling.alpha.kubernetes.io/metrics';
const BEHAVIOR = 'autoscaling.alpha.kubernetes.io/behavior';
const DEFAULT_UTILIZATION = 80;

function cpuMetric(averageUtilization: number): Fields {
  return { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization } } };
}

function cpuUtilization(metric: Fields): number | undefined {
  if (metric['type'] !== 'Resource' || at(metric, 'resource', 'name') !== 'cpu') return undefined;
  const share = at(metric, 'resource', 'target', 'averageUtilization');
  return typeof share === 'number' ? share : undefined;
}

/** Converts as kube-apiserver does (pkg/apis/autoscaling/v1/conversion.go). */
function toV1(stored: ApiObject): ApiObject {
  const object = clone(stored);
  const { metrics, behavior, ...spec } = fields(object['spec']);
  const share = records(metrics)
    .map(cpuUtilization)
    .find((one) => one !== undefined);
  const others = records(metrics).filter((metric) => cpuUtilization(metric) === undefined);
  const annotations = { ...object.metadata.annotations };
  if (others.length > 0) annotations[METRICS] = JSON.stringify(others);
  if (behavior !== undefined) annotations[BEHAVIOR] = JSON.stringify(behavior);
  return {
    ...object,
    apiVersion: 'autoscaling/v1',
    metadata: { ...object.metadata, ...(Object.keys(annotations).length === 0 ? {} : { annotations }) },
    spec: { ...spec, ...(share === undefined ? {} : { targetCPUUtilizationPercentage: share }) },
  };
}

function fromV1(given: ApiObject): ApiObject {
  const object = clone(given);
  const { targetCPUUtilizationPercentage: share, ...spec } = fields(object['spec']);
  const { [METRICS]: others, [BEHAVIOR]: behavior, ...annotations } = object.metadata.annotations ?? {};
  const metrics = [...listIn(others), ...(typeof share === 'number' ? [cpuMetric(share)] : [])];
  const { annotations: _, ...metadata } = object.metadata;
  const rules = behavior === undefined ? undefined : parsed(behavior);
  return {
    ...object,
    apiVersion: 'autoscaling/v2',
    metadata: { ...metadata, ...(Object.keys(annotations).length === 0 ? {} : { annotations }) },
    spec: {
      ...spec,
      metrics: metrics.length === 0 ? [cpuMetric(DEFAULT_UTILIZATION)] : metrics,
      ...(isRecord(rules) ? { behavior: rules } : {}),
    },
  };
}

function listIn(annotation: string | undefined): readonly unknown[] {
  return annotation === undefined ? [] : items(parsed(annotation));
}

function parsed(annotation: string): unknown {
  try {
    return JSON.parse(annotation);
  } catch {
    return undefined;
  }
}

const MAX_POLICY = { selectPolicy: 'Max' };
const SCALE_UP = {
  ...MAX_POLICY,
  stabilizationWindowSeconds: 0,
  policies: [
    { type: 'Pods', value: 4, periodSeconds: 15 },
    { type: 'Percent', value: 100, periodSeconds: 15 },
  ],
};
const SCALE_DOWN = { ...MAX_POLICY, policies: [{ type: 'Percent', value: 100, periodSeconds: 15 }] };

function defaultV2(object: MutableFields): void {
  const spec = ensure(object, 'spec');
  defaults(spec, { minReplicas: 1 });
  if (records(spec['metrics']).length === 0) spec['metrics'] = [cpuMetric(DEFAULT_UTILIZATION)];
  const { behavior } = spec;
  if (!isRecord(behavior)) return;
  defaults(ensure(behavior, 'scaleUp'), clone(SCALE_UP));
  defaults(ensure(behavior, 'scaleDown'), clone(SCALE_DOWN));
}

const PRINTER: TablePrinter = printer(
  [
    column('Reference'),
    column('Targets'),
    column('MinPods'),
    column('MaxPods', 'integer'),
    column('Replicas', 'integer'),
    AGE,
  ],
  (one) => {
    const spec = fields(one['spec']);
    const target = fields(spec['scaleTargetRef']);
    const share = number(spec['targetCPUUtilizationPercentage']);
    const metrics = share > 0 ? [cpuMetric(share)] : records(spec['metrics']);
    return [
      `${text(target['kind'])}/${text(target['name'])}`,
      metrics.map(shownMetric).join(', ') || '<none>',
      String(spec['minReplicas'] ?? '<unset>'),
      number(spec['maxReplicas']),
      number(at(one, 'status', 'currentReplicas')),
    ];
  },
);

/** The sandbox has no metrics, so the current value is always `<unknown>`. */
function shownMetric(metric: Fields): string {
  const source = Object.entries(metric).find(([key]) => key !== 'type')?.[1];
  const target = fields(at(source, 'target'));
  const name = text(at(source, 'name')) || text(at(source, 'metric', 'name'));
  const wanted = target['averageUtilization'] === undefined ? (target['averageValue'] ?? target['value']) : undefined;
  const shown = wanted === undefined ? `${String(target['averageUtilization'])}%` : String(wanted);
  return metric['type'] === 'Resource' ? `${name}: <unknown>/${shown}` : `<unknown>/${shown}`;
}

const STRATEGY: Strategy = { prepareCreate: dropStatus, validate: autoscalerCauses };
const COMMON = {
  short: ['hpa'],
  all: true,
  sub: STATUS,
  printer: PRINTER,
};

const NOT_MEASURED = 'nothing measures load in the sandbox; the bounds are kept';
const BOUNDS = ['spec.scaleTargetRef', 'spec.minReplicas', 'spec.maxReplicas'];

export const AUTOSCALER_V1 = builtinKind('autoscaling', 'v1', 'HorizontalPodAutoscaler', {
  ...COMMON,
  fields: { supported: BOUNDS, unsupported: { 'spec.targetCPUUtilizationPercentage': NOT_MEASURED } },
  strategy: { ...STRATEGY, defaults: (object) => defaults(ensure(object, 'spec'), { minReplicas: 1 }) },
  storedAs: {
    storage: 'autoscaling/horizontalpodautoscalers',
    version: 'v2',
    fromStored: toV1,
    toStored: fromV1,
  },
});

export const AUTOSCALER_V2 = builtinKind('autoscaling', 'v2', 'HorizontalPodAutoscaler', {
  ...COMMON,
  fields: {
    supported: BOUNDS,
    unsupported: { 'spec.metrics': NOT_MEASURED, 'spec.behavior': NOT_MEASURED },
  },
  model: 'V2HorizontalPodAutoscaler',
  strategy: { ...STRATEGY, defaults: defaultV2 },
});
