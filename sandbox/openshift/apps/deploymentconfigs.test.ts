import assert from 'node:assert/strict';
import test, { after, before } from 'node:test';
import { startTestOpenShift, type TestOpenShift } from '../../../test/support/openshift.ts';
import type { ApiServer } from '../../api/types.ts';
import type { Client } from '../../client/client.ts';
import { condition } from '../../client/conditions.ts';
import { NAMESPACES, PODS, REPLICATION_CONTROLLERS } from '../../client/kinds.ts';
import { eventually } from '../../controllers/fake-kubelet.ts';
import { OPENSHIFT_FIELDS } from '../field-support.ts';
import { IMAGE_STREAMS } from '../images/kinds.ts';
import { DEPLOYMENT_CONFIGS, type DeploymentConfig } from './kinds.ts';

const NAMESPACE = 'shop';
const API = '/apis/apps.openshift.io/v1/namespaces/shop/deploymentconfigs';
const findImage = (name: string) => (/^(busybox|alpine):/.test(name) ? { digest: `sha256:${name}` } : undefined);
let openshift: TestOpenShift;
let api: ApiServer;
let client: Client;

before(async () => {
  openshift = await startTestOpenShift('2.0', { findImage });
  ({ api, client } = openshift);
  api.supportFields(OPENSHIFT_FIELDS);
  await client.create(NAMESPACES, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: NAMESPACE } });
});
after(async () => {
  await openshift?.stop();
});

function config(name: string, spec: Partial<DeploymentConfig['spec']> = {}): DeploymentConfig {
  const template = { metadata: { labels: { app: name } }, spec: { containers: [{ name: 'web', image: 'busybox:1' }] } };
  return {
    apiVersion: DEPLOYMENT_CONFIGS.apiVersion,
    kind: DEPLOYMENT_CONFIGS.kind,
    metadata: { name, namespace: NAMESPACE },
    spec: { replicas: 2, selector: { app: name }, template, ...spec },
  };
}

/** Resolves with the DeploymentConfig once a version has been rolled out. */
function rolledOut(name: string, version: number): Promise<DeploymentConfig> {
  return eventually(`${name}-${version}`, async () => {
    const found = await client.get(DEPLOYMENT_CONFIGS, name, NAMESPACE);
    const progress = condition(found.status?.conditions, 'Progressing');
    const message = `replication controller "${name}-${version}" successfully rolled out`;
    return progress?.message === message && found.status?.availableReplicas === found.spec.replicas && found;
  });
}

async function podsOf(name: string): Promise<string[]> {
  const { items } = await client.list(PODS, { namespace: NAMESPACE });
  return items
    .filter(({ metadata }) => metadata.labels?.['app'] === name && metadata.deletionTimestamp === undefined)
    .map(({ metadata }) => metadata.labels?.['deployment'] ?? '')
    .sort();
}

test('a DeploymentConfig makes its pods by a ReplicationController, and a changed template makes the next version', async () => {
  await client.create(DEPLOYMENT_CONFIGS, config('web'));
  const first = await rolledOut('web', 1);
  assert.deepEqual(first.status?.details, { message: 'config change', causes: [{ type: 'ConfigChange' }] });
  assert.deepEqual(await podsOf('web'), ['web-1', 'web-1']);
  const env = [{ name: 'A', value: '1' }];
  const containers = [{ name: 'web', image: 'busybox:1', env }];
  await client.patch(DEPLOYMENT_CONFIGS, 'web', NAMESPACE, { spec: { template: { spec: { containers } } } });
  await rolledOut('web', 2);
  await eventually('the old pods are gone', async () => (await podsOf('web')).join() === 'web-2,web-2');
  const old = await client.get(REPLICATION_CONTROLLERS, 'web-1', NAMESPACE);
  assert.equal(old.spec.replicas, 0);
});

test('scaling keeps the version; `oc rollout latest` makes a new one', async () => {
  await client.create(DEPLOYMENT_CONFIGS, config('till'));
  await rolledOut('till', 1);
  await client.patch(DEPLOYMENT_CONFIGS, 'till', NAMESPACE, { spec: { replicas: 3 } });
  await eventually('three pods', async () => (await podsOf('till')).join() === 'till-1,till-1,till-1');
  const answer = await post(`${API}/till/instantiate`, { kind: 'DeploymentRequest', name: 'till', latest: true });
  assert.equal(answer.status, 201);
  const next = await rolledOut('till', 2);
  assert.equal(next.status?.details?.message, 'manual change');
});

