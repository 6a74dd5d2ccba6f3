/** The verbs that act on the cluster, against a real API server: their effects and their error messages. */
import assert from 'node:assert/strict';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { createServerCertificate } from '../../certificates/server.ts';
import type { ApplyStep } from '../../steps/apply.ts';
import type { CheckStep } from '../../steps/check.ts';
import type { DeleteStep } from '../../steps/delete.ts';
import { describeFailure, StepFailure } from '../../steps/failure.ts';
import { playOnCluster } from '../../steps/index.ts';
import type { OperatorStep } from '../../steps/operator.ts';
import type { ReadyStep } from '../../steps/ready.ts';
import { TestCluster } from '../support/cluster.ts';

const at = { file: '/lab/01-a.yaml', line: 7, column: 9 };
const base = { at, title: 'a step', yaml: '' };
const PODS = '/api/v1/namespaces/default/pods';

/** The error that the step throws, which must be a finding about the lab. */
async function failureOf(playing: Promise<void>): Promise<StepFailure> {
  const error: unknown = await playing.then(
    () => assert.fail('the step held'),
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof StepFailure)) throw error;
  return error;
}

const pod = (name: string) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, labels: { app: 'shop' } },
  spec: { containers: [{ name: 'web', image: 'shop' }] },
});

/** A kubelet that only serves the container's log. */
async function withKubelet(cluster: TestCluster, log: string): Promise<() => void> {
  const kubelet = https.createServer(await createServerCertificate(), (_, response) => response.end(log));
  await new Promise<void>((resolve) => kubelet.listen(0, '127.0.0.1', resolve));
  const { port } = kubelet.address() as AddressInfo;
  await cluster.send('POST', '/api/v1/nodes', { apiVersion: 'v1', kind: 'Node', metadata: { name: 'n' } });
  await cluster.send('PATCH', '/api/v1/nodes/n/status', {
    status: {
      addresses: [{ type: 'InternalIP', address: '127.0.0.1' }],
      daemonEndpoints: { kubeletEndpoint: { Port: port } },
    },
  });
  return () => kubelet.close();
}

const readyStep = (over: Partial<ReadyStep> = {}): ReadyStep => ({
  ...base,
  verb: 'ready',
  target: { kind: 'pods', namespace: 'default', selector: 'app=shop' },
  within: 2_000,
  ...over,
});

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

test('apply creates, then merges, and shows the server’s message if it refuses', async () => {
  await using cluster = await TestCluster.start();
  const step = (object: ApplyStep['manifests'][number]['object']): ApplyStep => ({
    ...base,
    verb: 'apply',
    manifests: [{ object, at }],
  });
  const settings = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'settings' } };
  await playOnCluster(step({ ...settings, data: { a: '1' } }), cluster.context);
  await playOnCluster(step({ ...settings, data: { b: '2' } }), cluster.context);
  const kind = await cluster.api.resolve('configmap');
  assert.ok(kind !== undefined);
  const stored = await cluster.api.get(kind, 'settings', 'default');
  assert.deepEqual(Reflect.get(stored ?? {}, 'data'), { a: '1', b: '2' });
  const refused = await failureOf(playOnCluster(step({ ...settings, metadata: { name: 'No Good' } }), cluster.context));
  assert.equal(refused.failure.code, 'LW-APPLY-REFUSED');
  assert.match(refused.failure.actual ?? '', /RFC 1123/);
});

test('delete waits for finalizers, names them on timeout, and fails if there is nothing to delete', async () => {
  await using cluster = await TestCluster.start();
  const path = '/api/v1/namespaces/default/configmaps';
  const metadata = { name: 'held', finalizers: ['shop.test/hold'] };
  await cluster.send('POST', path, { apiVersion: 'v1', kind: 'ConfigMap', metadata });
  const step: DeleteStep = {
    ...base,
    verb: 'delete',
    targets: [{ kind: 'cm', name: 'held', namespace: 'default' }],
    within: 2_000,
  };
  const held = await failureOf(playOnCluster(step, cluster.context));
  assert.equal(held.failure.code, 'LW-DELETE-TIMEOUT');
  assert.match(held.failure.actual ?? '', /shop\.test\/hold/);
  const gone = playOnCluster({ ...step, within: 5_000 }, cluster.context);
  await cluster.faults.watched();
  await cluster.send('PATCH', `${path}/held`, { metadata: { finalizers: null } });
  await gone;
  assert.equal((await failureOf(playOnCluster(step, cluster.context))).failure.code, 'LW-DELETE-MISSING');
});

