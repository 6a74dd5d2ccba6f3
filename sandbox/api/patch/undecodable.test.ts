/** Patches that leave a field with a value of the wrong type: the answers are those of a real kube-apiserver. */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { deployment, MERGE, STRATEGIC, startServer } from '../testing.ts';

const server = await startServer();
after(() => server.api.stop());
const { request } = server;
const APPLY = { 'content-type': 'application/apply-patch+yaml' };
const DEPLOYMENT = '/apis/apps/v1/namespaces/default/deployments/one';
const CONFIG_MAP = '/api/v1/namespaces/default/configmaps/one';
const SECRET = '/api/v1/namespaces/default/secrets/one';
const SERVICE = '/api/v1/namespaces/default/services/one';

const named = { metadata: { name: 'one' } };
await request('POST', '/apis/apps/v1/namespaces/default/deployments', deployment('one'));
await request('POST', '/api/v1/namespaces/default/configmaps', named);
await request('POST', '/api/v1/namespaces/default/secrets', named);
await request('POST', '/api/v1/namespaces/default/services', { ...named, spec: { ports: [{ port: 80 }] } });

const container = (fields: object) => ({ spec: { template: { spec: { containers: [{ name: 'main', ...fields }] } } } });

test('a strategic patch is refused as invalid, with the patch and what the converter says', async () => {
  const answers: readonly [path: string, patch: object, message: string][] = [
    [CONFIG_MAP, { data: 'text' }, '"map[data:text]": cannot restore map from string'],
    [CONFIG_MAP, { data: ['x'] }, '"map[data:[x]]": cannot restore map from slice'],
    [CONFIG_MAP, { data: { a: 1 } }, '"map[data:map[a:1]]": cannot convert int64 to string'],
    [CONFIG_MAP, { immutable: 'yes' }, '"map[immutable:yes]": unrecognized type: bool'],
    [
      SECRET,
      { data: { a: 'not base64' } },
      '"map[data:map[a:not base64]]": error decoding from json: illegal base64 data at input byte 3',
    ],
    [
      SECRET,
      { data: { a: 'not base64' }, metadata: { labels: { tier: null, more: '1' } } },
      '"map[data:map[a:not base64] metadata:map[labels:map[more:1]]]": error decoding from json: illegal base64 data at input byte 3',
    ],
    [SERVICE, { spec: 'x' }, '"map[spec:x]": cannot restore struct from: string'],
    [DEPLOYMENT, { spec: { replicas: '3' } }, '"map[spec:map[replicas:3]]": unrecognized type: int32'],
    [DEPLOYMENT, { spec: { replicas: 1.5 } }, '"map[spec:map[replicas:1.5]]": cannot convert float64 to int32'],
    [
      DEPLOYMENT,
      container({ command: 'x' }),
      '"map[spec:map[template:map[spec:map[containers:[map[command:x name:main]]]]]]": cannot restore slice from string',
    ],
  ];
  for (const [path, patch, message] of answers) {
    const { status, body } = await request('PATCH', path, patch, STRATEGIC);
    assert.deepEqual(
      [status, body.reason, body.message],
      [422, 'Invalid', ` "" is invalid: patch: Invalid value: ${message}`],
    );
    assert.deepEqual(Object.keys(body.details), ['causes']);
  }
});

test('a strategic patch puts neither a text among the items of a list nor an item without its key', async () => {
  const patch = { spec: { template: { spec: { containers: ['x'] } } } };
  const { status, body } = await request('PATCH', DEPLOYMENT, patch, STRATEGIC);
  assert.equal(status, 500);
  assert.match(body.message, /^list element types are not identical: \[\[map\[.*name:main.*\]\] \[x\]\]$/);
  const nameless = { spec: { template: { spec: { containers: [{ image: 'x' }] } } } };
  const { status: code, body: said } = await request('PATCH', DEPLOYMENT, nameless, STRATEGIC);
  assert.deepEqual([code, said.message], [500, 'map: map[image:x] does not contain declared merge key: name']);
});

test('a merge patch is refused as invalid, with the whole object and what encoding/json says', async () => {
  const { status, body } = await request('PATCH', CONFIG_MAP, { binaryData: { a: 'not base64' } }, MERGE);
  assert.equal(status, 422);
  assert.match(
    body.message,
    /^ "" is invalid: patch: Invalid value: "\{\\".*\}": illegal base64 data at input byte 3$/,
  );
});

