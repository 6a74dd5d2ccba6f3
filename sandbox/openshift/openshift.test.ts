import assert from 'node:assert/strict';
import test, { after, before } from 'node:test';
import { at } from '../../model/fields.ts';
import { startTestOpenShift, type TestOpenShift } from '../../test/support/openshift.ts';
import { ApiError, type Client } from '../client/client.ts';
import { condition } from '../client/conditions.ts';
import { NAMESPACES, PODS, type Pod } from '../client/kinds.ts';
import { eventually } from '../controllers/fake-kubelet.ts';
import {
  CONTROL_PLANES,
  type ControlPlane,
  CSVS,
  GATEWAYS,
  type Gateway,
  MEMBER_ROLLS,
  PEER_AUTHENTICATIONS,
  ROUTES,
  SUBSCRIPTIONS,
  type Subscription,
} from './kinds.ts';
import { readCrds } from './schemas.ts';

const skip = (await readCrds('istio')).length === 0 && 'the CRDs of Istio are not there';
let openshift: TestOpenShift;
let client: Client;

before(async () => {
  openshift = await startTestOpenShift('2.0');
  client = openshift.client;
});
after(async () => {
  await openshift?.stop();
});

function subscription(name: string, spec: Partial<Subscription['spec']> = {}): Subscription {
  return {
    apiVersion: SUBSCRIPTIONS.apiVersion,
    kind: SUBSCRIPTIONS.kind,
    metadata: { name, namespace: 'openshift-operators' },
    spec: { name, channel: 'stable', source: 'redhat-operators', sourceNamespace: 'openshift-marketplace', ...spec },
  };
}

const project = (name: string): Promise<unknown> =>
  client.request('POST', '/apis/project.openshift.io/v1/projectrequests', {
    kind: 'ProjectRequest',
    apiVersion: 'project.openshift.io/v1',
    metadata: { name },
  });

test('a project is created by request, once, and not under a reserved name', async () => {
  assert.deepEqual(
    at(await client.request('GET', '/apis/project.openshift.io/v1/projectrequests'), 'status'),
    'Success',
  );
  await project('store');
  await assert.rejects(project('store'), {
    reason: 'AlreadyExists',
    message: 'project.project.openshift.io "store" already exists',
  });
  await assert.rejects(project('openshift-x'), { reason: 'Forbidden' });
  const found = await client.request('GET', '/apis/project.openshift.io/v1/projects/store');
  assert.notEqual(at(found, 'metadata', 'annotations', 'openshift.io/requester'), undefined);
});

test('subscriptions become operators whose versions succeed and are copied into every namespace', async () => {
  for (const name of ['jaeger-product', 'kiali-ossm', 'servicemeshoperator'])
    await client.create(SUBSCRIPTIONS, subscription(name));
  for (const name of ['jaeger-operator.v1.24.1', 'kiali-operator.v1.24.8', 'servicemeshoperator.v2.0.7.1']) {
    const copy = await eventually(`${name} copied`, async () => {
      const found = await client.find(CSVS, name, 'store');
      return found?.status?.reason === 'Copied' && found;
    });
    assert.equal(copy.metadata.labels?.['olm.copiedFrom'], 'openshift-operators');
    assert.equal((await client.get(CSVS, name, 'openshift-operators')).status?.phase, 'Succeeded');
  }
  const settled = await eventually('the subscription at its latest', async () => {
    const { status } = await client.get(SUBSCRIPTIONS, 'servicemeshoperator', 'openshift-operators');
    return status?.state === 'AtLatestKnown' && status;
  });
  assert.equal(settled.installedCSV, 'servicemeshoperator.v2.0.7.1');
});

test('a missing channel is reported in the subscription’s conditions', async () => {
  await client.create(SUBSCRIPTIONS, subscription('wrong', { name: 'kiali-ossm', channel: 'nope' }));
  const failed = await eventually('the failure', async () => {
    const { status } = await client.get(SUBSCRIPTIONS, 'wrong', 'openshift-operators');
    return condition(status?.conditions, 'ResolutionFailed');
  });
  assert.equal(failed.reason, 'ConstraintsNotSatisfiable');
  await client.delete(SUBSCRIPTIONS, 'wrong', 'openshift-operators');
});

