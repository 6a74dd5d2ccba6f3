/** A Gateway of the class `istio`: the objects that istiod creates for it, and the statuses that istiod writes. */
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
  HTTP_ROUTES,
  KUBE_GATEWAYS,
  type KubeGateway,
  type KubeHttpRoute,
} from '../../../sandbox/mesh/model/gateway-api.ts';
import { SUBSCRIPTIONS } from '../../../sandbox/openshift/kinds.ts';
import {
  ISTIO_CNIS,
  ISTIOS,
  type Istio,
  type IstioCNI,
  type IstioRevisionTag,
  REVISION_TAGS,
} from '../../../sandbox/openshift/sail/kinds.ts';
import { startTestOpenShift, type TestOpenShift } from '../../support/openshift.ts';

let openshift: TestOpenShift;
let client: Client;
let directory: string;

before(async () => {
  directory = await mkdtemp(join(tmpdir(), 'lw-gateway-'));
  const xdsSocket = join(directory, 'xds');
  openshift = await startTestOpenShift('3.3', { settings: { xdsSocket }, beside: startMesh });
  client = openshift.client;
  await client.create(SUBSCRIPTIONS, {
    apiVersion: SUBSCRIPTIONS.apiVersion,
    kind: SUBSCRIPTIONS.kind,
    metadata: { name: 'servicemeshoperator3', namespace: 'openshift-operators' },
    spec: {
      name: 'servicemeshoperator3',
      channel: 'stable',
      source: 'redhat-operators',
      sourceNamespace: 'openshift-marketplace',
    },
  });
  for (const name of ['istio-system', 'istio-cni', 'shop', 'other'])
    await client.create(NAMESPACES, { apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
  const cni = { apiVersion: ISTIO_CNIS.apiVersion, kind: ISTIO_CNIS.kind, metadata: { name: 'default' }, spec: {} };
  await eventually('the operator', async () => (await client.list(ISTIOS).catch(() => undefined)) !== undefined);
  await client.create(ISTIO_CNIS, cni as IstioCNI);
  await client.create(ISTIOS, { ...cni, kind: ISTIOS.kind } as Istio);
});
after(async () => {
  await openshift?.stop();
  await rm(directory, { recursive: true });
});

const gatewayOf = (name: string, more: object = {}): KubeGateway => ({
  apiVersion: KUBE_GATEWAYS.apiVersion,
  kind: KUBE_GATEWAYS.kind,
  metadata: { name, namespace: 'shop', ...more },
  spec: { gatewayClassName: 'istio', listeners: [{ name: 'web', port: 80, protocol: 'HTTP' }] },
});
const routeOf = (name: string, spec: KubeHttpRoute['spec']): KubeHttpRoute => ({
  apiVersion: HTTP_ROUTES.apiVersion,
  kind: HTTP_ROUTES.kind,
  metadata: { name, namespace: 'shop' },
  spec,
});
const told = (gateway: KubeGateway | undefined, type: string): string => {
  const { status, reason, message } = condition(gateway?.status?.conditions, type) ?? {};
  return `${status} ${reason}: ${message}`;
};

test('istiod creates its GatewayClasses and accepts them', async () => {
  const made = await eventually('the class', async () => {
    const found = await client.find(GATEWAY_CLASSES, 'istio');
    return condition(found?.status?.conditions, 'Accepted')?.status === 'True' && found;
  });
  assert.equal(made.spec.controllerName, 'istio.io/gateway-controller');
  assert.equal(condition(made.status?.conditions, 'Accepted')?.message, 'Handled by Istio controller');
  await eventually('the other class', async () => (await client.find(GATEWAY_CLASSES, 'istio-remote')) !== undefined);
});

test('a Gateway gets a Deployment and a Service, and its status says when both exist', async () => {
  const annotations = { 'networking.istio.io/service-type': 'ClusterIP' };
  await client.create(KUBE_GATEWAYS, gatewayOf('gate', { annotations, labels: { team: 'a' } }));
  const gateway = await eventually('the Gateway', async () => {
    const found = await client.get(KUBE_GATEWAYS, 'gate', 'shop');
    return condition(found.status?.conditions, 'Programmed')?.status === 'True' && found;
  });
  const host = 'gate-istio.shop.svc.cluster.local';
  assert.equal(told(gateway, 'Accepted'), 'True Accepted: Resource accepted');
  assert.equal(told(gateway, 'Programmed'), `True Programmed: Resource programmed, assigned to service(s) ${host}:80`);
  assert.deepEqual(gateway.status?.addresses, [{ type: 'Hostname', value: host }]);
  const deployment = await client.get(DEPLOYMENTS, 'gate-istio', 'shop');
  assert.deepEqual(deployment.metadata.labels, {
    team: 'a',
    'gateway.istio.io/managed': 'istio.io-gateway-controller',
    'gateway.networking.k8s.io/gateway-class-name': 'istio',
    'gateway.networking.k8s.io/gateway-name': 'gate',
  });
  const { spec } = await client.get(SERVICES, 'gate-istio', 'shop');
  assert.equal(spec.type, 'ClusterIP');
  assert.deepEqual(
    spec.ports?.map(({ name, port, appProtocol }) => [name, port, appProtocol]),
    [
      ['status-port', 15021, 'tcp'],
      ['web', 80, 'http'],
    ],
  );
});

test('a Gateway that asks for a load balancer is reached at its address', async () => {
  await client.create(KUBE_GATEWAYS, gatewayOf('balanced'));
  const gateway = await eventually('the Gateway', async () => {
    const found = await client.get(KUBE_GATEWAYS, 'balanced', 'shop');
    return condition(found.status?.conditions, 'Programmed')?.status === 'True' && found;
  });
  assert.deepEqual(gateway.status?.addresses, [{ type: 'IPAddress', value: '172.30.255.1' }]);
});

test('a changed Gateway gets the new port, and a deleted one takes its objects along', async () => {
  const listeners = [
    { name: 'web', port: 80, protocol: 'HTTP' },
    { name: 'more', port: 8080, protocol: 'HTTP' },
  ];
  await client.patch(KUBE_GATEWAYS, 'balanced', 'shop', { spec: { listeners } });
  await eventually('the port', async () => {
    const { spec } = await client.get(SERVICES, 'balanced-istio', 'shop');
    return spec.ports?.some(({ port }) => port === 8080);
  });
  await client.delete(KUBE_GATEWAYS, 'balanced', 'shop');
  await eventually('nothing is left', async () => {
    const left = await client.find(SERVICES, 'balanced-istio', 'shop');
    return left === undefined && (await client.find(DEPLOYMENTS, 'balanced-istio', 'shop')) === undefined;
  });
});

test('a route’s status says for each parent whether it is attached, and the listener counts it', async () => {
  await client.create(SERVICES, {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'shelf', namespace: 'shop' },
    spec: { ports: [{ port: 80 }] },
  });
  const rules = [{ backendRefs: [{ name: 'shelf', port: 80 }] }];
  await client.create(HTTP_ROUTES, routeOf('good', { parentRefs: [{ name: 'gate' }], rules }));
  await client.create(
    HTTP_ROUTES,
    routeOf('bad', {
      parentRefs: [{ name: 'gate', sectionName: 'nowhere' }],
      rules: [{ backendRefs: [{ name: 'nobody', port: 80 }] }],
    }),
  );
  await client.create(HTTP_ROUTES, routeOf('foreign', { parentRefs: [{ name: 'of-others' }], rules }));
  const bad = await eventually('the status', async () => {
    const found = await client.get(HTTP_ROUTES, 'bad', 'shop');
    return found.status?.parents?.length === 1 && found;
  });
  assert.deepEqual(
    bad.status?.parents?.[0]?.conditions.map(({ type, status, reason, message }) => [type, status, reason, message]),
    [
      ['Accepted', 'False', 'NoMatchingParent', 'sectionName "nowhere" not found'],
      ['ResolvedRefs', 'False', 'BackendNotFound', 'backend(nobody.shop.svc.cluster.local) not found'],
    ],
  );
  const gateway = await eventually('the count', async () => {
    const found = await client.get(KUBE_GATEWAYS, 'gate', 'shop');
    return found.status?.listeners?.[0]?.attachedRoutes === 1 && found;
  });
  assert.deepEqual(
    gateway.status?.listeners?.[0]?.supportedKinds.map(({ kind }) => kind),
    ['HTTPRoute', 'GRPCRoute'],
  );
  const foreign = await client.get(HTTP_ROUTES, 'foreign', 'shop');
  assert.deepEqual(foreign.status?.parents ?? [], []);
});

test('a Gateway that names a tag follows it to another revision', async () => {
  const tag = (name: string): IstioRevisionTag => ({
    apiVersion: REVISION_TAGS.apiVersion,
    kind: REVISION_TAGS.kind,
    metadata: { name: 'edge' },
    spec: { targetRef: { kind: 'Istio', name } },
  });
  await client.create(NAMESPACES, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'next-system' } });
  const { apiVersion, kind } = ISTIOS;
  const spec = { namespace: 'next-system', version: 'v1.28.10' };
  await client.create(ISTIOS, { apiVersion, kind, metadata: { name: 'next' }, spec });
  await client.create(REVISION_TAGS, tag('default'));
  await client.create(KUBE_GATEWAYS, gatewayOf('edge', { labels: { 'istio.io/rev': 'edge' } }));
  const revision = async (): Promise<string | undefined> => {
    const found = await client.find(DEPLOYMENTS, 'edge-istio', 'shop');
    return found?.spec.template.metadata?.annotations?.['istio.io/rev'];
  };
  await eventually('the proxy of default', async () => (await revision()) === 'default');
  await eventually(
    'the other control plane',
    async () => (await client.get(ISTIOS, 'next')).status?.state === 'Healthy',
  );
  await client.patch(REVISION_TAGS, 'edge', undefined, tag('next'));
  await eventually('the proxy of next', async () => (await revision()) === 'next');
});
