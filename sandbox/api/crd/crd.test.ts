import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { MERGE, startServer } from '../testing.ts';

const server = await startServer();
after(() => server.api.stop());
const { request } = server;
const CRDS = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
const WIDGETS = '/apis/example.com/v1/namespaces/default/widgets';

const properties = {
  host: { type: 'string' },
  replicas: { type: 'integer', default: 2, minimum: 0 },
  mode: { type: 'string', enum: ['A', 'B'] },
  profiles: { type: 'array', items: { type: 'string' } },
};
const schema = {
  openAPIV3Schema: {
    type: 'object',
    properties: {
      spec: { type: 'object', required: ['host'], properties },
      status: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
    },
  },
};
const columns = [
  { name: 'Ready', type: 'string', jsonPath: '.status.conditions[?(@.type=="Ready")].reason' },
  { name: 'Profiles', type: 'string', jsonPath: '.spec.profiles' },
];
const crd = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'widgets.example.com' },
  spec: {
    group: 'example.com',
    scope: 'Namespaced',
    names: { plural: 'widgets', kind: 'Widget' },
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        schema,
        subresources: { status: {} },
        additionalPrinterColumns: columns,
      },
    ],
  },
};
const widget = (name: string, spec: object) => ({
  apiVersion: 'example.com/v1',
  kind: 'Widget',
  metadata: { name },
  spec,
});

test('a CRD is established and its kind served at once', async () => {
  await request('POST', CRDS, crd);
  const { body } = await request('GET', '/apis/example.com/v1');
  assert.deepEqual(
    body.resources.map((one: { name: string }) => one.name),
    ['widgets', 'widgets/status'],
  );
  const stored = await request('GET', `${CRDS}/widgets.example.com`);
  assert.deepEqual(
    stored.body.status.conditions.map((one: { type: string; status: string }) => `${one.type}=${one.status}`),
    ['NamesAccepted=True', 'Established=True'],
  );
});

test('null counts as absent unless the schema says nullable: the default replaces it, or it is removed', async () => {
  const given = widget('nulls', { host: 'a', replicas: null, mode: null, profiles: null });
  const { status, body } = await request('POST', WIDGETS, given);
  assert.deepEqual([status, body.spec], [201, { host: 'a', replicas: 2 }]);
});

test('instances get defaults, lose unknown fields, and are judged by the schema', async () => {
  const { body, headers } = await request('POST', WIDGETS, widget('good', { host: 'x', extra: 1 }));
  assert.deepEqual(body.spec, { host: 'x', replicas: 2 });
  assert.match(headers.get('warning') ?? '', /unknown field \\"spec\.extra\\"/);
  const bad = await request('POST', WIDGETS, widget('bad', { replicas: 'many', mode: 'C' }));
  assert.equal(bad.status, 422);
  assert.deepEqual(
    bad.body.details.causes.map((one: { field: string; message: string }) => `${one.field}: ${one.message}`),
    [
      'spec.host: Required value',
      'spec.replicas: Invalid value: "string": spec.replicas in body must be of type integer: "string"',
      'spec.mode: Unsupported value: "C": supported values: "A", "B"',
    ],
  );
});

test('status is its own endpoint and columns follow their JSONPath', async () => {
  const status = {
    conditions: [
      { type: 'Other', reason: 'No' },
      { type: 'Ready', reason: 'ComponentsReady' },
    ],
  };
  await request('PATCH', `${WIDGETS}/good/status`, { status }, MERGE);
  await request('PATCH', `${WIDGETS}/good`, { spec: { profiles: ['default'] }, status: {} }, MERGE);
  const { body } = await request('GET', WIDGETS, undefined, { accept: 'application/json;as=Table;v=v1;g=meta.k8s.io' });
  assert.deepEqual(body.rows[0].cells, ['good', 'ComponentsReady', '["default"]']);
});

test('a deleted CRD takes its instances with it', async () => {
  await request('DELETE', `${CRDS}/widgets.example.com`);
  assert.equal((await request('GET', `${CRDS}/widgets.example.com`)).status, 404);
  assert.equal((await request('GET', WIDGETS)).status, 404);
});

test('CEL rules of a schema judge objects, and changes against what was there before', async () => {
  await using server = await startServer();
  const number = { type: 'integer' };
  const spec = {
    type: 'object',
    properties: { least: number, most: number, kind: { type: 'string' } },
    'x-kubernetes-validations': [
      { rule: 'self.least <= self.most', message: 'least must not be above most' },
      { rule: 'self.kind == oldSelf.kind', message: 'kind is for good' },
    ],
  };
  const openAPIV3Schema = { type: 'object', properties: { spec } };
  await server.request('POST', '/apis/apiextensions.k8s.io/v1/customresourcedefinitions', {
    metadata: { name: 'spans.example.com' },
    spec: {
      group: 'example.com',
      scope: 'Namespaced',
      names: { plural: 'spans', kind: 'Span' },
      versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema } }],
    },
  });
  const path = '/apis/example.com/v1/namespaces/default/spans';
  const span = (least: number, most: number, kind: string) => ({
    apiVersion: 'example.com/v1',
    kind: 'Span',
    metadata: { name: 'one' },
    spec: { least, most, kind },
  });
  const wrong = await server.request('POST', path, span(3, 2, 'a'));
  assert.equal(wrong.status, 422);
  assert.equal(
    wrong.body.message,
    'Span.example.com "one" is invalid: spec: Invalid value: "object": least must not be above most',
  );
  assert.equal((await server.request('POST', path, span(1, 2, 'a'))).status, 201);
  const changed = await server.request('PATCH', `${path}/one`, { spec: { kind: 'b' } }, MERGE);
  assert.match(changed.body.message, /kind is for good/);
  assert.equal((await server.request('PATCH', `${path}/one`, { spec: { most: 5 } }, MERGE)).status, 200);
});

test('every request to a deprecated version is answered with a warning that names the better one', async () => {
  const version = (name: string, more: object) => ({ name, served: true, storage: false, schema, ...more });
  const versions = [
    version('v1', { storage: true }),
    version('v1beta1', { deprecated: true }),
    version('v1alpha1', { deprecated: true, deprecationWarning: 'gadgets have moved to "v1"' }),
    version('v2alpha1', { deprecated: true }),
  ];
  const names = { plural: 'gadgets', kind: 'Gadget' };
  const made = { ...crd, metadata: { name: 'gadgets.example.com' }, spec: { ...crd.spec, names, versions } };
  await request('POST', CRDS, made);
  const asked = async (version: string, path = 'gadgets') =>
    (await request('GET', `/apis/example.com/${version}/${path}`)).headers.get('warning');
  assert.equal(await asked('v1'), null);
  const better = '299 - "example.com/v1beta1 Gadget is deprecated; use example.com/v1 Gadget"';
  assert.equal(await asked('v1beta1'), better);
  assert.equal(await asked('v1alpha1'), '299 - "gadgets have moved to \\"v1\\""');
  assert.equal(await asked('v2alpha1'), '299 - "example.com/v2alpha1 Gadget is deprecated; use example.com/v1 Gadget"');
  const gadget = { apiVersion: 'example.com/v1beta1', kind: 'Gadget', metadata: { name: 'g' }, spec: { host: 'h' } };
  const created = await request('POST', '/apis/example.com/v1beta1/namespaces/default/gadgets', gadget);
  assert.equal(created.headers.get('warning'), better);
  assert.equal(await asked('v1beta1', 'gadgets?watch=true&timeoutSeconds=1'), better);
});
