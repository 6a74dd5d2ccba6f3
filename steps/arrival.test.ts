/** What a rule's status says about its distribution, as written by the sandbox and by istiod. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ApiObject } from '../kube/types.ts';
import { arrivalOf, isMeshRule } from './arrival.ts';

function rule(generation: number, status?: ApiObject['status']): ApiObject {
  return {
    apiVersion: 'networking.istio.io/v1alpha3',
    kind: 'VirtualService',
    metadata: { name: 'shop', generation },
    ...(status === undefined ? {} : { status }),
  };
}
const status = (observedGeneration: unknown, condition: object) => ({
  observedGeneration,
  conditions: [
    { type: 'PassedValidation', status: 'True' },
    { type: 'Reconciled', ...condition },
  ],
});
const stateOf = (of: ApiObject) => arrivalOf(of).state;

test('a rule has arrived when the condition is True for its current generation', () => {
  const arrived = { status: 'True', message: '9/9 proxies up to date.' };
  assert.deepEqual(arrivalOf(rule(2, status(2, arrived))), { state: 'arrived', message: '9/9 proxies up to date.' });
  assert.equal(stateOf(rule(2, status('2', arrived))), 'arrived', 'Istio writes the number as a string');
  assert.equal(stateOf(rule(3, status(2, arrived))), 'on its way', 'about an earlier generation');
});

test('False without a reason means on its way; with one, the rule is refused or its arrival unknown', () => {
  assert.equal(stateOf(rule(2, status(2, { status: 'False', message: '8/9 proxies up to date.' }))), 'on its way');
  assert.equal(stateOf(rule(2, status(2, { status: 'False', reason: 'Invalid', message: 'no' }))), 'refused');
  assert.equal(stateOf(rule(2, status(2, { status: 'False', reason: 'RejectedByProxy', message: 'no' }))), 'refused');
  assert.equal(stateOf(rule(2, status(2, { status: 'False', reason: 'Unsupported', message: 'x' }))), 'untold');
});

test('without a status, or without a generation in it, the arrival is unknown', () => {
  assert.equal(stateOf(rule(1)), 'untold');
  assert.equal(stateOf(rule(1, { observedGeneration: 1 })), 'untold');
  assert.equal(stateOf(rule(1, status(undefined, { status: 'True' }))), 'untold', 'Istio before 1.8');
});

test('the kinds that a mesh distributes are recognized by the names that people type', () => {
  for (const name of ['vs', 'VirtualService', 'destinationrules.networking.istio.io', 'peerauthentication', 'gw'])
    assert.ok(isMeshRule(name), name);
  for (const name of ['deployment', 'service', 'smcp', 'virtual']) assert.ok(!isMeshRule(name), name);
});
