/** The metrics and the behavior of an autoscaler (pkg/apis/autoscaling/validation). */

import { at, fields, listAt, number, records, text } from '../../../model/fields.ts';
import { quantityValue } from '../defaults/quantity.ts';
import type { StatusCause } from '../status.ts';
import type { ApiObject } from '../types.ts';
import { forbiddenField, invalidValue, required, unsupported } from './causes.ts';

/** For each metric type, the field that describes it. */
const SOURCES: Readonly<Record<string, string>> = {
  ContainerResource: 'containerResource',
  External: 'external',
  Object: 'object',
  Pods: 'pods',
  Resource: 'resource',
};
const TARGETS = ['Utilization', 'Value', 'AverageValue'];
const SELECT = ['Disabled', 'Max', 'Min'];
const POLICIES = ['Percent', 'Pods'];
const LONGEST_WINDOW = 3_600;
const LONGEST_PERIOD = 1_800;

/** @param object of autoscaling/v1 or v2. Version 1 has a single number instead of metrics. */
export function metricsCauses(object: ApiObject): StatusCause[] {
  const percent = at(object, 'spec', 'targetCPUUtilizationPercentage');
  const old =
    typeof percent === 'number' && percent < 1
      ? [invalidValue('spec.metrics[0].resource.target.averageUtilization', percent, 'must be greater than 0')]
      : [];
  return [
    ...old,
    ...records(at(object, 'spec', 'metrics')).flatMap((metric, index) =>
      metricCauses(metric, `spec.metrics[${index}]`),
    ),
    ...(['scaleUp', 'scaleDown'] as const).flatMap((way) =>
      rulesCauses(at(object, 'spec', 'behavior', way), `spec.behavior.${way}`),
    ),
  ];
}

function metricCauses(metric: Record<string, unknown>, path: string): StatusCause[] {
  const type = text(metric['type']);
  const expected = SOURCES[type];
  const present = Object.values(SOURCES).filter((source) => metric[source] !== undefined);
  const missing = 'must populate information for the given metric source';
  return [
    ...(type === '' ? [required(`${path}.type`, 'must specify a metric source type')] : []),
    ...(expected === undefined ? [unsupported(`${path}.type`, type, Object.keys(SOURCES))] : []),
    ...(['resource', 'containerResource'] as const).flatMap((source) =>
      metric[source] === undefined ? [] : resourceCauses(metric[source], `${path}.${source}`),
    ),
    ...(['object', 'external', 'pods'] as const).flatMap((source) =>
      metric[source] === undefined
        ? []
        : [
            ...(text(at(metric, source, 'metric', 'name')) === ''
              ? [required(`${path}.${source}.metric.name`, 'must specify a metric name')]
              : []),
            ...targetCauses(at(metric, source, 'target'), `${path}.${source}.target`),
            ...(source === 'pods' && at(metric, source, 'target', 'averageValue') === undefined
              ? [required(`${path}.pods.target.averageValue`, 'must specify a positive target averageValue')]
              : []),
          ],
    ),
    ...(expected !== undefined && metric[expected] === undefined ? [required(`${path}.${expected}`, missing)] : []),
    ...(present.length > 1
      ? present
          .filter((source) => source !== expected)
          .map((source) => forbiddenField(`${path}.${source}`, 'must populate the given metric source only'))
      : []),
  ];
}

function resourceCauses(source: unknown, path: string): StatusCause[] {
  const { averageUtilization: share, averageValue: value } = fields(at(source, 'target'));
  const field = `${path}.target`;
  return [
    ...(text(at(source, 'name')) === '' ? [required(`${path}.name`, 'must specify a resource name')] : []),
    ...targetCauses(at(source, 'target'), field),
    ...(share === undefined && value === undefined
      ? [required(`${field}.averageUtilization`, 'must set either a target raw value or a target utilization')]
      : []),
    ...(share !== undefined && value !== undefined
      ? [forbiddenField(`${field}.averageValue`, 'may not set both a target raw value and a target utilization')]
      : []),
  ];
}

function targetCauses(target: unknown, path: string): StatusCause[] {
  const type = text(at(target, 'type'));
  const share = at(target, 'averageUtilization');
  return [
    ...(type === '' ? [required(`${path}.type`, 'must specify a metric target type')] : []),
    ...(TARGETS.includes(type)
      ? []
      : [invalidValue(`${path}.type`, type, 'must be either Utilization, Value, or AverageValue')]),
    ...(['value', 'averageValue'] as const).flatMap((field) => {
      const amount = at(target, field);
      const positive = amount === undefined || quantityValue(amount) > 0;
      return positive ? [] : [invalidValue(`${path}.${field}`, amount, 'must be positive')];
    }),
    ...(typeof share === 'number' && share < 1
      ? [invalidValue(`${path}.averageUtilization`, share, 'must be greater than 0')]
      : []),
  ];
}

function rulesCauses(rules: unknown, path: string): StatusCause[] {
  if (rules === undefined) return [];
  const window = at(rules, 'stabilizationWindowSeconds');
  const select = at(rules, 'selectPolicy');
  const field = `${path}.stabilizationWindowSeconds`;
  return [
    ...(number(window) < 0 ? [invalidValue(field, window, 'must be greater than or equal to zero')] : []),
    ...(number(window) > LONGEST_WINDOW
      ? [invalidValue(field, window, `must be less than or equal to ${LONGEST_WINDOW}`)]
      : []),
    ...(select === undefined || SELECT.includes(text(select))
      ? []
      : [unsupported(`${path}.selectPolicy`, select, SELECT)]),
    ...(listAt(rules, 'policies').length === 0
      ? [required(`${path}.policies`, 'must specify at least one Policy')]
      : []),
    ...records(at(rules, 'policies')).flatMap((policy, index) => policyCauses(policy, `${path}.policies[${index}]`)),
  ];
}

function policyCauses({ type, value, periodSeconds }: Record<string, unknown>, path: string): StatusCause[] {
  const positive = (field: string, amount: unknown): StatusCause[] =>
    number(amount) > 0 ? [] : [invalidValue(`${path}.${field}`, number(amount), 'must be greater than zero')];
  return [
    ...(POLICIES.includes(text(type)) ? [] : [unsupported(`${path}.type`, type, POLICIES)]),
    ...positive('value', value),
    ...positive('periodSeconds', periodSeconds),
    ...(number(periodSeconds) > LONGEST_PERIOD
      ? [invalidValue(`${path}.periodSeconds`, periodSeconds, `must be less than or equal to ${LONGEST_PERIOD}`)]
      : []),
  ];
}
