import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Node, Pod } from '../client/kinds.ts';
import { fits, unschedulable } from './scheduler.ts';

const pod: Pod = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'a', namespace: 'b' },
  spec: { containers: [], nodeSelector: { disk: 'ssd' } },
};

function node(name: string, spec: Node['spec'] & object, labels: Record<string, string> = {}): Node {
  return { apiVersion: 'v1', kind: 'Node', metadata: { name, labels }, spec };
}

test('a pod that fits nowhere is reported with the number of nodes for each reason', () => {
  const nodes = [
    node('cordoned', { unschedulable: true }),
    node('tainted', { taints: [{ key: 'dedicated', value: 'db', effect: 'NoSchedule' }] }),
    node('plain', {}),
    node('plain-too', {}),
  ];
  assert.equal(
    unschedulable(pod, nodes),
    "0/4 nodes are available: 1 node(s) had untolerated taint {dedicated: db}, 1 node(s) were unschedulable, 2 node(s) didn't match Pod's node affinity/selector.",
  );
});

test('a pod is placed on a node with the requested labels', () => {
  assert.equal(fits(pod, node('fast', {}, { disk: 'ssd' })), true);
});

test('without any node the scheduler says so', () => {
  assert.equal(unschedulable(pod, []), 'no nodes available to schedule pods');
});
