/**
 * Several control planes of Service Mesh 3 on one cluster, and an update by revision and tag. Follows the sail operator's own
 * end-to-end tests of objects, proxies and traffic.
 */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { eventually } from '../../sandbox/controllers/fake-kubelet.ts';
import { startTestCluster, type TestCluster } from '../support/test-cluster.ts';

const IMAGES = join(import.meta.dirname, '..', 'conformance', 'mesh', 'environment', 'images.yaml');

let cluster: TestCluster;
const get = (what: string, path: string): Promise<string> =>
  cluster.kubectl(...`get ${what} --ignore-not-found -o`.split(' '), `jsonpath=${path}`);
const until = (what: string, path: string, wanted: string): Promise<unknown> =>
  eventually(`${what}: ${wanted}`, async () => (await get(what, path)) === wanted);
const condition = (type: string): string => `{.status.conditions[?(@.type=="${type}")].status}`;

const istio = (name: string, more: string): string => `
apiVersion: sailoperator.io/v1
kind: Istio
metadata: { name: ${name} }
spec:
  namespace: plane-${name}
  ${more}
  values: { meshConfig: { discoverySelectors: [{ matchLabels: { mesh: ${name} } }] } }
---
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: { name: default, namespace: plane-${name} }
spec: { mtls: { mode: STRICT } }
`;

const app = (namespace: string): string => `
apiVersion: apps/v1
kind: Deployment
metadata: { name: web, namespace: ${namespace} }
spec:
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec: { terminationGracePeriodSeconds: 1, containers: [{ name: server, image: conformance.test/server }] }
---
apiVersion: v1
kind: Service
metadata: { name: web, namespace: ${namespace} }
spec: { selector: { app: web }, ports: [{ name: http, port: 8000, targetPort: 7070 }] }
`;

before(async () => {
  cluster = await startTestCluster('meshes', { release: '3.3', images: [IMAGES] });
  await cluster.feed(`
apiVersion: operators.coreos.com/v1alpha1
kind: Subscription
metadata: { name: servicemeshoperator3, namespace: openshift-operators }
spec: { channel: stable, name: servicemeshoperator3, source: redhat-operators, sourceNamespace: openshift-marketplace }
`);
  await until('subscription servicemeshoperator3 -n openshift-operators', '{.status.state}', 'AtLatestKnown');
  for (const name of ['istio-cni', 'plane-one', 'plane-two', 'one', 'two-a', 'two-b'])
    await cluster.kubectl('create', 'namespace', name);
  for (const name of ['one', 'two']) await cluster.kubectl('label', 'namespace', `plane-${name}`, `mesh=${name}`);
  await cluster.feed('{ apiVersion: sailoperator.io/v1, kind: IstioCNI, metadata: { name: default }, spec: {} }');
});
after(() => cluster?.stop());

test('two control planes become ready, each for the namespaces that it selects', async () => {
  await cluster.feed(istio('one', 'version: v1.28.10'));
  await cluster.feed(
    istio(
      'two',
      'version: v1.27.9\n  updateStrategy: { type: RevisionBased, inactiveRevisionDeletionGracePeriodSeconds: 1 }',
    ),
  );
  for (const name of ['one', 'two']) await until(`istio ${name}`, '{.status.state}', 'Healthy');
  assert.equal(await get('istio two', '{.status.activeRevisionName}'), 'two-v1-27-9');
});

test('a tag refers to a revision, and is in use as soon as a namespace refers to the tag', async () => {
  await cluster.feed(`
apiVersion: sailoperator.io/v1
kind: IstioRevisionTag
metadata: { name: stable }
spec: { targetRef: { kind: Istio, name: two } }
`);
  await until('istiorevisiontag stable', condition('InUse'), 'False');
  assert.equal(await get('istiorevisiontag stable', '{.status.istioRevision}'), 'two-v1-27-9');
  for (const [namespace, mesh, revision] of [
    ['one', 'one', 'one'],
    ['two-a', 'two', 'stable'],
    ['two-b', 'two', 'stable'],
  ] as const) {
    await cluster.kubectl('label', 'namespace', namespace, `mesh=${mesh}`, `istio.io/rev=${revision}`);
    await cluster.feed(app(namespace));
  }
  for (const namespace of ['one', 'two-a', 'two-b'])
    await cluster.kubectl('rollout', 'status', 'deploy/web', '-n', namespace, '--timeout=60s');
  await until('istiorevisiontag stable', condition('InUse'), 'True');
  await until('istiorevision one', condition('InUse'), 'True');
});

const ask = (namespace: string): Promise<string> => {
  const words = ['exec', '-n', 'two-a', 'deploy/web', '-c', 'server', '--', 'curl', '-s', '-o', '/dev/null', '-w'];
  return cluster.kubectl(...words, '%{http_code}', `http://web.${namespace}:8000/`);
};

test('an app reaches its own mesh but not the other, whose pods accept only mutual TLS', async () => {
  await eventually('two-b answers', async () => (await ask('two-b')) === '200');
  assert.equal(await ask('one'), '503');
});

test('a proxy reports the version of its Istio', async () => {
  const words = ['exec', '-n', 'two-a', 'deploy/web', '-c', 'istio-proxy', '--', 'pilot-agent', 'version'];
  assert.match(await cluster.kubectl(...words), /Version:"1\.27\.9"/);
});

test('a new version is a new revision; the old one is removed when no pod uses it any more', async () => {
  await cluster.kubectl('patch', 'istio', 'two', '--type=merge', '-p', '{"spec":{"version":"v1.28.10"}}');
  await until('istio two', '{.status.activeRevisionName} {.status.revisions.total}', 'two-v1-28-10 2');
  await until('istio two', '{.status.revisions.inUse}', '2');
  await until('istiorevisiontag stable', '{.status.istioRevision}', 'two-v1-28-10');
  const image = (namespace: string): string => `pods -n ${namespace} -l app=web`;
  const proxy = '{.items[*].spec.initContainers[?(@.name=="istio-proxy")].image}';
  assert.match(await get(image('two-a'), proxy), /:1\.27\.9$/);
  for (const namespace of ['two-a', 'two-b'])
    await cluster.kubectl('rollout', 'restart', 'deploy/web', '-n', namespace);
  for (const namespace of ['two-a', 'two-b'])
    await cluster.kubectl('rollout', 'status', 'deploy/web', '-n', namespace, '--timeout=60s');
  await until('istio two', '{.status.revisions.total} {.status.revisions.inUse}', '1 1');
  await until('deployments -n plane-two -l app=istiod', '{.items[*].metadata.name}', 'istiod-two-v1-28-10');
  assert.match(await get(image('two-a'), proxy), /:1\.28\.10$/);
  await eventually('two-b answers', async () => (await ask('two-b')) === '200');
});

test('deleting an Istio removes everything that belongs to it', async () => {
  await cluster.kubectl('delete', 'istio', 'one', '--wait=true', '--timeout=30s');
  await until('deployments,services,configmaps -n plane-one -l istio.io/rev=one', '{.items[*].metadata.name}', '');
  await until('istiorevision', '{.items[*].metadata.name}', 'two-v1-28-10');
  const webhooks = await get(
    'mutatingwebhookconfigurations,validatingwebhookconfigurations',
    '{.items[*].metadata.name}',
  );
  assert.doesNotMatch(webhooks, /-one\b/);
});
