import assert from 'node:assert/strict';
import test from 'node:test';
import { compile } from './environment.ts';
import { nameInRules } from './source.ts';

test('has() asks for a field behind an index', () => {
  const rule = compile('size(self.matches) == 1 && has(self.matches[0].path.type) && !has(self.matches[0].method)');
  assert.equal(rule({ self: { matches: [{ path: { type: 'Exact' } }] } }), true);
  assert.equal(rule({ self: { matches: [{ path: {} }] } }), false);
});

test('names that CEL reserves are written with underscores', () => {
  assert.deepEqual(['namespace', 'x-y', 'a.b/c', 'a__b', 'name'].map(nameInRules), [
    '__namespace__',
    'x__dash__y',
    'a__dot__b__slash__c',
    'a__underscores__b',
    'name',
  ]);
});
