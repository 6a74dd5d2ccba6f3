import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { deployment, MERGE, PODS, pod, STRATEGIC, startServer } from '../testing.ts';

const server = await startServer();
after(() => server.api.stop());
const { request } = server;
const DEPLOYMENTS = '/apis/apps/v1/namespaces/default/deployments';
const CONFIG_MAPS = '/api/v1/namespaces/default/configmaps';

test('a created object gets uid, version, timestamp and the defaults people look at', async () => {
  const { status, body } = await request('POST', DEPLOYMENTS, deployment('made'));
  assert.equal(status, 201);
  assert.ok(body.metadata.uid && body.metadata.resourceVersion && body.metadata.creationTimestamp);
  assert.equal(body.metadata.generation, 1);
  assert.equal(body.spec.replicas, 1);
  assert.deepEqual(body.spec.strategy, {
    type: 'RollingUpdate',
    rollingUpdate: { maxUnavailable: '25%', maxSurge: '25%' },
  });
  assert.equal(body.spec.template.spec.containers[0].imagePullPolicy, 'Always');
});

test('a second object of one name is AlreadyExists, a missing one NotFound', async () => {
  await request('POST', CONFIG_MAPS, { metadata: { name: 'twice' } });
  const { status, body } = await request('POST', CONFIG_MAPS, { metadata: { name: 'twice' } });
  assert.deepEqual([status, body.reason, body.message], [409, 'AlreadyExists', 'configmaps "twice" already exists']);
  const missing = await request('GET', `${DEPLOYMENTS}/none`);
  assert.deepEqual([missing.status, missing.body.message], [404, 'deployments.apps "none" not found']);
});

test('an update with an old resourceVersion is a Conflict, and a spec change increases the generation', async () => {
  const { body } = await request('POST', DEPLOYMENTS, deployment('changed'));
  const first = await request('PUT', `${DEPLOYMENTS}/changed`, { ...body, spec: { ...body.spec, replicas: 3 } });
  assert.equal(first.body.metadata.generation, 2);
  const { status, body: failure } = await request('PUT', `${DEPLOYMENTS}/changed`, body);
  assert.equal(status, 409);
  assert.match(
    failure.message,
    /^Operation cannot be fulfilled on deployments\.apps "changed": the object has been modified/,
  );
});

test('status and spec are changed only at their own endpoints', async () => {
  const { body } = await request('POST', DEPLOYMENTS, deployment('halves'));
  const wanted = { ...body, spec: { ...body.spec, replicas: 9 }, status: { replicas: 1 } };
  const status = await request('PUT', `${DEPLOYMENTS}/halves/status`, wanted);
  assert.deepEqual(
    [status.body.spec.replicas, status.body.status.replicas, status.body.metadata.generation],
    [1, 1, 1],
  );
});

test('an unknown field is refused, warned of or ignored as fieldValidation says', async () => {
  const object = { ...deployment('typo'), spec: { ...Object(deployment('typo')['spec']), replicass: 1 } };
  const strict = await request('POST', `${DEPLOYMENTS}?fieldValidation=Strict`, object);
  assert.equal(
    strict.body.message,
    'Deployment in version "v1" cannot be handled as a Deployment: strict decoding error: unknown field "spec.replicass"',
  );
  const warned = await request('POST', `${DEPLOYMENTS}?dryRun=All`, object);
  assert.equal(warned.headers.get('warning'), '299 - "unknown field \\"spec.replicass\\""');
  assert.equal((await request('GET', `${DEPLOYMENTS}/typo`)).status, 404);
});

test('a value of the wrong type and a selector that misses its template are refused with the real messages', async () => {
  const object = deployment('wrong');
  const typed = await request('POST', DEPLOYMENTS, { ...object, spec: { ...Object(object['spec']), replicas: 'two' } });
  assert.match(
    typed.body.message,
    /json: cannot unmarshal string into Go struct field DeploymentSpec\.spec\.replicas of type int32/,
  );
  const selector = { matchLabels: { app: 'other' } };
  const missed = await request('POST', DEPLOYMENTS, { ...object, spec: { ...Object(object['spec']), selector } });
  assert.equal(missed.status, 422);
  assert.match(missed.body.message, /`selector` does not match template `labels`/);
});

test('strategic patches merge lists by key, merge patches replace them', async () => {
  await request('POST', DEPLOYMENTS, deployment('patched'));
  const env = (value: unknown) => ({
    spec: { template: { spec: { containers: [{ name: 'main', image: 'example', env: value }] } } },
  });
  const strategic = await request('PATCH', `${DEPLOYMENTS}/patched`, env([{ name: 'B', value: '2' }]), STRATEGIC);
  const names = (body: { spec: { template: { spec: { containers: { env: { name: string }[] }[] } } } }) =>
    body.spec.template.spec.containers[0]?.env.map((one) => one.name);
  assert.deepEqual(names(strategic.body)?.sort(), ['A', 'B']);
  const merged = await request('PATCH', `${DEPLOYMENTS}/patched`, env([{ name: 'C' }]), MERGE);
  assert.deepEqual(names(merged.body), ['C']);
  const deleted = await request(
    'PATCH',
    `${DEPLOYMENTS}/patched`,
    env([{ name: 'C', $patch: 'delete' }, { name: 'D' }]),
    STRATEGIC,
  );
  assert.deepEqual(names(deleted.body), ['D']);
});

