import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ApiObject } from '../types.ts';
import { findingsOf } from './index.ts';
import { hasLabels } from './routing.ts';
import type { Listed, Snapshot } from './snapshot.ts';

type Objects = Partial<Record<Listed, readonly ApiObject[]>>;

function object(
  kind: string,
  name: string,
  fields: Partial<ApiObject>,
  labels: Record<string, string> = {},
): ApiObject {
  return { apiVersion: 'v1', kind, metadata: { name, namespace: 'orchard', labels }, ...fields };
}

const pod = object(
  'Pod',
  'apple-1',
  {
    spec: { containers: [{ name: 'apple', ports: [{ name: 'http', containerPort: 3000 }] }] },
    status: { phase: 'Running' },
  },
  { app: 'apple', version: '1' },
);
const service = object('Service', 'apple', {
  spec: { selector: { app: 'apple' }, ports: [{ port: 80, targetPort: 3000 }] },
});
const gateway = object('Gateway', 'gate', { spec: { selector: { istio: 'ingressgateway' } } });
const gatewayPod = object('Pod', 'ingress-1', {}, { istio: 'ingressgateway' });
const gatewayService = object('Service', 'ingress', {
  spec: { selector: { istio: 'ingressgateway' }, ports: [{ port: 80 }, { port: 443 }] },
});
const rule = object('DestinationRule', 'fruit', {
  spec: { host: 'apple', subsets: [{ name: 'v1', labels: { version: '1' } }] },
});

function virtualService(destination: object, more: object = {}): ApiObject {
  const spec = { hosts: ['*'], gateways: ['gate'], http: [{ route: [{ destination }] }], ...more };
  return object('VirtualService', 'fruit', { spec });
}

const SOUND: Objects = {
  pods: [pod],
  services: [service],
  'gateways.networking.istio.io': [gateway],
  'destinationrules.networking.istio.io': [rule],
  'virtualservices.networking.istio.io': [virtualService({ host: 'apple', subset: 'v1' })],
};

function findings(change: Objects, gatewayPods: readonly ApiObject[] = [gatewayPod]): Promise<readonly string[]> {
  const objects = { ...SOUND, ...change };
  const snapshot: Snapshot = {
    namespace: 'orchard',
    list: (kind) => objects[kind] ?? [],
    servicesIn: () => Promise.resolve([gatewayService]),
    podsWith: (labels) => Promise.resolve(gatewayPods.filter((one) => hasLabels(one, labels))),
    hasHost: (host) => (objects.services ?? []).some(({ metadata }) => metadata.name === host),
  };
  return findingsOf(snapshot);
}

const VIRTUAL = 'virtualservices.networking.istio.io';

test('nothing is reported for a consistent project', async () => {
  assert.deepEqual(await findings({}), []);
});

test('a rule that names a missing object is reported with that name', async () => {
  const said = async (destination: object, more?: object): Promise<readonly string[]> =>
    findings({ [VIRTUAL]: [virtualService(destination, more)] });
  assert.deepEqual(await said({ host: 'apple', subset: 'v3' }), [
    'VirtualService fruit: no DestinationRule defines the subset v3 of apple',
  ]);
  assert.deepEqual(await said({ host: 'pear' }), ['VirtualService fruit: there is no Service pear']);
  assert.deepEqual(await said({ host: 'apple', port: { number: 81 } }), [
    'VirtualService fruit: Service apple has no port 81, only 80',
  ]);
  assert.deepEqual(await said({ host: 'apple' }, { gateways: ['gat'] }), [
    'Gateway gate: no VirtualService uses it',
    'VirtualService fruit: there is no Gateway gat',
  ]);
});

test('a host without a Route is reported', async () => {
  const route = object('Route', 'orchard', { spec: { host: 'orchard.test' } });
  const routes = { 'routes.route.openshift.io': [route] };
  const asked = (host: string): Promise<readonly string[]> =>
    findings({ ...routes, [VIRTUAL]: [virtualService({ host: 'apple' }, { hosts: [host] })] });
  assert.deepEqual(await asked('orchard.test'), []);
  assert.deepEqual(await asked('*.test'), []);
  assert.deepEqual(await asked('other.test'), ['VirtualService fruit: no Route leads to its host other.test']);
});

test('labels that no pod has are reported for subsets, Services and Gateways', async () => {
  const subsets = [{ name: 'v1', labels: { version: '9' } }];
  const wrong = object('DestinationRule', 'fruit', { spec: { host: 'apple', subsets } });
  assert.deepEqual(await findings({ 'destinationrules.networking.istio.io': [wrong] }), [
    'DestinationRule fruit: no pod is in its subset v1 (app=apple,version=9)',
  ]);
  assert.deepEqual((await findings({ pods: [] }))[0], 'Service apple: no pod has app=apple');
  assert.deepEqual(await findings({}, []), ['Gateway gate: there is no gateway pod with istio=ingressgateway']);
});

test('an incomplete workload is reported with the reasons of its pods', async () => {
  const waiting = { reason: 'CrashLoopBackOff', message: 'back-off restarting failed container' };
  const crashing = {
    ...pod,
    status: { containerStatuses: [{ name: 'apple', ready: false, state: { waiting } }] },
  };
  const spec = { replicas: 2, selector: { matchLabels: { app: 'apple' } } };
  const deployment = object('Deployment', 'apple', { spec, status: { readyReplicas: 1 } });
  assert.deepEqual(await findings({ pods: [crashing], 'deployments.apps': [deployment] }), [
    'Deployment apple: 1 of 2 pods are ready; container apple: CrashLoopBackOff: back-off restarting failed container',
  ]);
});

test('a Route that the router refuses is reported with the router’s message', async () => {
  const conditions = [{ type: 'Admitted', status: 'False', message: 'certificate and key are no pair' }];
  const route = object('Route', 'gate', { spec: { host: 'x.test' }, status: { ingress: [{ conditions }] } });
  assert.deepEqual(await findings({ 'routes.route.openshift.io': [route] }), [
    'Route gate: not admitted: certificate and key are no pair',
  ]);
});