test('without a trigger nothing starts, and a paused one is refused a rollout', async () => {
  await client.create(DEPLOYMENT_CONFIGS, config('idle', { triggers: [], paused: true }));
  const answer = await post(`${API}/idle/instantiate`, { kind: 'DeploymentRequest', name: 'idle' });
  assert.match(answer.message, /cannot deploy a paused deployment config/);
  const { items } = await client.list(REPLICATION_CONTROLLERS, { namespace: NAMESPACE });
  assert.deepEqual(
    items.filter(({ metadata }) => metadata.name.startsWith('idle')),
    [],
  );
});

test('a tag of an ImageStream gives the image, and a new image rolls out a new version', async () => {
  const { apiVersion, kind } = IMAGE_STREAMS;
  const from = (name: string) => ({ name: 'latest', from: { kind: 'DockerImage', name } });
  const metadata = { name: 'base', namespace: NAMESPACE };
  await client.create(IMAGE_STREAMS, { apiVersion, kind, metadata, spec: { tags: [from('busybox:1')] } });
  const imageChangeParams = {
    automatic: true,
    containerNames: ['web'],
    from: { kind: 'ImageStreamTag', name: 'base:latest' },
  };
  const triggers = [{ type: 'ConfigChange' }, { type: 'ImageChange', imageChangeParams }];
  await client.create(DEPLOYMENT_CONFIGS, config('tagged', { triggers }));
  await rolledOut('tagged', 1);
  await client.patch(IMAGE_STREAMS, 'base', NAMESPACE, { spec: { tags: [from('alpine:3')] } });
  const next = await rolledOut('tagged', 2);
  assert.equal(next.spec.template.spec.containers[0]?.image, 'alpine:3');
  assert.equal(next.status?.details?.message, 'image change');
});

test('a tag whose image the sandbox does not have says so in the status', async () => {
  const { apiVersion, kind } = IMAGE_STREAMS;
  const tags = [{ name: 'v1', from: { kind: 'DockerImage', name: 'quay.example/nobody/knows:v1' } }];
  await client.create(IMAGE_STREAMS, {
    apiVersion,
    kind,
    metadata: { name: 'none', namespace: NAMESPACE },
    spec: { tags },
  });
  const tag = await eventually('the import', async () => {
    const { status } = await client.get(IMAGE_STREAMS, 'none', NAMESPACE);
    return status?.tags?.[0];
  });
  assert.equal(tag.items, null);
  assert.match(tag.conditions?.[0]?.message ?? '', /"quay.example\/nobody\/knows:v1" not found/);
});

test('what would build is refused or warned about', async () => {
  const builds = '/apis/build.openshift.io/v1/namespaces/shop/buildconfigs';
  const spec = { strategy: { type: 'Docker', dockerStrategy: {} } };
  const made = await post(builds, { metadata: { name: 'app' }, spec });
  assert.match(made.warning, /BuildConfig has no effect in the sandbox: nothing is built in the sandbox/);
  const answer = await post(`${builds}/app/instantiate`, { kind: 'BuildRequest', metadata: { name: 'app' } });
  assert.equal(answer.status, 501);
  assert.match(answer.message, /nothing is built in the sandbox/);
});

test('a posted Template is returned filled in', async () => {
  const answer = await post('/apis/template.openshift.io/v1/namespaces/shop/processedtemplates', {
    kind: 'Template',
    metadata: { name: 't' },
    parameters: [
      { name: 'APP', value: 'till' },
      { name: 'KEY', generate: 'expression', from: '[a-z]{8}' },
    ],
    objects: [{ kind: 'ConfigMap', metadata: { name: '${APP}' }, data: { key: '${KEY}' } }],
  });
  assert.equal(answer.status, 201);
  assert.equal(answer.body.objects[0].metadata.name, 'till');
  assert.match(answer.body.objects[0].data.key, /^[a-z]{8}$/);
  assert.equal(answer.body.parameters[1].value, answer.body.objects[0].data.key);
});

async function post(path: string, body: object) {
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(api.url + path, { method: 'POST', headers, body: JSON.stringify(body) });
  const answer: ReturnType<typeof JSON.parse> = await response.json();
  const warning = response.headers.get('warning') ?? '';
  return { status: response.status, message: String(answer.message), warning, body: answer };
}
