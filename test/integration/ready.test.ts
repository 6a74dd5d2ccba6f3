/** `ready` on a cluster in this process: what it waits for, and what it says when it has waited in vain. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { describeFailure } from '../../steps/failure.ts';
import { playOnCluster } from '../../steps/index.ts';
import type { ReadyStep } from '../../steps/ready.ts';
import { TestCluster } from '../support/cluster.ts';
import { at, failureOf, PODS, pod, readyStep, withKubelet } from '../support/steps.ts';

test('ready returns with the event that makes the last object ready', async () => {
  await using cluster = await TestCluster.start();
  await cluster.send('POST', PODS, pod('shop-1'));
  const waiting = playOnCluster(readyStep({ within: 5_000 }), cluster.context);
  await cluster.faults.watched();
  const asked: string[] = [];
  cluster.faults.answer = (request) => {
    if (request.startsWith('GET') && request.includes(PODS)) asked.push(request);
    return undefined;
  };
  await cluster.send('PATCH', `${PODS}/shop-1/status`, {
    status: { phase: 'Running', containerStatuses: [{ name: 'web', ready: true }] },
  });
  await waiting;
  assert.deepEqual(asked, [], 'it asked again instead of following the watch');
  assert.equal(cluster.observations[0]?.kind, 'object');
});

test('a `ready` that times out says what was awaited and last seen, with conditions, events and the end of the log', async () => {
  await using cluster = await TestCluster.start();
  const stopKubelet = await withKubelet(cluster, 'listening on 8080\npanic: no database\n');
  await cluster.send('POST', PODS, { ...pod('shop-1'), spec: { ...pod('x').spec, nodeName: 'n' } });
  await cluster.send('PATCH', `${PODS}/shop-1/status`, {
    status: {
      phase: 'Running',
      conditions: [{ type: 'Ready', status: 'False', reason: 'ContainersNotReady' }],
      containerStatuses: [
        {
          name: 'web',
          ready: false,
          lastState: { terminated: {} },
          state: { waiting: { reason: 'CrashLoopBackOff' } },
        },
      ],
    },
  });
  await cluster.send('POST', '/api/v1/namespaces/default/events', {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { name: 'shop-1.1' },
    involvedObject: { kind: 'Pod', name: 'shop-1', namespace: 'default' },
    type: 'Warning',
    reason: 'BackOff',
    message: 'Back-off restarting failed container',
  });
  const { failure, blocks } = await failureOf(playOnCluster(readyStep(), cluster.context));
  stopKubelet();
  const text = describeFailure(failure);
  // Deadlines are longer on a busy machine.
  assert.match(text, /pods with app=shop did not become ready within [\d.]+ s \[LW-READY-TIMEOUT\]/);
  for (const part of [
    'Pod shop-1: 0/1 CrashLoopBackOff',
    'Ready=False (ContainersNotReady)',
    'Warning  BackOff  Back-off restarting failed container',
    'panic: no database',
    'oc describe pods -l app=shop -n default',
  ])
    assert.ok(text.includes(part), `${part} is missing in:\n${text}`);
  assert.ok(blocks, 'what needs the pods is blocked');
});

test('a Service is ready when one of its pods is', async () => {
  await using cluster = await TestCluster.start();
  const services = '/api/v1/namespaces/default/services';
  const spec = { selector: { app: 'shop' }, ports: [{ port: 80 }] };
  await cluster.send('POST', services, { apiVersion: 'v1', kind: 'Service', metadata: { name: 'shop' }, spec });
  const target = { objects: [{ kind: 'svc', name: 'shop', namespace: 'default' }] };
  const { failure } = await failureOf(playOnCluster(readyStep({ target }), cluster.context));
  assert.match(failure.message, /^Endpoints shop did not become ready/);
  const waiting = playOnCluster(readyStep({ target, within: 10_000 }), cluster.context);
  const metadata = { name: 'shop' };
  const subsets = [{ addresses: [{ ip: '10.0.0.1' }], ports: [{ port: 80 }] }];
  await cluster.send('POST', '/api/v1/namespaces/default/endpoints', {
    apiVersion: 'v1',
    kind: 'Endpoints',
    metadata,
    subsets,
  });
  await waiting;
});

test('an object that has failed permanently is not waited for', async () => {
  await using cluster = await TestCluster.start();
  await cluster.send('POST', PODS, pod('shop-1'));
  await cluster.send('PATCH', `${PODS}/shop-1/status`, { status: { phase: 'Failed', reason: 'Evicted' } });
  const { failure } = await failureOf(playOnCluster(readyStep({ within: 600_000 }), cluster.context));
  assert.deepEqual([failure.code, failure.actual], ['LW-READY-FAILED', 'Pod shop-1: 0/1 Evicted']);
});

test('an object that is ready but not as expected blocks nothing', async () => {
  await using cluster = await TestCluster.start();
  const expect: NonNullable<ReadyStep['expect']> = { kind: 'cel', expression: 'object.data.a == "2"', at };
  const step = readyStep({ target: { objects: [{ kind: 'cm', name: 'a', namespace: 'default' }] }, expect });
  const missing = await failureOf(playOnCluster(step, cluster.context));
  assert.match(missing.failure.actual ?? '', /ConfigMap a: does not exist/);
  assert.ok(missing.blocks);
  const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' }, data: { a: '1' } };
  await cluster.send('POST', '/api/v1/namespaces/default/configmaps', object);
  assert.equal((await failureOf(playOnCluster(step, cluster.context))).blocks, false);
});

test('a wait on an API that keeps failing reports the error', async () => {
  await using cluster = await TestCluster.start();
  await cluster.api.resolve('pods');
  cluster.faults.answer = (request) =>
    request.includes(PODS) ? { status: 500, body: { message: 'etcdserver: no leader' } } : undefined;
  const { failure } = await failureOf(playOnCluster(readyStep(), cluster.context));
  assert.match(failure.actual ?? '', /no leader/);
});
