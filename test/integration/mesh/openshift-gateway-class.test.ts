/** OpenShift's own GatewayClass installs Service Mesh 3: what the Ingress Operator creates, and what preflight reports. */
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { after, before } from 'node:test';
import type { Client } from '../../../sandbox/client/client.ts';
import { condition } from '../../../sandbox/client/conditions.ts';
import { DEPLOYMENTS, NAMESPACES, SERVICES } from '../../../sandbox/client/kinds.ts';
import { eventually } from '../../../sandbox/controllers/fake-kubelet.ts';
import { startMesh } from '../../../sandbox/mesh/index.ts';
import {
  GATEWAY_CLASSES,
  type GatewayClass,
  HTTP_ROUTES,
  KUBE_GATEWAYS,
  OPENSHIFT_CONTROLLER,
} from '../../../sandbox/mesh/model/gateway-api.ts';
import { INSTALL_PLANS, SUBSCRIPTIONS } from '../../../sandbox/openshift/kinds.ts';
import { ISTIOS } from '../../../sandbox/openshift/sail/kinds.ts';
import { startTestOpenShift, type TestOpenShift } from '../../support/openshift.ts';

let openshift: TestOpenShift;
let client: Client;
let directory: string;

before(async () => {
  directory = await mkdtemp(join(tmpdir(), 'lw-ingress-'));
  openshift = await startTestOpenShift('3.2', { settings: { xdsSocket: join(directory, 'xds') }, beside: startMesh });
  client = openshift.client;
  await client.create(NAMESPACES, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } });
  await client.create(GATEWAY_CLASSES, gatewayClass('openshift-default'));
});
after(async () => {
  await openshift?.stop();
  await rm(directory, { recursive: true });
});

function gatewayClass(name: string): GatewayClass {
  const { apiVersion, kind } = GATEWAY_CLASSES;
  return { apiVersion, kind, metadata: { name }, spec: { controllerName: OPENSHIFT_CONTROLLER } };
}

test('the operator’s Subscription needs manual approval, which the Ingress Operator gives', async () => {
  await eventually('the Istio', async () => {
    const { status } = (await client.find(ISTIOS, 'openshift-gateway').catch(() => undefined)) ?? {};
    return status?.state === 'Healthy';
  });
  const subscription = await client.get(SUBSCRIPTIONS, 'servicemeshoperator3', 'openshift-operators');
  assert.ok('ingress.operator.openshift.io/owned' in (subscription.metadata.annotations ?? {}));
  assert.deepEqual(
    [subscription.spec.installPlanApproval, subscription.spec.startingCSV],
    ['Manual', 'servicemeshoperator3.v3.2.9'],
  );
  const [plan] = (await client.list(INSTALL_PLANS, { namespace: 'openshift-operators' })).items;
  assert.deepEqual([plan?.spec.approval, plan?.spec.approved], ['Manual', true]);
});

test('its istiod serves OpenShift’s class without IstioCNI, and does not create a class', async () => {
  const accepted = await eventually('the class', async () => {
    const { status } = await client.get(GATEWAY_CLASSES, 'openshift-default');
    return condition(status?.conditions, 'Accepted');
  });
  assert.deepEqual([accepted.status, accepted.message], ['True', 'Handled by Istio controller']);
  const { status, spec } = await client.get(ISTIOS, 'openshift-gateway');
  assert.deepEqual([spec.namespace, status?.activeRevisionName], ['openshift-ingress', 'openshift-gateway']);
  const { items } = await client.list(GATEWAY_CLASSES);
  assert.deepEqual(
    items.map(({ metadata }) => metadata.name),
    ['openshift-default'],
  );
});

test('a Gateway of the class is labelled with that istiod’s revision and gets its proxy from it', async () => {
  await client.create(KUBE_GATEWAYS, {
    apiVersion: KUBE_GATEWAYS.apiVersion,
    kind: KUBE_GATEWAYS.kind,
    metadata: { name: 'shop', namespace: 'shop' },
    spec: { gatewayClassName: 'openshift-default', listeners: [{ name: 'web', port: 80, protocol: 'HTTP' }] },
  });
  const workload = 'shop-openshift-default';
  const deployment = await eventually('the proxy', () => client.find(DEPLOYMENTS, workload, 'shop'));
  assert.equal(deployment.spec.template.metadata?.annotations?.['istio.io/rev'], 'openshift-gateway');
  await eventually('its Service', () => client.find(SERVICES, workload, 'shop'));
  const { metadata } = await client.get(KUBE_GATEWAYS, 'shop', 'shop');
  assert.equal(metadata.labels?.['istio.io/rev'], 'openshift-gateway');
  await client.create(HTTP_ROUTES, {
    apiVersion: HTTP_ROUTES.apiVersion,
    kind: HTTP_ROUTES.kind,
    metadata: { name: 'shop', namespace: 'shop' },
    spec: { parentRefs: [{ name: 'shop' }], rules: [{ backendRefs: [{ name: workload, port: 80 }] }] },
  });
  const parent = await eventually('the route', async () => {
    const [one] = (await client.get(HTTP_ROUTES, 'shop', 'shop')).status?.parents ?? [];
    return one !== undefined && condition(one.conditions, 'Accepted')?.status === 'True' && one;
  });
  assert.equal(parent.controllerName, OPENSHIFT_CONTROLLER);
});

test('a Subscription that somebody changes is changed back', async () => {
  await client.patch(SUBSCRIPTIONS, 'servicemeshoperator3', 'openshift-operators', {
    spec: { installPlanApproval: 'Automatic' },
  });
  await eventually('the approval', async () => {
    const { spec } = await client.get(SUBSCRIPTIONS, 'servicemeshoperator3', 'openshift-operators');
    return spec.installPlanApproval === 'Manual';
  });
});

test('without the class, the control plane is removed and the operator stays', async () => {
  await client.delete(GATEWAY_CLASSES, 'openshift-default');
  await eventually('no Istio', async () => (await client.find(ISTIOS, 'openshift-gateway')) === undefined);
  assert.ok(await client.find(SUBSCRIPTIONS, 'servicemeshoperator3', 'openshift-operators'));
});
