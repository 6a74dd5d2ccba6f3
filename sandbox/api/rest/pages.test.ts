import assert from 'node:assert/strict';
import { createPublicKey, verify } from 'node:crypto';
import { after, test } from 'node:test';
import { load } from 'js-yaml';
import { startServer } from '../testing.ts';

const server = await startServer();
after(() => server[Symbol.asyncDispose]());
const { request } = server;
const CONFIG_MAPS = '/api/v1/namespaces/default/configmaps';

async function make(...names: string[]): Promise<string> {
  for (const name of names) await request('POST', CONFIG_MAPS, { metadata: { name, labels: { of: 'pages' } } });
  return String((await request('GET', CONFIG_MAPS)).body.metadata.resourceVersion);
}

const names = (body: { items: { metadata: { name: string } }[] }): string =>
  body.items.map(({ metadata }) => metadata.name).join();
const LIST = `${CONFIG_MAPS}?labelSelector=of%3Dpages`;

test('all pages of a list show the moment of the first, whatever is written between them', async () => {
  const version = await make('a', 'b', 'c', 'd');
  const first = await request('GET', `${LIST}&limit=2`);
  assert.equal(names(first.body), 'a,b');
  assert.equal(first.body.metadata.remainingItemCount, undefined);
  await make('bb', 'e');
  await request('DELETE', `${CONFIG_MAPS}/c`);
  const second = await request('GET', `${LIST}&limit=2&continue=${first.body.metadata.continue}`);
  assert.equal(names(second.body), 'c,d');
  assert.equal(second.body.metadata.resourceVersion, first.body.metadata.resourceVersion);
  assert.equal(
    names((await request('GET', `${LIST}&resourceVersion=${version}&resourceVersionMatch=Exact`)).body),
    'a,b,c,d',
  );
  assert.equal(
    names((await request('GET', `${LIST}&resourceVersion=${version}&resourceVersionMatch=NotOlderThan`)).body),
    'a,b,bb,d,e',
  );
  assert.equal(names((await request('GET', LIST)).body), 'a,b,bb,d,e');
});

test('a list of the future, and options that contradict each other, are refused', async () => {
  const future = await request('GET', `${LIST}&resourceVersion=99999999`);
  assert.deepEqual([future.status, future.body.reason], [504, 'Timeout']);
  assert.match(future.body.message, /^Timeout: Too large resource version: 99999999, current: \d+$/);
  const zero = await request('GET', `${LIST}&resourceVersion=0&resourceVersionMatch=Exact`);
  assert.match(zero.body.message, /resourceVersionMatch "exact" is forbidden for resourceVersion "0"/);
  const unknown = await request('GET', `${LIST}&resourceVersion=1&resourceVersionMatch=Sometimes`);
  assert.match(unknown.body.message, /Unsupported value: "Sometimes": supported values: "Exact", "NotOlderThan"/);
});

test('selectors compare numbers in labels, and fields that are numbers', async () => {
  for (const size of ['2', '10', 'many'])
    await request('POST', CONFIG_MAPS, { metadata: { name: `size-${size}`, labels: { size } } });
  assert.equal(names((await request('GET', `${CONFIG_MAPS}?labelSelector=size%3E2`)).body), 'size-10');
  assert.equal(names((await request('GET', `${CONFIG_MAPS}?labelSelector=size%3C10`)).body), 'size-2');
  const template = { spec: { restartPolicy: 'Never', containers: [{ name: 'a', image: 'a' }] } };
  await request('POST', '/apis/batch/v1/namespaces/default/jobs', { metadata: { name: 'none' }, spec: { template } });
  const jobs = '/apis/batch/v1/namespaces/default/jobs?fieldSelector=status.successful%3D';
  assert.equal(names((await request('GET', `${jobs}0`)).body), 'none');
  assert.equal(names((await request('GET', `${jobs}1`)).body), '');
});

