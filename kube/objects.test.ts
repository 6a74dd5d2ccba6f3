import assert from 'node:assert/strict';
import { test } from 'node:test';
import { itemsIn, objectIn, versionOfList } from './objects.ts';

test('an answer without a name is an error that shows it', () => {
  assert.throws(() => objectIn({ kind: 'Status', metadata: {} }), /no object: \{"kind":"Status","metadata":\{\}\}/);
  assert.equal(objectIn({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'web' } }).metadata.name, 'web');
});

test('the items of a list get the kind that the list is of', () => {
  const list = {
    apiVersion: 'v1',
    kind: 'PodList',
    metadata: { resourceVersion: '7' },
    items: [{ metadata: { name: 'web' } }],
  };
  const [item] = itemsIn(list);
  assert.deepEqual([item?.apiVersion, item?.kind, versionOfList(list)], ['v1', 'Pod', '7']);
  assert.deepEqual(itemsIn({ metadata: {}, items: null }), []);
});

test('a list without a version, such as OLM’s packages, is watched from the empty version', () => {
  assert.equal(versionOfList({ metadata: {}, items: [] }), '');
  assert.throws(() => versionOfList({ message: 'no' }), /no list/);
});
