/** Autoscalers and disruption budgets (pkg/apis/autoscaling/validation, pkg/apis/policy/validation). */
import { at, fields, number, text } from '../../../model/fields.ts';
import type { StatusCause } from '../status.ts';
import type { ApiObject } from '../types.ts';
import { metricsCauses } from './autoscaler-metrics.ts';
import { invalidFor, invalidValue, required, unsupported } from './causes.ts';
import { selectorCauses } from './labels.ts';
import { pathSegmentProblems } from './names.ts';
import { notMoreThanAll, shareCauses } from './shares.ts';

export function autoscalerCauses(object: ApiObject): StatusCause[] {
  const { minReplicas: least, maxReplicas } = fields(object['spec']);
  const most = number(maxReplicas);
  const field = 'spec.maxReplicas';
  return [
    ...(typeof least === 'number' && least < 1
      ? [invalidValue('spec.minReplicas', least, 'must be greater than or equal to 1')]
      : []),
    ...(most < 1 ? [invalidValue(field, most, 'must be greater than 0')] : []),
    ...(typeof least === 'number' && most < least
      ? [invalidValue(field, most, 'must be greater than or equal to `minReplicas`')]
      : []),
    ...metricsCauses(object),
    ...(['kind', 'name'] as const).flatMap((part) => {
      const value = text(at(object, 'spec', 'scaleTargetRef', part));
      const where = `spec.scaleTargetRef.${part}`;
      return value === '' ? [required(where)] : invalidFor(where, value, pathSegmentProblems(value));
    }),
  ];
}

const EVICTIONS = ['AlwaysAllow', 'IfHealthyBudget'];

export function disruptionBudgetCauses(object: ApiObject): StatusCause[] {
  const spec = fields(object['spec']);
  const evict = spec['unhealthyPodEvictionPolicy'];
  const both = spec['minAvailable'] !== undefined && spec['maxUnavailable'] !== undefined;
  return [
    ...(both ? [invalidValue('spec', internalForm(spec), 'minAvailable and maxUnavailable cannot be both set')] : []),
    ...['minAvailable', 'maxUnavailable'].flatMap((key) => [
      ...shareCauses(spec[key], `spec.${key}`),
      ...notMoreThanAll(spec[key], `spec.${key}`),
    ]),
    ...(evict === undefined || EVICTIONS.includes(text(evict))
      ? []
      : [unsupported('spec.unhealthyPodEvictionPolicy', evict, EVICTIONS)]),
    ...(spec['selector'] === undefined ? [] : selectorCauses(spec['selector'], 'spec.selector')),
  ];
}

/** Prints a value like the server's internal type, with Go field names instead of JSON names. */
function internalForm(spec: Record<string, unknown>): object {
  return {
    MinAvailable: spec['minAvailable'],
    Selector: spec['selector'] ?? null,
    MaxUnavailable: spec['maxUnavailable'],
    UnhealthyPodEvictionPolicy: spec['unhealthyPodEvictionPolicy'] ?? null,
  };
}
