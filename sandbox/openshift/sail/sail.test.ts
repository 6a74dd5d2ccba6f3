import assert from 'node:assert/strict';
import test, { after, before } from 'node:test';
import { startTestOpenShift, type TestOpenShift } from '../../../test/support/openshift.ts';
import type { ApiServer } from '../../api/types.ts';
import type { Client, Resource } from '../../client/client.ts';
import { condition } from '../../client/conditions.ts';
import { NAMESPACES, PODS, type Pod } from '../../client/kinds.ts';
import { eventually } from '../../controllers/fake-kubelet.ts';
import { CSVS, MUTATING_WEBHOOKS, SUBSCRIPTIONS } from '../kinds.ts';
import { ISTIO_CNIS, ISTIO_REVISIONS, ISTIOS, type Istio, type IstioCNI, REVISION_TAGS } from './kinds.ts';

let openshift: TestOpenShift;
let api: ApiServer;
let client: Client;

before(async () => {
  openshift = await startTestOpenShift('3.3');
  ({ api, client } = openshift);
});
after(async () => {
  await openshift?.stop();
});

const namespace = (name: string, labels: Record<string, string> = {}): Promise<unknown> =>
  client.create(NAMESPACES, { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } });

const istio = (name: string, spec: object = {}): Istio =>
  ({ apiVersion: ISTIOS.apiVersion, kind: ISTIOS.kind, metadata: { name }, spec }) as Istio;

const stateOf = (of: Resource<Istio>, name: string, state: string): Promise<Istio> =>
  eventually(`${name} ${state}`, async () => {
    const found = await client.find(of, name);
    return found?.status?.state === state && found;
  });

const columns = async (path: string): Promise<{ names: string[]; rows: unknown[][] }> => {
  const response = await fetch(`${api.url}${path}`, {
    headers: { accept: 'application/json;as=Table;v=v1;g=meta.k8s.io' },
  });
  const table = (await response.json()) as { columnDefinitions: { name: string }[]; rows: { cells: unknown[] }[] };
  return { names: table.columnDefinitions.map(({ name }) => name), rows: table.rows.map(({ cells }) => cells) };
};

const podIn = (where: string, name: string, metadata: Partial<Pod['metadata']> = {}, image = 'i'): Pod => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace: where, ...metadata },
  spec: { containers: [{ name: image === 'auto' ? 'istio-proxy' : 'app', image }] },
});

test('the operator installs from its channel, into all namespaces', async () => {
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
  await eventually('the operator', async () => {
    const found = await client.find(CSVS, 'servicemeshoperator3.v3.3.7', 'openshift-operators');
    return found?.status?.phase === 'Succeeded';
  });
});

test('an Istio whose namespace is missing says so, and continues once it exists', async () => {
  await client.create(ISTIOS, istio('default'));
  const failed = await stateOf(ISTIOS, 'default', 'ReconcileError');
  assert.equal(
    condition(failed.status?.conditions, 'Reconciled')?.message,
    'error reconciling resource: validation error: namespace "istio-system" doesn\'t exist',
  );
  const ready = condition(failed.status?.conditions, 'Ready');
  assert.deepEqual(
    [ready?.status, ready?.reason, ready?.message],
    ['False', 'IstiodNotReady', 'istiod Deployment not found'],
  );
  await namespace('istio-system');
  const waiting = await stateOf(ISTIOS, 'default', 'IstioCNINotFound');
  assert.deepEqual(
    [condition(waiting.status?.conditions, 'Ready')?.status, waiting.status?.revisions],
    ['True', { total: 1, ready: 1, inUse: 0 }],
  );
  assert.equal(
    condition(waiting.status?.conditions, 'DependenciesHealthy')?.message,
    'IstioCNI resource does not exist',
  );
});

test('an IstioCNI must be named default, and makes the control plane healthy', async () => {
  await namespace('istio-cni');
  const cni = (name: string): IstioCNI =>
    ({ apiVersion: ISTIO_CNIS.apiVersion, kind: ISTIO_CNIS.kind, metadata: { name }, spec: {} }) as unknown as IstioCNI;
  await assert.rejects(client.create(ISTIO_CNIS, cni('mine')), /metadata\.name must be 'default'/);
  await client.create(ISTIO_CNIS, cni('default'));
  const healthy = await stateOf(ISTIOS, 'default', 'Healthy');
  assert.deepEqual(
    healthy.status?.conditions?.map(({ type, status, reason }) => [type, status, reason]),
    [
      ['Reconciled', 'True', undefined],
      ['Ready', 'True', undefined],
      ['DependenciesHealthy', 'True', undefined],
    ],
  );
  const { names, rows } = await columns('/apis/sailoperator.io/v1/istios');
  assert.deepEqual(names, [
    'Name',
    'Namespace',
    'Profile',
    'Revisions',
    'Ready',
    'In use',
    'Active Revision',
    'Status',
    'Version',
    'Age',
  ]);
  assert.deepEqual(rows[0]?.slice(0, 9), [
    'default',
    'istio-system',
    null,
    '1',
    '1',
    '0',
    'default',
    'Healthy',
    'v1.28.10',
  ]);
  const cnis = await columns('/apis/sailoperator.io/v1/istiocnis');
  assert.deepEqual(cnis.rows[0]?.slice(3, 6), ['True', 'Healthy', 'v1.28.10']);
});

