/** The guard between a lab and somebody else's cluster, with real kubectl on one side and a cluster on the other. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { differences, ForeignCluster, firstLine, kubectl, type Said } from '../support/foreign.ts';

let cluster: ForeignCluster;
before(async () => {
  cluster = await ForeignCluster.start('foreign-guard', [`${import.meta.dirname}/../harbour/images.yaml`]);
  await cluster.admin('create', 'namespace', 'shop');
  await cluster.admin('create', 'deployment', 'till', '-n', 'shop', '--image=harbour.test/crane:1');
  await cluster.admin('create', 'configmap', 'prices', '-n', 'shop', '--from-literal=tea=2', '--from-literal=cake=3');
  await cluster.admin('wait', '--for=condition=Available', '-n', 'shop', 'deployment/till');
});
after(() => cluster[Symbol.asyncDispose]());

const said = (expected: RegExp, { exit, out }: Said, code = 0) => {
  assert.match(out, expected);
  assert.equal(exit, code, out);
};
const configMap = (name: string, data: object, namespace = 'shop') =>
  JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace }, data });

test('objects created through the guard are removed with it, and nothing else', async () => {
  const before = await cluster.dump();
  const guard = await cluster.guard();
  const lab = (...args: string[]) => kubectl(guard.kubeconfig, args);
  said(/namespace\/fair created/, await lab('create', 'namespace', 'fair'));
  said(
    /deployment.apps\/stall created/,
    await lab('create', 'deployment', 'stall', '-n', 'fair', '--image=harbour.test/crane:1'),
  );
  said(
    /condition met/,
    await lab('wait', '--for=condition=Available', '-n', 'fair', 'deployment/stall', '--timeout=30s'),
  );
  said(/configmap\/ours created/, await lab('create', 'configmap', 'ours', '-n', 'shop'));
  said(/clusterrole.*created/, await lab('create', 'clusterrole', 'fairgoer', '--verb=get', '--resource=pods'));
  said(/hello/, await lab('exec', '-n', 'fair', 'deploy/stall', '--', 'echo', 'hello'));
  said(/deployment.apps\/stall scaled/, await lab('scale', '-n', 'fair', 'deployment/stall', '--replicas=2'));
  said(/configmap "ours" deleted/, await lab('delete', 'configmap', 'ours', '-n', 'shop'));
  said(/configmap\/ours created/, await lab('create', 'configmap', 'ours', '-n', 'shop'));
  said(/namespace "fair" deleted/, await lab('delete', 'namespace', 'fair'));
  said(/namespace\/fair created/, await lab('create', 'namespace', 'fair'));
  await cluster.admin('create', 'configmap', 'within', '-n', 'fair');
  said(/configmap "within" deleted/, await lab('delete', 'configmap', 'within', '-n', 'fair'));
  const report = await guard.cleanup();
  assert.deepEqual(report.left, []);
  assert.equal(report.complete, true);
  await guard.stop();
  assert.deepEqual(differences(before, await cluster.dump()), []);
  assert.deepEqual((await guard.cleanup().catch(() => ({ left: [] }))).left, []);
});

test('an object that a browser creates past the guard belongs to the run if it was announced and did not exist before', async () => {
  const before = await cluster.dump();
  const guard = await cluster.guard();
  const object = (name: string) => ({ apiVersion: 'v1', kind: 'ConfigMap', name, namespace: 'shop' });
  const over = await guard.announce([
    object('clicked'),
    object('prices'),
    object('never'),
    { apiVersion: 'v1', kind: 'Namespace', name: 'clicked-town' },
  ]);
  await cluster.admin('create', 'configmap', 'clicked', '-n', 'shop');
  await cluster.admin('create', 'namespace', 'clicked-town');
  await cluster.admin('create', 'configmap', 'within', '-n', 'clicked-town');
  await over();
  await cluster.admin('create', 'configmap', 'never', '-n', 'shop');
  const lab = (...args: string[]) => kubectl(guard.kubeconfig, args);
  said(/labeled/, await lab('label', 'configmap', 'clicked', '-n', 'shop', 'of=lab'));
  said(/refused to change/, await lab('label', 'configmap', 'prices', '-n', 'shop', 'of=lab'), 1);
  said(/refused to change/, await lab('label', 'configmap', 'never', '-n', 'shop', 'of=lab'), 1);
  const report = await guard.cleanup();
  assert.deepEqual(report.left, []);
  await guard.stop();
  await cluster.admin('delete', 'configmap', 'never', '-n', 'shop');
  assert.deepEqual(differences(before, await cluster.dump()), []);
});

test('an announced object that was created is removed even if the run was killed before it could record it', async () => {
  const before = await cluster.dump();
  const guard = await cluster.guard();
  await guard.announce([{ apiVersion: 'v1', kind: 'ConfigMap', name: 'clicked', namespace: 'shop' }]);
  await cluster.admin('create', 'configmap', 'clicked', '-n', 'shop');
  const report = await guard.cleanup();
  assert.deepEqual(report.left, []);
  await guard.stop();
  assert.deepEqual(differences(before, await cluster.dump()), []);
});

test('objects of others can be read, but not changed, deleted or entered', async () => {
  const before = await cluster.dump();
  const guard = await cluster.guard();
  const lab = (...args: string[]) => kubectl(guard.kubeconfig, args);
  const refused = (what: string) => new RegExp(`Labwright refused to ${what}.*--adopt.*LW-GUARD-REFUSED`, 's');
  said(/till/, await lab('get', 'deployment', '-n', 'shop'));
  said(/prices/, await lab('get', 'cm', '-n', 'shop', '-o', 'yaml'));
  const patch = ['patch', 'cm', 'prices', '-n', 'shop', '--type=merge', '-p', '{"data":{"tea":"9"}}'];
  said(refused('change'), await lab(...patch), 1);
  said(refused('change'), await lab('scale', 'deployment/till', '-n', 'shop', '--replicas=0'), 1);
  said(refused('change'), await lab('label', 'namespace', 'shop', 'owner=lab'), 1);
  said(refused('delete'), await lab('delete', 'namespace', 'shop', '--wait=false'), 1);
  said(refused('delete'), await lab('delete', 'cm', 'prices', '-n', 'shop'), 1);
  said(refused('delete'), await lab('delete', 'deployment', '--all', '-n', 'shop'), 1);
  said(refused('delete'), await lab('delete', 'pod', '--all', '-n', 'shop'), 1);
  said(/refused to exec/, await lab('exec', '-n', 'shop', 'deploy/till', '--', 'echo', 'hello'), 1);
  said(
    /refused to change/,
    await kubectl(guard.kubeconfig, ['replace', '-f', '-'], configMap('prices', { tea: '9' })),
    1,
  );
  said(
    /refused to change/,
    await kubectl(guard.kubeconfig, ['apply', '-f', '-'], configMap('prices', { tea: '9' })),
    1,
  );
  said(
    /refused to change/,
    await kubectl(
      guard.kubeconfig,
      ['apply', '--server-side', '--force-conflicts', '-f', '-'],
      configMap('prices', { tea: '9' }),
    ),
    1,
  );
  said(/AlreadyExists/, await kubectl(guard.kubeconfig, ['create', '-f', '-'], configMap('prices', { tea: '9' })), 1);
  said(refused('delete'), await lab('delete', '--raw', '/api/v1/namespaces/shop/configmaps'), 1);
  said(refused('delete'), await lab('delete', 'crd', 'routes.route.openshift.io'), 1);
  assert.deepEqual((await guard.cleanup()).deleted, []);
  await guard.stop();
  assert.deepEqual(differences(before, await cluster.dump()), []);
});

test('a declared change is made and undone; changes by others in the meantime stay', async () => {
  const before = await cluster.dump();
  const declared = {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    name: 'prices',
    namespace: 'shop',
    reason: 'the guide says so',
  };
  const guard = await cluster.guard({ declaredChanges: [declared] });
  const lab = (...args: string[]) => kubectl(guard.kubeconfig, args);
  said(
    /patched/,
    await lab('patch', 'cm', 'prices', '-n', 'shop', '--type=merge', '-p', '{"data":{"tea":"9","milk":"1"}}'),
  );
  said(/labeled/, await lab('label', 'cm', 'prices', '-n', 'shop', 'of=lab'));
  said(/never deleted/, await lab('delete', 'cm', 'prices', '-n', 'shop'), 1);
  await cluster.admin('annotate', 'cm', 'prices', '-n', 'shop', 'season=winter');
  const seen = guard.observed(0);
  assert.ok(seen?.kind === 'api');
  assert.deepEqual(
    seen.calls.map(({ object, refused, fields = [] }) => [object, refused ?? fields.map(({ path }) => path).join()]),
    [
      ['configmaps "prices" in namespace "shop"', 'data.milk,data.tea'],
      ['configmaps "prices" in namespace "shop"', 'metadata.labels'],
      ['configmaps "prices" in namespace "shop"', 'LW-GUARD-REFUSED'],
    ],
  );
  const report = await guard.cleanup();
  assert.deepEqual(report.restored, ['configmaps "prices" in namespace "shop"']);
  await guard.stop();
  said(
    /winter/,
    await cluster.admin('get', 'cm', 'prices', '-n', 'shop', '-o', 'jsonpath={.metadata.annotations.season}'),
  );
  await cluster.admin('annotate', 'cm', 'prices', '-n', 'shop', 'season-');
  assert.deepEqual(differences(before, await cluster.dump()), []);
});

test('with --adopt, an existing object is used instead of the lab’s own, and is restored', async () => {
  const before = await cluster.dump();
  const guard = await cluster.guard({ adopt: true });
  said(
    /configmap\/prices created/,
    await kubectl(guard.kubeconfig, ['create', '-f', '-'], configMap('prices', { tea: '9' })),
  );
  said(/namespace\/shop created/, await kubectl(guard.kubeconfig, ['create', 'namespace', 'shop']));
  said(/^9$/, await cluster.admin('get', 'cm', 'prices', '-n', 'shop', '-o', 'jsonpath={.data.tea}'));
  // In the binary format, as newer kubectls send it.
  const binary = ['create', 'configmap', 'prices', '-n', 'shop', '--from-literal=tea=8'];
  said(/configmap\/prices created/, await kubectl(guard.kubeconfig, binary));
  said(/^8$/, await cluster.admin('get', 'cm', 'prices', '-n', 'shop', '-o', 'jsonpath={.data.tea}'));
  said(/never deleted/, await kubectl(guard.kubeconfig, ['delete', 'namespace', 'shop', '--wait=false']), 1);
  assert.deepEqual((await guard.cleanup()).left, []);
  await guard.stop();
  assert.deepEqual(differences(before, await cluster.dump()), []);
});

test('going back to a mark undoes later changes', async () => {
  const guard = await cluster.guard();
  const lab = (...args: string[]) => kubectl(guard.kubeconfig, args);
  await lab('create', 'namespace', 'stage');
  await lab('create', 'cm', 'kept', '-n', 'stage', '--from-literal=a=1');
  await lab('create', 'cm', 'lost', '-n', 'stage', '--from-literal=b=2');
  const mark = await guard.mark();
  await lab('create', 'cm', 'new', '-n', 'stage');
  await lab('patch', 'cm', 'kept', '-n', 'stage', '--type=merge', '-p', '{"data":{"a":"7"}}');
  await lab('delete', 'cm', 'lost', '-n', 'stage');
  assert.deepEqual((await guard.rewind(mark)).left, []);
  const { out } = await lab(
    'get',
    'cm',
    '-n',
    'stage',
    '-o',
    'jsonpath={range .items[*]}{.metadata.name}{.data}{"\\n"}{end}',
  );
  assert.deepEqual(
    out.split('\n').filter((line) => /^(kept|lost|new)/.test(line)),
    ['kept{"a":"1"}', 'lost{"b":"2"}'],
  );
  assert.deepEqual((await guard.cleanup()).left, []);
  await guard.stop();
});

test('watches, logs -f and port-forward pass through; clients without the token are refused', async () => {
  const guard = await cluster.guard();
  const lab = (...args: string[]) => kubectl(guard.kubeconfig, args);
  await lab('create', 'namespace', 'quay');
  await lab('create', 'deployment', 'crane', '-n', 'quay', '--image=harbour.test/crane:1');
  await lab('wait', '--for=condition=Available', '-n', 'quay', 'deployment/crane', '--timeout=30s');
  const watched = firstLine(guard.kubeconfig, ['get', 'configmaps', '-n', 'quay', '-w'], /^seen /);
  await lab('create', 'configmap', 'seen', '-n', 'quay');
  assert.match(await watched, /^seen /);
  const forwarded = ['port-forward', '-n', 'quay', 'deployment/crane', ':8080'];
  assert.match(await firstLine(guard.kubeconfig, forwarded, /^Forwarding/), /127\.0\.0\.1/);
  said(/refused to portforward/, await lab('port-forward', '-n', 'shop', 'deployment/till', ':8080'), 1);
  assert.equal((await kubectl(guard.kubeconfig, ['get', 'ns', '--token=wrong'])).exit, 1);
  assert.ok(guard.calls().every(({ status }) => status !== 401));
  assert.deepEqual((await guard.cleanup()).left, []);
  await guard.stop();
});