test('server-side apply removes what its manager no longer names and refuses what another owns', async () => {
  const apply = { 'content-type': 'application/apply-patch+yaml' };
  const path = `${CONFIG_MAPS}/applied?fieldManager=`;
  const map = (data: Record<string, string>) => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'applied' },
    data,
  });
  await request('PATCH', `${path}one`, map({ a: '1', b: '2' }), apply);
  const second = await request('PATCH', `${path}one`, map({ a: '1' }), apply);
  assert.deepEqual(second.body.data, { a: '1' });
  const refused = await request('PATCH', `${path}two`, map({ a: '9' }), apply);
  assert.deepEqual(
    [refused.status, refused.body.message],
    [409, 'Apply failed with 1 conflict: conflict with "one": .data.a'],
  );
  assert.equal((await request('PATCH', `${path}two&force=true`, map({ a: '9' }), apply)).body.data.a, '9');
});

test('a pod on a node gets its grace period, one without a node is deleted at once', async () => {
  await request('POST', PODS, pod('free'));
  assert.equal((await request('DELETE', `${PODS}/free`)).body.kind, 'Pod');
  await request('POST', PODS, pod('bound', { nodeName: 'one' }));
  const dying = await request('DELETE', `${PODS}/bound`);
  assert.equal(dying.body.metadata.deletionGracePeriodSeconds, 30);
  assert.equal((await request('GET', `${PODS}/bound`)).status, 200);
  await request('DELETE', `${PODS}/bound`, { gracePeriodSeconds: 0 });
  assert.equal((await request('GET', `${PODS}/bound`)).status, 404);
});

test('finalizers hold an object until they are gone', async () => {
  await request('POST', CONFIG_MAPS, { metadata: { name: 'held', finalizers: ['example.com/hold'] } });
  const { body } = await request('DELETE', `${CONFIG_MAPS}/held`);
  assert.ok(body.metadata.deletionTimestamp);
  await request('PATCH', `${CONFIG_MAPS}/held`, { metadata: { finalizers: null } }, MERGE);
  assert.equal((await request('GET', `${CONFIG_MAPS}/held`)).status, 404);
});

test('a terminating namespace accepts no new objects, and is deleted when it is finalized', async () => {
  await request('POST', '/api/v1/namespaces', { metadata: { name: 'ending' } });
  const { body } = await request('DELETE', '/api/v1/namespaces/ending');
  assert.equal(body.status.phase, 'Terminating');
  const refused = await request('POST', '/api/v1/namespaces/ending/configmaps', { metadata: { name: 'late' } });
  assert.match(
    refused.body.message,
    /configmaps "late" is forbidden: unable to create new content in namespace ending because it is being terminated/,
  );
  await request('PUT', '/api/v1/namespaces/ending/finalize', { ...body, spec: { finalizers: [] } });
  assert.equal((await request('GET', '/api/v1/namespaces/ending')).status, 404);
});

test('services get addresses and node ports, and a taken address is refused', async () => {
  const path = '/api/v1/namespaces/default/services';
  const service = (name: string, spec: object) => ({ metadata: { name }, spec: { ports: [{ port: 80 }], ...spec } });
  const { body } = await request('POST', path, service('front', { type: 'LoadBalancer' }));
  assert.match(body.spec.clusterIP, /^172\.30\./);
  assert.ok(body.spec.ports[0].nodePort >= 30000 && body.spec.ports[0].targetPort === 80);
  const taken = await request('POST', path, service('again', { clusterIP: body.spec.clusterIP }));
  assert.match(taken.body.message, /provided IP is already allocated/);
  const headless = await request('POST', path, service('headless', { clusterIP: 'None' }));
  assert.equal(headless.body.spec.clusterIP, 'None');
});

test('lists select by labels and fields and come in pages', async () => {
  for (const name of ['l1', 'l2', 'l3'])
    await request('POST', PODS, { ...pod(name), metadata: { name, labels: { set: 'list' } } });
  const list = async (query: string) => (await request('GET', `${PODS}?${query}`)).body;
  const names = (body: { items: { metadata: { name: string } }[] }) => body.items.map((one) => one.metadata.name);
  assert.deepEqual(
    names(await list(`labelSelector=${encodeURIComponent('set in (list,x),!none')}&fieldSelector=metadata.name!=l2`)),
    ['l1', 'l3'],
  );
  const first = await list('labelSelector=set%3Dlist&limit=2');
  assert.deepEqual(names(first), ['l1', 'l2']);
  assert.deepEqual(names(await list(`labelSelector=set%3Dlist&limit=2&continue=${first.metadata.continue}`)), ['l3']);
});

test('a request that is not supported is answered with a Status that says so', async () => {
  const { status, body } = await request('GET', '/apis/nothing.example.com/v1/things');
  assert.deepEqual([status, body.kind, body.reason], [404, 'Status', 'NotFound']);
});

test('an owner without its version, name and uid is refused with a cause for each', async () => {
  const { status, body } = await request('POST', CONFIG_MAPS, {
    metadata: { name: 'owned', ownerReferences: [{ kind: 'Pod' }] },
  });
  const of = 'metadata.ownerReferences';
  assert.deepEqual(
    [status, body.message],
    [
      422,
      `ConfigMap "owned" is invalid: [${of}.apiVersion: Invalid value: "": version must not be empty, ${of}.name: Invalid value: "": must not be empty, ${of}.uid: Invalid value: "": must not be empty]`,
    ],
  );
});