test('a control plane installs in stages to 9/9 and its members are configured', { skip }, async () => {
  await project('mesh');
  const plane: ControlPlane = {
    apiVersion: CONTROL_PLANES.apiVersion,
    kind: CONTROL_PLANES.kind,
    metadata: { name: 'basic', namespace: 'mesh' },
    spec: {},
  };
  const roll = {
    apiVersion: MEMBER_ROLLS.apiVersion,
    kind: MEMBER_ROLLS.kind,
    metadata: { name: 'default', namespace: 'mesh' },
    spec: { members: ['store', 'later'] },
  };
  await eventually('the operator', () =>
    client
      .list(CONTROL_PLANES)
      .then(() => true)
      .catch(() => undefined),
  );
  const seen = new Set<string>();
  const stop = new AbortController();
  const { resourceVersion } = await client.list(CONTROL_PLANES);
  const watching = (async () => {
    for await (const { type, object } of client.watch(CONTROL_PLANES, { resourceVersion, signal: stop.signal }))
      if (type !== 'ERROR') seen.add(object.status?.annotations?.['readyComponentCount'] ?? '');
  })().catch(() => undefined);
  await client.create(CONTROL_PLANES, plane);
  await client.create(MEMBER_ROLLS, roll);
  const ready = await eventually('the control plane', async () => {
    const found = await client.get(CONTROL_PLANES, 'basic', 'mesh');
    return condition(found.status?.conditions, 'Ready')?.status === 'True' && found;
  });
  stop.abort();
  await watching;
  assert.deepEqual([ready.spec.profiles, ready.status?.chartVersion], [['default'], '2.0.7.1']);
  for (const stage of ['', '0/9', '3/9', '5/9', '9/9']) assert.ok(seen.has(stage), `${stage} among ${[...seen]}`);
  await eventually(
    'one of two members',
    async () =>
      (await client.get(MEMBER_ROLLS, 'default', 'mesh')).status?.annotations?.['configuredMemberCount'] === '1/2',
  );
  await project('later');
  await eventually(
    'both members',
    async () =>
      (await client.get(MEMBER_ROLLS, 'default', 'mesh')).status?.annotations?.['configuredMemberCount'] === '2/2',
  );
  assert.equal((await client.get(NAMESPACES, 'store')).metadata.labels?.['maistra.io/member-of'], 'mesh');
  assert.deepEqual((await client.get(PEER_AUTHENTICATIONS, 'default', 'mesh'))['spec'], {
    mtls: { mode: 'PERMISSIVE' },
  });
});

test('an annotated pod in a member namespace gets the proxy', { skip }, async () => {
  const pod = (name: string, annotations: Record<string, string>): Pod => ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'store', annotations },
    spec: { containers: [{ name: 'c', image: 'i' }] },
  });
  const asked = await client.create(PODS, pod('asked', { 'sidecar.istio.io/inject': 'true' }));
  const silent = await client.create(PODS, pod('silent', {}));
  assert.deepEqual([asked.spec.containers.length, silent.spec.containers.length], [2, 1]);
});

test('a Route is created, recreated and deleted with its Gateway', { skip }, async () => {
  const gateway: Gateway = {
    apiVersion: GATEWAYS.apiVersion,
    kind: GATEWAYS.kind,
    metadata: { name: 'shop', namespace: 'store' },
    spec: {
      selector: { istio: 'ingressgateway' },
      servers: [{ port: { number: 80, name: 'http', protocol: 'HTTP' }, hosts: ['*'] }],
    },
  };
  await client.create(GATEWAYS, gateway);
  const route = await eventually('the Route', () => client.find(ROUTES, 'store-shop-525eca1d5089dbdc', 'mesh'));
  assert.equal(route.spec.host, 'store-shop-525eca1d5089dbdc-mesh.apps.test');
  await client.patch(GATEWAYS, 'shop', 'store', { metadata: { annotations: { note: 'x' } } });
  await eventually('another Route of that name', async () => {
    const uid = (await client.find(ROUTES, route.metadata.name, 'mesh'))?.metadata.uid;
    return uid !== undefined && uid !== route.metadata.uid;
  });
  await client.delete(GATEWAYS, 'shop', 'store');
  await eventually('no Route', async () => (await client.find(ROUTES, route.metadata.name, 'mesh')) === undefined);
});

test('a second member roll with the same member is refused with the operator’s message', { skip }, async () => {
  await project('other');
  const roll = {
    apiVersion: MEMBER_ROLLS.apiVersion,
    kind: MEMBER_ROLLS.kind,
    metadata: { name: 'default', namespace: 'other' },
    spec: { members: ['store'] },
  };
  await assert.rejects(
    client.create(MEMBER_ROLLS, roll),
    (error) =>
      error instanceof ApiError &&
      error.message.endsWith('one or more members are already defined in another ServiceMeshMemberRoll'),
  );
});