test('an apply is refused by an error of the server: types before conflicts, contents after them', async () => {
  const answers: readonly [path: string, type: string, body: object, message: string][] = [
    [CONFIG_MAP, '/v1, Kind=ConfigMap', { data: 'text' }, '.data: expected map, got &{text}'],
    [
      CONFIG_MAP,
      '/v1, Kind=ConfigMap',
      { data: { a: true } },
      '.data.a: expected string, got &value.valueUnstructured{Value:true}',
    ],
    [
      SERVICE,
      '/v1, Kind=Service',
      { spec: { ports: [{ port: '80' }] } },
      '.spec.ports[port="80",protocol="TCP"].port: expected numeric (int or float), got string',
    ],
    [
      DEPLOYMENT,
      'apps/v1, Kind=Deployment',
      { spec: { template: { spec: { containers: ['x'] } } } },
      '.spec.template.spec.containers: element 0: associative list with keys may not have non-map elements',
    ],
    [
      DEPLOYMENT,
      'apps/v1, Kind=Deployment',
      container({ command: 'x' }),
      '.spec.template.spec.containers[name="main"].command: expected list, got &{x}',
    ],
  ];
  const more: readonly (typeof answers)[number][] = [
    [CONFIG_MAP, '/v1, Kind=ConfigMap', { foo: 'x', data: { a: 'b' } }, '.foo: field not declared in schema'],
    [
      CONFIG_MAP,
      '/v1, Kind=ConfigMap',
      { metadata: { name: 'one', finalizers: ['a.b/c', 'a.b/c'] } },
      '.metadata.finalizers: duplicate entries for key [="a.b/c"]',
    ],
    [
      CONFIG_MAP,
      '/v1, Kind=ConfigMap',
      { data: { a: 1 }, immutable: 'x' },
      'errors:\n  .data.a: expected string, got &value.valueUnstructured{Value:1}\n  .immutable: expected boolean, got &{x}',
    ],
    [
      SERVICE,
      '/v1, Kind=Service',
      { spec: { ports: [{ port: 80, foo: 1 }] } },
      '.spec.ports[port=80,protocol="TCP"].foo: field not declared in schema',
    ],
    [
      SERVICE,
      '/v1, Kind=Service',
      { spec: { ports: [{ port: 80 }, { port: 80, name: 'b' }] } },
      '.spec.ports: duplicate entries for key [port=80,protocol="TCP"]',
    ],
    [
      DEPLOYMENT,
      'apps/v1, Kind=Deployment',
      { spec: { template: { spec: { containers: [null] } } } },
      '.spec.template.spec.containers: element 0: associative list with keys may not have a null element',
    ],
  ];
  const apply = (path: string, type: string, body: object) => {
    const [apiVersion = '', kind] = type.replace(/^\//, '').split(', Kind=');
    return request('PATCH', `${path}?fieldManager=me`, { apiVersion, kind, ...named, ...body }, APPLY);
  };
  for (const [path, type, given, message] of [...answers, ...more]) {
    const { status, body } = await apply(path, type, given);
    const expected = `failed to create typed patch object (/one; ${type}): ${message}`;
    assert.deepEqual([status, body.reason, body.message], [500, undefined, expected]);
  }
  for (const path of [SECRET, SECRET.replace('one', 'another')]) {
    const name = path.split('/').at(-1);
    const { status, body } = await apply(path, '/v1, Kind=Secret', { metadata: { name }, data: { a: 'not base64' } });
    const expected = `failed to convert new object (/${name}; /v1, Kind=Secret) to proper version: unable to convert unstructured object to /v1, Kind=Secret: error decoding from json: illegal base64 data at input byte 3`;
    assert.deepEqual([status, body.message], [500, expected]);
  }
});

test('a new object of a wrong type is still a bad request', async () => {
  const { status, body } = await request('POST', '/api/v1/namespaces/default/configmaps', {
    metadata: { name: 'new' },
    binaryData: { a: 'not base64' },
  });
  assert.deepEqual(
    [status, body.message],
    [400, 'ConfigMap in version "v1" cannot be handled as a ConfigMap: illegal base64 data at input byte 3'],
  );
  const lease = (renewTime: string) => ({ metadata: { name: 'new' }, spec: { renewTime } });
  const leases = '/apis/coordination.k8s.io/v1/namespaces/default/leases';
  const today = await request('POST', leases, lease('today'));
  assert.equal(
    today.body.message,
    'Lease in version "v1" cannot be handled as a Lease: parsing time "today" as "2006-01-02T15:04:05.000000Z07:00": cannot parse "today" as "2006"',
  );
  assert.equal((await request('POST', leases, lease('2026-03-01T10:00:00.123456Z'))).status, 201);
});