test('if an operator is never installed, the Subscription’s last message is shown', async () => {
  await using cluster = await TestCluster.start();
  for (const [group, kinds] of [
    ['operators.coreos.com/v1', ['OperatorGroup']],
    ['operators.coreos.com/v1alpha1', ['Subscription', 'ClusterServiceVersion']],
  ] as const)
    for (const kind of kinds) await define(cluster, group, kind);
  const step: OperatorStep = {
    ...base,
    verb: 'operator',
    package: 'kiali',
    channel: 'stable',
    source: 'redhat-operators',
    sourceNamespace: 'openshift-marketplace',
    namespace: 'operators',
    within: 1_500,
  };
  const waiting = failureOf(playOnCluster(step, cluster.context));
  await cluster.faults.watched();
  await cluster.send('PATCH', '/apis/operators.coreos.com/v1alpha1/namespaces/operators/subscriptions/kiali', {
    status: {
      state: 'UpgradePending',
      conditions: [{ type: 'ResolutionFailed', status: 'True', message: 'no operators found in channel stable' }],
    },
  });
  const { failure } = await waiting;
  assert.equal(failure.code, 'LW-OPERATOR-TIMEOUT');
  assert.match(failure.actual ?? '', /UpgradePending; ResolutionFailed=True: no operators found in channel stable/);
});

test('a check that never passes says how often it was tried, and shows the last output', async () => {
  await using cluster = await TestCluster.start();
  const expect: CheckStep['expect'] = [{ kind: 'contains', text: 'ready', at }];
  const step: CheckStep = {
    ...base,
    verb: 'check',
    command: 'echo not yet',
    lines: [at],
    exit: 0,
    expect,
    within: 500,
  };
  const { failure, blocks } = await failureOf(playOnCluster(step, cluster.context));
  assert.match(failure.message, /still after \d+ attempts in [\d.]+ s/);
  assert.match(failure.actual ?? '', /not yet/);
  assert.equal(blocks, false);
});

/** A check whose command records that it was run, and a rule `shop` of generation 1. */
async function arrivalCheck(cluster: TestCluster, within: number): Promise<CheckStep> {
  await define(cluster, 'networking.istio.io/v1alpha3', 'VirtualService', { subresources: { status: {} } });
  await cluster.send('POST', RULES, {
    apiVersion: 'networking.istio.io/v1alpha3',
    kind: 'VirtualService',
    metadata: { name: 'shop' },
    spec: { hosts: ['shop'] },
  });
  return {
    ...base,
    verb: 'check',
    command: 'echo typed',
    lines: [at],
    exit: 0,
    expect: [{ kind: 'contains', text: 'typed', at }],
    within,
    arrived: { rules: [{ kind: 'virtualservice', name: 'shop', namespace: 'default' }], at },
  };
}

const RULES = '/apis/networking.istio.io/v1alpha3/namespaces/default/virtualservices';
const reconciled = (condition: object) => ({
  status: { observedGeneration: 1, conditions: [{ type: 'Reconciled', ...condition }] },
});
const kindsSeen = (cluster: TestCluster) => cluster.observations.map(({ kind }) => kind);

test('a rule that the mesh reports as delivered needs no command', async () => {
  await using cluster = await TestCluster.start();
  const step = await arrivalCheck(cluster, 30_000);
  const playing = playOnCluster(step, cluster.context);
  await cluster.faults.watched();
  await cluster.send(
    'PATCH',
    `${RULES}/shop/status`,
    reconciled({ status: 'False', message: '1/2 proxies up to date.' }),
  );
  await cluster.send(
    'PATCH',
    `${RULES}/shop/status`,
    reconciled({ status: 'True', message: '2/2 proxies up to date.' }),
  );
  await playing;
  assert.deepEqual(kindsSeen(cluster), ['arrival', 'wait']);
  const [seen] = cluster.observations;
  assert.ok(seen?.kind === 'arrival');
  assert.equal(seen.toldBy, 'proxies');
  assert.equal(seen.message, '2/2 proxies up to date.');
});

test('if the mesh writes no status, the command shows that a rule was delivered, and the evidence says so', async () => {
  await using cluster = await TestCluster.start();
  await playOnCluster(await arrivalCheck(cluster, 30_000), cluster.context);
  assert.deepEqual(kindsSeen(cluster), ['command', 'expectation', 'arrival', 'wait']);
  const seen = cluster.observations[2];
  assert.ok(seen?.kind === 'arrival' && seen.toldBy === 'requests');
});

test('a rule that the mesh refuses fails the check with the mesh’s message', async () => {
  await using cluster = await TestCluster.start();
  const step = await arrivalCheck(cluster, 30_000);
  const why = { status: 'False', reason: 'Invalid', message: 'weights add up to 90' };
  await cluster.send('PATCH', `${RULES}/shop/status`, reconciled(why));
  const { failure } = await failureOf(playOnCluster(step, cluster.context));
  assert.equal(failure.code, 'LW-RULE-REFUSED');
  assert.equal(failure.actual, 'weights add up to 90');
  assert.match(failure.next ?? '', /oc get virtualservices shop -n default/);
});

async function define(cluster: TestCluster, apiVersion: string, kind: string, more: object = {}): Promise<void> {
  const [group = '', version = ''] = apiVersion.split('/');
  const plural = `${kind.toLowerCase()}s`;
  const schema = { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } };
  await cluster.send('POST', '/apis/apiextensions.k8s.io/v1/customresourcedefinitions', {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.${group}` },
    spec: {
      group,
      scope: 'Namespaced',
      names: { kind, plural, singular: kind.toLowerCase() },
      versions: [{ name: version, served: true, storage: true, schema, ...more }],
    },
  });
}
