/** Schemas that kube-apiserver refuses, in its words. The sandbox's own CRDs are accepted. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import test from 'node:test';
import { loadAll } from 'js-yaml';
import type { Fields } from '../../../model/fields.ts';
import type { ApiObject } from '../types.ts';
import { schemaCauses } from './structural.ts';

const CRDS = new URL('../../../schemas/crds/', import.meta.url);

function said(spec: Fields): string[] {
  const openAPIV3Schema = { type: 'object', properties: { spec } };
  const crd = {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: 'things.a.test' },
    spec: { versions: [{ name: 'v1', schema: { openAPIV3Schema } }] },
  };
  return schemaCauses(crd, undefined).map(({ field, message }) => `${field}: ${message}`);
}
const AT = 'spec.validation.openAPIV3Schema.properties[spec]';
const rule = (text: string): Fields => ({
  type: 'object',
  properties: { a: { type: 'integer' } },
  'x-kubernetes-validations': [{ rule: text }],
});

const STRUCTURE: readonly [string, Fields, string][] = [
  ['a field without a type', {}, `${AT}.type: Required value: must not be empty for specified object fields`],
  ['a list without items', { type: 'array' }, `${AT}.items: Required value: must be specified`],
  [
    'items without a type',
    { type: 'array', items: {} },
    `${AT}.items.type: Required value: must not be empty for specified array items`,
  ],
  [
    'a type inside anyOf',
    { type: 'string', anyOf: [{ type: 'string' }] },
    `${AT}.anyOf[0].type: Forbidden: must be empty to be structural`,
  ],
  [
    'a default of another type',
    { type: 'string', default: 1 },
    `${AT}.default: Invalid value: "integer":  in body must be of type string: "integer"`,
  ],
  [
    'a default outside the enum',
    { type: 'string', enum: ['a', 'b'], default: 'c' },
    `${AT}.default: Unsupported value: "c": supported values: "a", "b"`,
  ],
  [
    'a default with unknown fields',
    { type: 'object', properties: {}, default: { b: 1 } },
    `${AT}.default: Invalid value: {"b":1}: must not have unknown fields`,
  ],
];
for (const [what, schema, words] of STRUCTURE) test(`refused: ${what}`, () => assert.deepEqual(said(schema), [words]));

test('a rule that does not parse is refused', () => {
  const [cause = '', ...others] = said(rule('self.a >'));
  assert.deepEqual(others, []);
  assert.match(cause, /x-kubernetes-validations\[0\]\.rule: Invalid value: \{"Rule":"self\.a \\u003e",/);
  assert.match(cause, /compilation failed: ERROR: <input>:1:\d+: Syntax error: /);
});

test('a rule over a field that the schema does not have is refused, with the place', () => {
  assert.match(said(rule("self.a > 1 && self.b == 'self.c'"))[0] ?? '', /ERROR: <input>:1:19: undefined field 'b'\n/);
  assert.match(said(rule(' '))[0] ?? '', /\.rule: Required value: rule is not specified/);
});

test('rules over what the schema has, and int-or-string, are taken', () => {
  assert.deepEqual(said(rule("self.a > 1 && 'x'.size() == 1 && (!has(oldSelf.a) || oldSelf.a < self.a)")), []);
  assert.deepEqual(said({ 'x-kubernetes-int-or-string': true, anyOf: [{ type: 'integer' }, { type: 'string' }] }), []);
});

for (const file of readdirSync(CRDS).filter((name) => name.endsWith('.yaml'))) {
  test(`taken: ${file}`, () => {
    const crds = loadAll(readFileSync(new URL(file, CRDS), 'utf8')) as ApiObject[];
    assert.deepEqual(
      crds.filter((crd) => crd?.kind === 'CustomResourceDefinition').flatMap((crd) => schemaCauses(crd, undefined)),
      [],
    );
  });
}
