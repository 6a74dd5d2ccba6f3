/**
 * The operator's status for objects that are invalid or refer to other objects. The cases and messages are from the sail
 * operator's integration tests (tests/integration/api).
 */

import assert from 'node:assert/strict';
import test, { after, before } from 'node:test';
import { create, inUse, startSail, statusOf, stopSail, told } from '../../../test/support/sail.ts';
import type { Client, Resource } from '../../client/client.ts';
import { DAEMON_SETS, DEPLOYMENTS, NAMESPACES, PODS } from '../../client/kinds.ts';
import { eventually } from '../../controllers/fake-kubelet.ts';
import { ISTIO_CNIS, ISTIO_REVISIONS, ISTIOS, REVISION_TAGS, ztunnels } from './kinds.ts';

const ZTUNNELS = ztunnels('v1');
let client: Client;

before(async () => {
  client = await startSail();
});
after(stopSail);

test('values that contradict the object are refused', async () => {
  const values = { global: { istioNamespace: 'elsewhere' } };
  await assert.rejects(
    create(ISTIOS, 'default', { spec: { values } }),
    /spec\.values\.global\.istioNamespace must match spec\.namespace/,
  );
  const revision = (name: string, spec: object): Promise<void> =>
    create(ISTIO_REVISIONS, name, { spec: { version: 'v1.30.3', namespace: 'istio-system', ...spec } });
  const own = { istioNamespace: 'istio-system' };
  await assert.rejects(
    revision('a', { values: { ...values, revision: 'a' } }),
    /istioNamespace must match spec\.namespace/,
  );
  for (const [name, given] of [
    ['a', 'b'],
    ['default', 'default'],
  ] as const)
    await assert.rejects(
      revision(name, { values: { global: own, revision: given } }),
      /spec\.values\.revision must match metadata\.name or be empty when the name is 'default'/,
    );
  await assert.rejects(
    revision('a', { version: 'v1.30-latest', values: { global: own, revision: 'a' } }),
    /Unsupported value: "v1\.30-latest"/,
  );
});

test('an alias names the revision, and stands for the newest patch in it', async () => {
  const spec = { version: 'v1.30-latest', updateStrategy: { type: 'RevisionBased' } };
  await create(ISTIOS, 'alias', { spec });
  const revision = await eventually('the revision', () => client.find(ISTIO_REVISIONS, 'alias-v1-30-latest'));
  assert.deepEqual(revision.spec, {
    version: 'v1.30.3',
    namespace: 'istio-system',
    values: { global: { istioNamespace: 'istio-system' }, revision: 'alias-v1-30-latest' },
  });
  await client.delete(ISTIOS, 'alias');
});

test('of a control plane that is ready each condition says why, and scaling it to zero shows', async () => {
  await create(ISTIO_CNIS, 'default', { spec: {} });
  await create(ISTIOS, 'default', { spec: {} });
  assert.equal(await told(ISTIOS, 'default', 'Healthy', 'Ready'), 'True Ready: ');
  const { conditions } = (await statusOf(ISTIOS, 'default')) ?? {};
  assert.deepEqual(
    conditions?.map(({ type, reason }) => `${type} ${reason}`),
    ['Reconciled Reconciled', 'Ready Ready', 'DependenciesHealthy DependenciesHealthy'],
  );
  await client.patch(DEPLOYMENTS, 'istiod', 'istio-system', { spec: { replicas: 0 } });
  assert.equal(
    await told(ISTIOS, 'default', 'IstiodNotReady', 'Ready'),
    'False IstiodNotReady: istiod Deployment is scaled to zero replicas',
  );
});

