/** The verbs that act on the cluster, against a real API server: their effects and their error messages. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ApplyStep } from '../../steps/apply.ts';
import type { CheckStep } from '../../steps/check.ts';
import type { DeleteStep } from '../../steps/delete.ts';
import { playOnCluster } from '../../steps/index.ts';
import type { OperatorStep } from '../../steps/operator.ts';
import { TestCluster } from '../support/cluster.ts';
import { at, base, define, failureOf } from '../support/steps.ts';

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
