/** A complete Service Mesh, including operators, created on somebody else's cluster through the guard and removed again. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Guard } from '../../guard/guard.ts';
import { differences, ForeignCluster, kubectl } from '../support/foreign.ts';

const IMAGES = join(import.meta.dirname, '../../labs/openshift-service-mesh/images.yaml');
const OPERATORS = 'openshift-operators';

let cluster: ForeignCluster;
before(async () => {
  cluster = await ForeignCluster.start('foreign-mesh', [IMAGES]);
});
after(() => cluster[Symbol.asyncDispose]());

const subscription = (name: string) => ({
  apiVersion: 'operators.coreos.com/v1alpha1',
  kind: 'Subscription',
  metadata: { name, namespace: OPERATORS },
  spec: { name, channel: 'stable', source: 'redhat-operators', sourceNamespace: 'openshift-marketplace' },
});
const plane = (namespace: string) => ({
  apiVersion: 'maistra.io/v2',
  kind: 'ServiceMeshControlPlane',
  metadata: { name: 'basic', namespace },
  spec: { version: 'v2.0', tracing: { type: 'Jaeger' }, addons: { kiali: { enabled: true } } },
});
const roll = {
  apiVersion: 'maistra.io/v1',
  kind: 'ServiceMeshMemberRoll',
  metadata: { name: 'default', namespace: 'istio-system' },
  spec: { members: ['shop'] },
};

/** As the lab does: three operators, two projects, a control plane and its members; then a stricter policy. */
async function makeMesh(guard: Guard): Promise<void> {
  const lab = async (command: string, input?: object): Promise<void> => {
    const { exit, out } = await kubectl(guard.kubeconfig, command.split(' '), input && JSON.stringify(input));
    assert.equal(exit, 0, `${command}: ${out}`);
  };
  for (const name of ['jaeger-product', 'kiali-ossm', 'servicemeshoperator'])
    await lab('create -f -', subscription(name));
  await lab(`wait --for=jsonpath={.status.state}=AtLatestKnown -n ${OPERATORS} subscription --all --timeout=60s`);
  await lab(`wait --for=jsonpath={.status.phase}=Succeeded -n ${OPERATORS} csv --all --timeout=60s`);
  for (const name of ['istio-system', 'shop']) {
    const request = { apiVersion: 'project.openshift.io/v1', kind: 'ProjectRequest', metadata: { name } };
    await lab('create --raw /apis/project.openshift.io/v1/projectrequests -f -', request);
  }
  await lab('create -f -', plane('istio-system'));
  await lab('create -f -', roll);
  await lab('wait --for=condition=Ready smcp/basic -n istio-system --timeout=90s');
  await lab('patch peerauthentication default -n istio-system --type=merge -p {"spec":{"mtls":{"mode":"STRICT"}}}');
}

test('cleanup removes a mesh completely, including what its operators leave behind', async () => {
  const untouched = await cluster.dump();
  const guard = await cluster.guard();
  await makeMesh(guard);
  const report = await guard.cleanup();
  await guard.stop();
  assert.deepEqual(report.left, []);
  assert.deepEqual(differences(untouched, await cluster.dump()), []);
});

test('operators that someone else has started to use remain until no one uses them', async () => {
  const untouched = await cluster.dump();
  const guard = await cluster.guard();
  await makeMesh(guard);
  await cluster.admin('create', 'namespace', 'theirs');
  await kubectl(cluster.kubeconfig, ['create', '-f', '-'], JSON.stringify(plane('theirs')));
  const report = await guard.cleanup();
  assert.equal(report.complete, false);
  assert.match(
    report.left.map(({ object, why }) => `${object}: ${why}`).join('\n'),
    /subscriptions.* "servicemeshoperator".*: servicemeshcontrolplanes.* "basic" in namespace "theirs" needs it/,
  );
  const kept = await cluster.admin('wait', '--for=condition=Ready', 'smcp/basic', '-n', 'theirs', '--timeout=60s');
  assert.equal(kept.exit, 0, kept.out);
  await cluster.admin('delete', 'smcp', 'basic', '-n', 'theirs');
  await cluster.admin('delete', 'namespace', 'theirs');
  assert.deepEqual((await guard.cleanup()).left, []);
  await guard.stop();
  assert.deepEqual(differences(untouched, await cluster.dump()), []);
});