test('a namespace with a label gets proxies as native sidecars, and counts as a use', async () => {
  await namespace('store', { 'istio-injection': 'enabled' });
  const pod = await client.create(PODS, podIn('store', 'front'));
  assert.deepEqual(
    pod.spec.containers.map(({ name }) => name),
    ['app'],
  );
  assert.deepEqual(
    pod.spec.initContainers?.map(({ name, restartPolicy }) => [name, restartPolicy]),
    [
      ['istio-validation', undefined],
      ['istio-proxy', 'Always'],
    ],
  );
  const status = JSON.parse(pod.metadata.annotations?.['sidecar.istio.io/status'] ?? '{}');
  assert.deepEqual(
    [status.initContainers, status.containers, status.revision],
    [['istio-validation', 'istio-proxy'], null, 'default'],
  );
  assert.equal(pod.metadata.annotations?.['k8s.v1.cni.cncf.io/networks'], 'default/istio-cni');
  const classic = await client.create(
    PODS,
    podIn('store', 'classic', { annotations: { 'sidecar.istio.io/nativeSidecar': 'false' } }),
  );
  assert.deepEqual(
    classic.spec.containers.map(({ name }) => name),
    ['app', 'istio-proxy'],
  );
  const refused = await client.create(
    PODS,
    podIn('store', 'refused', { labels: { 'sidecar.istio.io/inject': 'false' } }),
  );
  assert.equal(refused.spec.initContainers, undefined);
  await eventually('the use', async () => (await client.get(ISTIOS, 'default')).status?.revisions?.inUse === 1);
});

test('without a label on the namespace a pod needs its own label; an annotation alone is ignored', async () => {
  await namespace('plain');
  const labelled = await client.create(
    PODS,
    podIn('plain', 'labelled', { labels: { 'sidecar.istio.io/inject': 'true' } }),
  );
  assert.equal(labelled.spec.initContainers?.length, 2);
  const annotated = await client.create(
    PODS,
    podIn('plain', 'annotated', { annotations: { 'sidecar.istio.io/inject': 'true' } }),
  );
  assert.equal(annotated.spec.initContainers, undefined);
});

test('a gateway by injection has the image of the template and listens itself', async () => {
  const gateway = podIn(
    'store',
    'gateway',
    { labels: { istio: 'ingressgateway' }, annotations: { 'inject.istio.io/templates': 'gateway' } },
    'auto',
  );
  const pod = await client.create(PODS, gateway);
  assert.equal(pod.spec.initContainers, undefined);
  const [container] = pod.spec.containers;
  assert.match(container?.image ?? '', /istio-proxyv2-rhel9:1\.28\.10$/);
  assert.deepEqual(container?.args?.slice(0, 2), ['proxy', 'router']);
});

test('with a revision for each version, the old one is removed when nothing uses it', async () => {
  await namespace('mesh-two');
  const updateStrategy = { type: 'RevisionBased', inactiveRevisionDeletionGracePeriodSeconds: 0 };
  await client.create(ISTIOS, istio('two', { namespace: 'mesh-two', version: 'v1.27.9', updateStrategy }));
  await stateOf(ISTIOS, 'two', 'Healthy');
  await namespace('kept', { 'istio.io/rev': 'two-v1-27-9' });
  await eventually('the use', async () => (await client.get(ISTIOS, 'two')).status?.revisions?.inUse === 1);
  await client.patch(ISTIOS, 'two', undefined, { spec: { version: 'v1.28.10' } });
  const both = await eventually('two revisions', async () => {
    const found = await client.get(ISTIOS, 'two');
    return found.status?.revisions?.ready === 2 && found;
  });
  assert.equal(both.status?.activeRevisionName, 'two-v1-28-10');
  await client.patch(NAMESPACES, 'kept', undefined, { metadata: { labels: { 'istio.io/rev': 'two-v1-28-10' } } });
  await eventually(
    'the old revision gone',
    async () => (await client.find(ISTIO_REVISIONS, 'two-v1-27-9')) === undefined,
  );
});

test('a tag lets namespaces refer to a revision by a stable name', async () => {
  await client.create(REVISION_TAGS, {
    apiVersion: REVISION_TAGS.apiVersion,
    kind: REVISION_TAGS.kind,
    metadata: { name: 'prod' },
    spec: { targetRef: { kind: 'Istio', name: 'two' } },
  });
  await eventually('the tag', async () => {
    const { status } = await client.get(REVISION_TAGS, 'prod');
    return status?.istioRevision === 'two-v1-28-10' && status.state === 'NotReferencedByAnything';
  });
  await namespace('tagged', { 'istio.io/rev': 'prod' });
  const pod = await client.create(PODS, podIn('tagged', 'app'));
  assert.equal(pod.metadata.annotations?.['istio.io/rev'], 'two-v1-28-10');
  await eventually('the use', async () => (await client.get(REVISION_TAGS, 'prod')).status?.state === 'Healthy');
});

test('deleting an Istio deletes its revision, istiod and webhooks', async () => {
  await client.delete(ISTIOS, 'default');
  await eventually('no webhooks', async () => {
    const { items } = await client.list(MUTATING_WEBHOOKS);
    return !items.some(({ metadata }) => metadata.name === 'istio-sidecar-injector');
  });
});
