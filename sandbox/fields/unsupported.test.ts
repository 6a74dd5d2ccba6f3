import assert from 'node:assert/strict';
import { test } from 'node:test';
import { below, type FieldSupport, withoutEffect } from './support.ts';
import { unsupportedFields } from './unsupported.ts';

const TABLE: FieldSupport = {
  supported: ['spec.image', 'spec.ports[].port', 'spec.mode=Fast', 'spec.probe', 'spec.parts.*.enabled'],
  unsupported: { 'spec.affinity': 'pods are spread evenly', 'spec.mode': 'only Fast is done', 'spec.probe.grpc': '' },
  keys: [{ at: 'metadata.annotations', domains: ['router.example/'], supported: ['router.example/timeout'] }],
};

function told(object: unknown, old?: unknown, support: FieldSupport = TABLE): string[] {
  return unsupportedFields({ kind: 'Thing', support, object, old }).map(({ message }) => message);
}

test('listed fields pass, and so do values that request nothing', () => {
  const spec = { image: 'a', ports: [{ port: 1 }], mode: 'Fast', probe: { http: { path: '/' } }, extra: {}, other: '' };
  assert.deepEqual(told({ apiVersion: 'v1', kind: 'Thing', metadata: { name: 'a' }, spec, status: { x: 1 } }), []);
});

test('any other field is reported by the shortest path below which nothing is listed', () => {
  assert.deepEqual(told({ spec: { affinity: { nodes: [1] }, ports: [{ port: 1 }, { port: 2, name: 'b' }] } }), [
    'spec.affinity has no effect in the sandbox: pods are spread evenly',
    'spec.ports[1].name has no effect in the sandbox',
  ]);
});

test('exceptions below a listed field, single values and map entries are reported', () => {
  assert.deepEqual(told({ spec: { probe: { grpc: { port: 1 } }, mode: 'Slow' } }), [
    'spec.probe.grpc has no effect in the sandbox',
    'spec.mode has no effect in the sandbox: only Fast is done',
  ]);
  assert.deepEqual(told({ spec: { parts: { a: { enabled: true, size: 2 } } } }), [
    'spec.parts.a.size has no effect in the sandbox',
  ]);
});

test('annotations count within their domains only', () => {
  const annotations = { 'router.example/timeout': '5s', 'router.example/rate': '1', note: 'free text' };
  assert.deepEqual(told({ metadata: { annotations } }), [
    'metadata.annotations[router.example/rate] has no effect in the sandbox',
  ]);
});

test('a table with keys only does not cover fields', () => {
  const keys = [{ at: 'metadata.annotations', domains: ['router.example/'], supported: [] }];
  const object = { metadata: { annotations: { 'router.example/rate': '1' } }, data: { a: 'b' } };
  assert.deepEqual(told(object, undefined, { supported: [], unsupported: {}, keys }), [
    'metadata.annotations[router.example/rate] has no effect in the sandbox',
  ]);
});

test('a change gives warnings for newly set fields only', () => {
  const old = { spec: { affinity: { a: 1 }, extra: 1 } };
  assert.deepEqual(told({ spec: { affinity: { a: 1 }, extra: 2, more: true } }, old), [
    'spec.extra has no effect in the sandbox',
    'spec.more has no effect in the sandbox',
  ]);
});

test('setting a default value gives no warning', () => {
  const standard = (path: readonly (string | number)[]): unknown => (path.join('.') === 'spec.extra' ? 5 : undefined);
  const fields = unsupportedFields({
    kind: 'Thing',
    support: TABLE,
    object: { spec: { extra: 5, more: 5 } },
    old: undefined,
    standard,
  });
  assert.deepEqual(
    fields.map(({ path }) => path),
    ['spec.more'],
  );
});

test('a kind without effect gives a warning on create and on update', () => {
  const support = withoutEffect('there is no signer in the sandbox');
  assert.deepEqual(told({ spec: { a: 1 } }, undefined, support), [
    'Thing has no effect in the sandbox: there is no signer in the sandbox',
  ]);
  const message = told({ spec: { a: 2 } }, { spec: { a: 1 } }, support);
  assert.deepEqual(message, ['Thing has no effect in the sandbox: there is no signer in the sandbox']);
  const labelled = { metadata: { labels: { b: 'c' } }, spec: { a: 1 } };
  assert.deepEqual(told(labelled, { metadata: {}, spec: { a: 1 } }, support), []);
});

test('a table can be nested in another', () => {
  const support = below('spec.template', TABLE);
  const template = {
    metadata: { annotations: { 'router.example/rate': '1' } },
    spec: { image: 'a', affinity: { a: 1 } },
  };
  assert.deepEqual(
    told({ spec: { template } }, undefined, {
      ...support,
      supported: [...support.supported, 'spec.template.metadata'],
    }),
    [
      'spec.template.spec.affinity has no effect in the sandbox: pods are spread evenly',
      'spec.template.metadata.annotations[router.example/rate] has no effect in the sandbox',
    ],
  );
});
