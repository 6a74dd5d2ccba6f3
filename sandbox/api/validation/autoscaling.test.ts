/** Autoscalers and disruption budgets that kube-apiserver refuses, in its words. */
import assert from 'node:assert/strict';
import test from 'node:test';
import type { Fields } from '../../../model/fields.ts';
import type { StatusCause } from '../status.ts';
import { autoscalerCauses, disruptionBudgetCauses } from './autoscaling.ts';

const of = (spec: Fields) => ({ apiVersion: 'v1', kind: 'Any', metadata: { name: 'a' }, spec });
const words = (causes: StatusCause[]) => causes.map(({ field, message }) => `${field}: ${message}`);
const TARGET = { scaleTargetRef: { kind: 'Deployment', name: 'web' } };

test('the bounds of an autoscaler stand in order, and it has a target', () => {
  assert.deepEqual(autoscalerCauses(of({ ...TARGET, minReplicas: 1, maxReplicas: 1 })), []);
  assert.deepEqual(words(autoscalerCauses(of({ ...TARGET, minReplicas: 5, maxReplicas: 2 }))), [
    'spec.maxReplicas: Invalid value: 2: must be greater than or equal to `minReplicas`',
  ]);
  assert.deepEqual(words(autoscalerCauses(of({ minReplicas: 0, maxReplicas: 0 }))), [
    'spec.minReplicas: Invalid value: 0: must be greater than or equal to 1',
    'spec.maxReplicas: Invalid value: 0: must be greater than 0',
    'spec.scaleTargetRef.kind: Required value',
    'spec.scaleTargetRef.name: Required value',
  ]);
});

test('a disruption budget says one number, as pods or percent', () => {
  assert.deepEqual(disruptionBudgetCauses(of({ minAvailable: '50%' })), []);
  assert.deepEqual(words(disruptionBudgetCauses(of({ maxUnavailable: '101%' }))), [
    'spec.maxUnavailable: Invalid value: "101%": must not be greater than 100%',
  ]);
  assert.deepEqual(words(disruptionBudgetCauses(of({ minAvailable: -1 }))), [
    'spec.minAvailable: Invalid value: -1: must be greater than or equal to 0',
  ]);
  assert.match(
    words(disruptionBudgetCauses(of({ minAvailable: 1, maxUnavailable: 1 })))[0] ?? '',
    /cannot be both set/,
  );
});