test('the operator restores what a person deletes or changes', async () => {
  await client.patch(DAEMON_SETS, 'istio-cni-node', 'istio-cni', {
    spec: { template: { spec: { containers: [{ name: 'install-cni', image: 'other' }] } } },
  });
  const image = async (): Promise<string | undefined> =>
    (await client.find(DAEMON_SETS, 'istio-cni-node', 'istio-cni'))?.spec.template.spec.containers[0]?.image;
  await eventually('the image', async () => /istio-cni-rhel9/.test((await image()) ?? ''));
  await client.delete(DAEMON_SETS, 'istio-cni-node', 'istio-cni');
  await eventually('the DaemonSet', image);
  await client.delete(ISTIO_REVISIONS, 'default');
  assert.equal(await told(ISTIOS, 'default', 'Healthy', 'Ready'), 'True Ready: ');
});

test('a version past its end of life is accepted but not installed; the previous revision continues', async () => {
  await client.patch(ISTIOS, 'default', undefined, { spec: { version: 'v1.26-latest' } });
  assert.equal(
    await told(ISTIOS, 'default', 'ReconcileError'),
    'False ReconcileError: validation error: version "v1.26-latest" is end-of-life and cannot be installed; use a supported version',
  );
  assert.equal(
    await told(ISTIOS, 'default', 'ReconcileError', 'Ready'),
    'Unknown ReconcileError: cannot determine readiness due to reconciliation error',
  );
  assert.equal((await client.find(ISTIO_REVISIONS, 'default'))?.spec.version, 'v1.30.3');
  await client.patch(ISTIO_CNIS, 'default', undefined, { spec: { version: 'v1.26.3' } });
  assert.match(
    await told(ISTIO_CNIS, 'default', 'ReconcileError'),
    /error reconciling resource: validation error: version "v1.26.3"/,
  );
  await assert.rejects(create(ISTIOS, 'older', { spec: { version: 'v1.25.1' } }), /Unsupported value: "v1.25.1"/);
  await client.patch(ISTIO_CNIS, 'default', undefined, { spec: { version: 'v1.30.3' } });
  await client.patch(ISTIOS, 'default', undefined, { spec: { version: 'v1.30.3' } });
  assert.equal(await told(ISTIOS, 'default', 'Healthy', 'Ready'), 'True Ready: ');
});

test('the operator removes what it installed for an object before the object itself goes', async () => {
  const kept = async (of: Resource, name: string): Promise<readonly string[] | undefined> =>
    (await client.find(of, name))?.metadata.finalizers;
  assert.deepEqual(await kept(ISTIO_REVISIONS, 'default'), ['sailoperator.io/sail-operator']);
  assert.equal(await kept(ISTIOS, 'default'), undefined);
  await client.delete(ISTIO_CNIS, 'default');
  await eventually('no IstioCNI', async () => (await client.find(ISTIO_CNIS, 'default')) === undefined);
  assert.equal(await client.find(DAEMON_SETS, 'istio-cni-node', 'istio-cni'), undefined);
  await create(ISTIO_CNIS, 'default', { spec: {} });
  await told(ISTIO_CNIS, 'default', 'Healthy', 'Ready');
});

test('a tag whose target is missing says so, and does not know whether it is used', async () => {
  await create(REVISION_TAGS, 'prod', { spec: { targetRef: { kind: 'Istio', name: 'none' } } });
  assert.equal(
    await told(REVISION_TAGS, 'prod', 'RefNotFound'),
    'False RefNotFound: referenced Istio resource does not exist',
  );
  assert.equal(
    await told(REVISION_TAGS, 'prod', 'RefNotFound', 'InUse'),
    'Unknown UsageCheckFailed: failed to determine if revision tag is in use: Istio.sailoperator.io "none" not found',
  );
  await client.patch(REVISION_TAGS, 'prod', undefined, { spec: { targetRef: { kind: 'IstioRevision', name: 'no' } } });
  await eventually('the message', async () =>
    (await told(REVISION_TAGS, 'prod', 'RefNotFound')).includes('referenced IstioRevision resource does not exist'),
  );
});

test('a tag, used or not, keeps its revision in use', async () => {
  await inUse(ISTIO_REVISIONS, 'default', 'False');
  await client.patch(REVISION_TAGS, 'prod', undefined, { spec: { targetRef: { kind: 'Istio', name: 'default' } } });
  await told(REVISION_TAGS, 'prod', 'NotReferencedByAnything');
  await inUse(ISTIO_REVISIONS, 'default', 'True');
  await client.delete(REVISION_TAGS, 'prod');
  await inUse(ISTIO_REVISIONS, 'default', 'False');
});

