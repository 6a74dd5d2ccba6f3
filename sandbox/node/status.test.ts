import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Condition } from '../client/kinds.ts';
import type { ContainerState, ContainerStatus, Pod } from './kinds.ts';
import { statusOf } from './status.ts';

const pod = (restartPolicy: string, conditions: NonNullable<Pod['status']>['conditions'] = []): Pod => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'p', namespace: 'n' },
  spec: { restartPolicy, containers: [] },
  status: { conditions },
});
const container = (state: ContainerState, ready = false): ContainerStatus => ({
  name: 'c',
  image: 'i',
  imageID: '',
  ready,
  restartCount: 0,
  state,
  lastState: {},
});
const ended = (exitCode: number): ContainerState => ({
  terminated: { exitCode, reason: '', startedAt: '', finishedAt: '', containerID: '' },
});
const running = { running: { startedAt: '2026-01-01T00:00:00Z' } };
const observed = (...containers: ContainerStatus[]) => ({
  hostIP: '10.0.128.10',
  podIP: '10.128.0.2',
  startTime: '2026-01-01T00:00:00Z',
  initContainers: [],
  containers,
});

test('the phase follows the containers and the restart policy', () => {
  const phase = (policy: string, ...states: ContainerState[]) =>
    statusOf(pod(policy), observed(...states.map((state) => container(state)))).phase;
  assert.equal(phase('Always', running, { waiting: { reason: 'ContainerCreating' } }), 'Pending');
  assert.equal(phase('Always', ended(0)), 'Running');
  assert.equal(phase('Never', ended(0), ended(0)), 'Succeeded');
  assert.equal(phase('Never', ended(0), ended(1)), 'Failed');
});

test('a condition keeps its time until its status changes, and conditions of others are kept', () => {
  const before: Condition[] = [
    { type: 'Ready', status: 'True', lastTransitionTime: 'long ago' },
    { type: 'example.com/gate', status: 'True', lastTransitionTime: 'long ago' },
  ];
  const ready = statusOf(pod('Always', before), observed(container(running, true)), 'now').conditions;
  assert.equal(ready?.find(({ type }) => type === 'Ready')?.lastTransitionTime, 'long ago');
  assert.equal(ready?.find(({ type }) => type === 'example.com/gate')?.lastTransitionTime, 'long ago');
  const unready = statusOf(pod('Always', before), observed(container(running)), 'now').conditions;
  assert.deepEqual(
    unready?.find(({ type }) => type === 'Ready'),
    {
      type: 'Ready',
      status: 'False',
      lastProbeTime: null,
      lastTransitionTime: 'now',
      reason: 'ContainersNotReady',
      message: 'containers with unready status: [c]',
    },
  );
});