test('fields of a CRD can be selected on where it says so', async () => {
  const schema = {
    type: 'object',
    properties: { spec: { type: 'object', properties: { color: { type: 'string' }, size: { type: 'integer' } } } },
  };
  const selectableFields = [{ jsonPath: '.spec.color' }, { jsonPath: '.spec.size' }];
  await request('POST', '/apis/apiextensions.k8s.io/v1/customresourcedefinitions', {
    metadata: { name: 'shirts.example.com' },
    spec: {
      group: 'example.com',
      scope: 'Namespaced',
      names: { plural: 'shirts', kind: 'Shirt' },
      versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: schema }, selectableFields }],
    },
  });
  const shirts = '/apis/example.com/v1/namespaces/default/shirts';
  for (const [name, color, size] of [
    ['a', 'red', 3],
    ['b', 'blue', 3],
  ] as const)
    await request('POST', shirts, {
      apiVersion: 'example.com/v1',
      kind: 'Shirt',
      metadata: { name },
      spec: { color, size },
    });
  assert.equal(names((await request('GET', `${shirts}?fieldSelector=spec.color%3Dred`)).body), 'a');
  assert.equal(names((await request('GET', `${shirts}?fieldSelector=spec.size%3D3,spec.color!%3Dred`)).body), 'b');
  const other = await request('GET', `${shirts}?fieldSelector=spec.cut%3Dslim`);
  assert.equal(other.body.message, 'field label not supported: spec.cut');
});

test('answers are YAML if the client prefers it, and unknown media types are refused', async () => {
  const yaml = await request('GET', `${CONFIG_MAPS}/a`, undefined, { accept: 'application/yaml' });
  assert.equal(yaml.headers.get('content-type'), 'application/yaml');
  assert.equal((load(String(yaml.body)) as { kind: string }).kind, 'ConfigMap');
  const missing = await request('GET', `${CONFIG_MAPS}/none`, undefined, { accept: 'application/yaml' });
  assert.match(String(missing.body), /reason: NotFound/);
  assert.equal((await request('GET', CONFIG_MAPS, undefined, { accept: 'image/png' })).status, 406);
});

test('a PUT makes an object of the kinds for which it does', async () => {
  const roles = '/apis/rbac.authorization.k8s.io/v1/namespaces/default/roles';
  const role = { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'Role', metadata: { name: 'r' }, rules: [] };
  assert.equal((await request('PUT', `${roles}/r`, role)).status, 201);
  assert.equal((await request('PUT', `${roles}/r`, role)).status, 200);
  const map = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'none' } };
  assert.equal((await request('PUT', `${CONFIG_MAPS}/none`, map)).status, 404);
});

test('tokens of service accounts can be checked by the published keys', async () => {
  await request('POST', '/api/v1/namespaces/default/serviceaccounts', { metadata: { name: 'robot' } });
  const made = await request('POST', '/api/v1/namespaces/default/serviceaccounts/robot/token', { spec: {} });
  const [head = '', claims = '', signature = ''] = String(made.body.status.token).split('.');
  const issuer = await request('GET', '/.well-known/openid-configuration');
  assert.equal(issuer.body.issuer, JSON.parse(Buffer.from(claims, 'base64url').toString()).iss);
  const jwks = await request('GET', '/openid/v1/jwks');
  const { keys } = typeof jwks.body === 'string' ? JSON.parse(jwks.body) : jwks.body;
  const key = { key: createPublicKey({ format: 'jwk', key: keys[0] }), dsaEncoding: 'ieee-p1363' as const };
  assert.ok(verify('sha256', Buffer.from(`${head}.${claims}`), key, Buffer.from(signature, 'base64url')));
  assert.equal(JSON.parse(Buffer.from(head, 'base64url').toString()).kid, keys[0].kid);
});

test('metrics count requests and objects', async () => {
  const { body } = await request('GET', '/metrics');
  assert.match(
    String(body),
    /^apiserver_request_total\{code="200",group="",resource="configmaps",verb="LIST",version="v1"\} \d+$/m,
  );
  assert.match(String(body), /^apiserver_storage_objects\{resource="configmaps"\} \d+$/m);
});
