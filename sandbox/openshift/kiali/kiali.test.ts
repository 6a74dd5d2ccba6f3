import assert from 'node:assert/strict';
import test, { after, before } from 'node:test';
import { startTestOpenShift, type TestOpenShift } from '../../../test/support/openshift.ts';
import type { Client } from '../../client/client.ts';
import { condition } from '../../client/conditions.ts';
import { DEPLOYMENTS, NAMESPACES } from '../../client/kinds.ts';
import { eventually } from '../../controllers/fake-kubelet.ts';
import { CSVS, ROUTES, SUBSCRIPTIONS } from '../kinds.ts';
import { KIALIS, type Kiali, OSSM_CONSOLES } from './kinds.ts';

let openshift: TestOpenShift;
let client: Client;

before(async () => {
  openshift = await startTestOpenShift('3.3');
  client = openshift.client;
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
  await openshift?.stop();
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