/** Times have whole seconds. Within the same second, the UIDs decide. */
async function olderThan(of: Resource, name: string): Promise<void> {
  const { creationTimestamp = '' } = (await client.get(of, name)).metadata;
  await eventually('the next second', async () => Date.now() >= Date.parse(creationTimestamp) + 1000);
}

test('of a revision and a tag of one name the older one is installed', async () => {
  await olderThan(ISTIO_REVISIONS, 'default');
  await create(REVISION_TAGS, 'default', { spec: { targetRef: { kind: 'Istio', name: 'default' } } });
  assert.equal(
    await told(REVISION_TAGS, 'default', 'NameAlreadyExists'),
    'False NameAlreadyExists: an IstioRevision exists with this name',
  );
  await client.delete(REVISION_TAGS, 'default');
  await create(REVISION_TAGS, 'later', { spec: { targetRef: { kind: 'Istio', name: 'default' } } });
  await told(REVISION_TAGS, 'later', 'NotReferencedByAnything');
  await olderThan(REVISION_TAGS, 'later');
  await create(ISTIOS, 'later', { spec: {} });
  assert.equal(
    await told(ISTIOS, 'later', 'NameAlreadyExists'),
    'False NameAlreadyExists: an IstioRevisionTag exists with this name',
  );
  await client.delete(ISTIOS, 'later');
  await client.delete(REVISION_TAGS, 'later');
});

test('a pod counts by its own labels if its namespace has none, until it has succeeded', async () => {
  const spec = { containers: [{ name: 'app', image: 'i' }] };
  await create(NAMESPACES, 'named', { labels: { 'istio.io/rev': 'other' } });
  const labels = { 'istio.io/rev': 'default' };
  await create(PODS, 'elsewhere', { namespace: 'named', labels, spec });
  await create(PODS, 'job', { namespace: 'apps', labels, spec });
  await inUse(ISTIO_REVISIONS, 'default', 'True');
  await eventually('the pod runs', async () => (await client.get(PODS, 'job', 'apps')).status?.phase === 'Running');
  await client.patch(PODS, 'job', 'apps', { status: { phase: 'Succeeded' } }, { subresource: 'status' });
  await inUse(ISTIO_REVISIONS, 'default', 'False');
  await create(PODS, 'again', { namespace: 'apps', labels, spec });
  await inUse(ISTIO_REVISIONS, 'default', 'True');
  await client.delete(PODS, 'again', 'apps');
  await inUse(ISTIO_REVISIONS, 'default', 'False');
});

test('a ZTunnel that refers to nothing is not installed, and says what is missing', async () => {
  await create(ZTUNNELS, 'default', { spec: { targetRef: { kind: 'Istio', name: 'none' } } });
  assert.equal(
    await told(ZTUNNELS, 'default', 'ReconcileError'),
    'False ReconcileError: error reconciling resource: Istio.sailoperator.io "none" not found',
  );
  assert.equal(
    await told(ZTUNNELS, 'default', 'ReconcileError', 'Ready'),
    'False DaemonSetNotReady: ztunnel DaemonSet not found',
  );
  await client.patch(ZTUNNELS, 'default', undefined, { spec: { targetRef: { kind: 'Istio', name: 'default' } } });
  await told(ZTUNNELS, 'default', 'Healthy');
  assert.equal((await client.get(ZTUNNELS, 'default')).status?.istioRevision, 'default');
});

test('ambient mode in a namespace waits for a ZTunnel', async () => {
  await client.delete(ZTUNNELS, 'default');
  await client.patch(ISTIOS, 'default', undefined, { spec: { profile: 'ambient' } });
  assert.equal(
    await told(ISTIOS, 'default', 'ZTunnelNotFound', 'DependenciesHealthy'),
    'False ZTunnelNotFound: ZTunnel resource does not exist',
  );
});
