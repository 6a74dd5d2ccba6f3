import assert from 'node:assert/strict';
import test, { after, before } from 'node:test';
import { startApiServer } from '../../api/index.ts';
import type { ApiServer } from '../../api/types.ts';
import { Client } from '../../client/client.ts';
import { condition } from '../../client/conditions.ts';
import { Informers } from '../../client/informers.ts';
import { DEPLOYMENTS, NAMESPACES } from '../../client/kinds.ts';
import type { Component, SandboxContext, SandboxSettings } from '../../component.ts';
import { eventually, type FakeKubelet, startFakeKubelet } from '../../controllers/fake-kubelet.ts';
import { startControllers } from '../../controllers/index.ts';
import { startOpenShift } from '../index.ts';
import { CSVS, ROUTES, SUBSCRIPTIONS } from '../kinds.ts';
import { KIALIS, type Kiali, OSSM_CONSOLES } from './kinds.ts';

let api: ApiServer;
let client: Client;
let informers: Informers;
let parts: (Component | FakeKubelet)[] = [];

before(async () => {
  const serviceCidr = '172.30.0.0/16';
  api = await startApiServer({ internal: { host: '127.0.0.1', port: 0 }, tokens: new Map(), serviceCidr });
  client = new Client(api.url);
  informers = new Informers(client, (message) => console.error(message));
  const tls = { key: '', cert: '', authority: 'PEM' };
  const settings = { appsDomain: 'apps.test', release: '3.3', tls, serviceCidr } as SandboxSettings;
  const context: SandboxContext = { client, informers, settings, log: () => undefined };
  const controllers = await startControllers(context);
  parts = [await startOpenShift(context, api, () => undefined), controllers, await startFakeKubelet(client)];
  await client.create(SUBSCRIPTIONS, {
    apiVersion: SUBSCRIPTIONS.apiVersion,
    kind: SUBSCRIPTIONS.kind,
    metadata: { name: 'kiali-ossm', namespace: 'openshift-operators' },
    spec: {
      name: 'kiali-ossm',
      channel: 'stable',
      source: 'redhat-operators',
      sourceNamespace: 'openshift-marketplace',
    },
  });
  await client.create(NAMESPACES, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'istio-system' } });
  await eventually('the operator', async () => {
    const { items } = await client.list(CSVS, { namespace: 'openshift-operators' });
    return items.some(({ status }) => status?.phase === 'Succeeded');
  });
});
after(async () => {
  for (const part of parts) await part.stop();
  await informers.stop();
  await api.stop();
});

const successful = (of: typeof KIALIS, name: string): Promise<Kiali> =>
  eventually(`${of.kind} ${name}`, async () => {
    const found = await client.get(of, name, 'istio-system');
    return condition(found.status?.conditions, 'Successful')?.status === 'True' && found;
  });
const object = (of: typeof KIALIS, name: string): Kiali => ({
  apiVersion: of.apiVersion,
  kind: of.kind,
  metadata: { name, namespace: 'istio-system' },
  spec: { deployment: { namespace: 'istio-system' } },
});

test('a Kiali gets its server and a Route, and is successful when the server runs', async () => {
  await client.create(KIALIS, object(KIALIS, 'kiali'));
  const kiali = await successful(KIALIS, 'kiali');
  assert.deepEqual(
    kiali.status?.conditions?.map(({ type, status, message }) => `${type} ${status} ${message}`),
    ['Running True Awaiting next reconciliation', 'Successful True Last reconciliation succeeded', 'Failure False '],
  );
  const { spec } = await client.get(ROUTES, 'kiali', 'istio-system');
  assert.equal(spec.tls?.termination, 'reencrypt');
});

test('the console’s plug-in is an object of its own', async () => {
  await client.create(OSSM_CONSOLES, object(OSSM_CONSOLES, 'ossmconsole'));
  await successful(OSSM_CONSOLES, 'ossmconsole');
  assert.ok(await client.find(DEPLOYMENTS, 'ossmconsole', 'istio-system'));
});

test('a Kiali that is deleted takes its server along', async () => {
  await client.delete(KIALIS, 'kiali', 'istio-system');
  await eventually('no server', async () => (await client.find(DEPLOYMENTS, 'kiali', 'istio-system')) === undefined);
});
