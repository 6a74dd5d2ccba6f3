import assert from 'node:assert/strict';
import { test } from 'node:test';
import { generate } from './generate.ts';
import { processTemplate } from './template.ts';

const template = (parameters: object[], ...objects: object[]) => ({
  kind: 'Template',
  parameters,
  objects,
  labels: { of: '${APP}' },
});
const given = (values: Record<string, string>) => new Map(Object.entries(values));

test('values are substituted in strings, keys and labels; ${{…}} gives numbers, booleans and lists', () => {
  const objects = processTemplate(
    template(
      [
        { name: 'APP', value: 'till' },
        { name: 'N', value: '3' },
        { name: 'ON', value: 'true' },
        { name: 'LIST', value: '[1,2]' },
      ],
      {
        kind: 'Thing',
        metadata: { name: '${APP}-a', namespace: 'fixed' },
        'x-${APP}': ['${APP}/${N}', '${OTHER}'],
        spec: { replicas: '${{N}}', on: '${{ON}}', list: '${{LIST}}', text: '${{N}} of them' },
      },
    ),
    given({ APP: 'shop' }),
    { more: 'yes' },
    false,
  );
  assert.deepEqual(objects, [
    {
      kind: 'Thing',
      metadata: { name: 'shop-a', labels: { of: 'shop', more: 'yes' } },
      'x-shop': ['shop/3', '${OTHER}'],
      spec: { replicas: 3, on: true, list: [1, 2], text: '${{N}} of them' },
    },
  ]);
});

test('a namespace from a parameter is kept; labels reach the pods of a DeploymentConfig', () => {
  const [object] = processTemplate(
    template(
      [
        { name: 'APP', value: 'a' },
        { name: 'NS', value: 'shop' },
      ],
      {
        kind: 'DeploymentConfig',
        metadata: { name: 'x', namespace: '${NS}' },
        spec: { template: { spec: {} } },
      },
    ),
    given({}),
    {},
    false,
  );
  assert.deepEqual(object?.['metadata'], { name: 'x', namespace: 'shop', labels: { of: 'a' } });
  assert.deepEqual(object?.['spec'], { template: { spec: {}, metadata: { labels: { of: 'a' } } } });
});

test('a missing required value, an unknown name and another kind are refused', () => {
  const required = template([{ name: 'APP', required: true }]);
  assert.throws(
    () => processTemplate(required, given({}), {}, false),
    /parameter APP is required and must be specified/,
  );
  assert.throws(
    () => processTemplate(required, given({ APP: 'a', AP: 'b' }), {}, false),
    /unknown parameter name "AP"/,
  );
  assert.deepEqual(processTemplate(required, given({ APP: 'a', AP: 'b' }), {}, true), []);
  assert.throws(() => processTemplate({ kind: 'Pod' }, given({}), {}, false), /not a valid Template but Pod/);
});

test('generated values match their expression and differ each time', () => {
  assert.match(generate('user-[a-f0-9]{8}.[A-Z]{3}'), /^user-[a-f0-9]{8}\.[A-Z]{3}$/);
  assert.match(generate('[\\w]{40}[\\d]{5}[\\a]{5}'), /^\w{40}\d{5}[a-zA-Z0-9]{5}$/);
  assert.equal(generate('plain'), 'plain');
  assert.notEqual(generate('[a-z]{30}'), generate('[a-z]{30}'));
  assert.throws(() => generate('[a-z]{256}'), /within \[1-255\]/);
  assert.throws(() => generate('[z-a]{2}'), /invalid range specified: z-a/);
});
