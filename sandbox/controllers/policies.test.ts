import assert from 'node:assert/strict';
import test, { after, before } from 'node:test';
import { startApiServer } from '../api/index.ts';
import type { ApiServer } from '../api/types.ts';
import { type Client, connect } from '../client/client.ts';
import { condition } from '../client/conditions.ts';
import { Informers } from '../client/informers.ts';
import { AUTOSCALERS, DEPLOYMENTS, EVENTS, POD_DISRUPTION_BUDGETS, PODS } from '../client/kinds.ts';
import type { Component, SandboxSettings } from '../component.ts';
import { eventually, type FakeKubelet, startFakeKubelet } from './fake-kubelet.ts';
import { startControllers } from './index.ts';

const NAMESPACE = 'default';
let api: ApiServer;
let client: Client;
let informers: Informers;
let parts: (Component | FakeKubelet)[];

before(async () => {
  const internal = { host: '127.0.0.1', port: 0 };
  api = await startApiServer({ internal, tokens: new Map(), serviceCidr: '172.30.0.0/16' });
  client = connect(api, api);
  informers = new Informers(client, () => undefined);
  const settings = { tls: { authority: 'PEM' } } as SandboxSettings;
  const context = { client, informers, settings, log: () => undefined };
  parts = [await startControllers(context), await startFakeKubelet(client)];
});
after(async () => {
  for (const part of parts) await part.stop();
  await informers.stop();
  await api.stop();
});

async function deploy(name: string, replicas: number): Promise<void> {
  const template = { metadata: { labels: { app: name } }, spec: { containers: [{ name: 'main', image: 'busybox' }] } };
  const spec = { replicas, selector: { matchLabels: { app: name } }, template };
  await client.create(DEPLOYMENTS, {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace: NAMESPACE },
    spec,
  });
}

test('a disruption budget counts its pods, and an eviction beyond it is refused', async () => {
  await deploy('web', 3);
  await client.create(POD_DISRUPTION_BUDGETS, {
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata: { name: 'web', namespace: NAMESPACE },
    spec: { minAvailable: 3, selector: { matchLabels: { app: 'web' } } },
  });
  const status = await eventually('three healthy pods', async () => {
    const found = await client.get(POD_DISRUPTION_BUDGETS, 'web', NAMESPACE);
    return found.status?.currentHealthy === 3 && found.status;
  });
  assert.equal(status.disruptionsAllowed, 0);
  assert.equal(condition(status.conditions, 'DisruptionAllowed')?.reason, 'InsufficientPods');
  const refused = await evict();
  assert.equal(refused.code, 429);
  assert.equal(refused.message, "Cannot evict pod as it would violate the pod's disruption budget.");
  const why = 'The disruption budget web needs 3 healthy pods and has 3 currently';
  assert.deepEqual(refused.details.causes, [{ reason: 'DisruptionBudget', message: why }]);
  await client.patch(POD_DISRUPTION_BUDGETS, 'web', NAMESPACE, { spec: { minAvailable: null, maxUnavailable: '30%' } });
  await eventually('a disruption', async () => {
    const found = await client.get(POD_DISRUPTION_BUDGETS, 'web', NAMESPACE);
    return found.status?.disruptionsAllowed === 1 && found.status.desiredHealthy === 2;
  });
  assert.equal((await evict()).status, 'Success');
});

async function evict() {
  const { items } = await client.list(PODS, { namespace: NAMESPACE });
  const [pod] = items.filter(
    ({ metadata }) => metadata.labels?.['app'] === 'web' && metadata.deletionTimestamp === undefined,
  );
  const name = pod?.metadata.name;
  const body = JSON.stringify({ apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name, namespace: NAMESPACE } });
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(`${api.url}/api/v1/namespaces/${NAMESPACE}/pods/${name}/eviction`, {
    method: 'POST',
    headers,
    body,
  });
  const answer: ReturnType<typeof JSON.parse> = await response.json();
  return answer;
}

test('an autoscaler enforces its bounds, and reports that the load is not measured', async () => {
  await deploy('till', 1);
  const scaleTargetRef = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'till' };
  const spec = { scaleTargetRef, minReplicas: 2, maxReplicas: 4 };
  const metadata = { name: 'till', namespace: NAMESPACE };
  await client.create(AUTOSCALERS, { apiVersion: AUTOSCALERS.apiVersion, kind: AUTOSCALERS.kind, metadata, spec });
  await eventually('two replicas', async () => (await client.get(DEPLOYMENTS, 'till', NAMESPACE)).spec.replicas === 2);
  await client.patch(AUTOSCALERS, 'till', NAMESPACE, { metadata: { labels: { look: 'again' } } });
  const active = await eventually('the condition', async () => {
    const found = await client.get(AUTOSCALERS, 'till', NAMESPACE);
    return condition(found.status?.conditions, 'ScalingActive');
  });
  assert.equal(active.reason, 'FailedGetResourceMetric');
  assert.match(
    active.message ?? '',
    /^the HPA was unable to compute the replica count: failed to get cpu utilization: .*pods\.metrics\.k8s\.io\)$/,
  );
  const { items } = await client.list(EVENTS, { namespace: NAMESPACE });
  const said = items.map((one) => String(one['message']));
  assert.ok(said.includes('New size: 2; reason: Current number of replicas below Spec.MinReplicas'));
});

test('an autoscaler whose target does not exist says so', async () => {
  const spec = { scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'none' }, maxReplicas: 2 };
  const metadata = { name: 'none', namespace: NAMESPACE };
  await client.create(AUTOSCALERS, { apiVersion: AUTOSCALERS.apiVersion, kind: AUTOSCALERS.kind, metadata, spec });
  const able = await eventually('the condition', async () => {
    const found = await client.get(AUTOSCALERS, 'none', NAMESPACE);
    return condition(found.status?.conditions, 'AbleToScale');
  });
  const why = `the HPA controller was unable to get the target's current scale: deployments.apps "none" not found`;
  assert.deepEqual([able.status, able.message], ['False', why]);
});
