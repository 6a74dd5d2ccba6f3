import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  at,
  fields,
  items,
  listAt,
  number,
  numberAt,
  recordAt,
  records,
  recordsAt,
  text,
  textAt,
  textsAt,
} from './fields.ts';

const ROUTE = {
  metadata: { name: 'shop', generation: 2 },
  spec: { to: null, hosts: ['a.test', 5], alternateBackends: [{ name: 'next' }, 'odd', null] },
};

test('a value is read at its path, if it is of the right type', () => {
  assert.equal(textAt(ROUTE, 'metadata', 'name'), 'shop');
  assert.equal(numberAt(ROUTE, 'metadata', 'generation'), 2);
  assert.deepEqual(recordAt(ROUTE, 'metadata'), ROUTE.metadata);
  assert.equal(textAt(ROUTE, 'metadata', 'generation'), undefined);
  assert.equal(numberAt(ROUTE, 'metadata', 'name'), undefined);
});

test('a path through null, a text, a list or nothing leads nowhere', () => {
  for (const path of [
    ['spec', 'to', 'name'],
    ['metadata', 'name', 'length'],
    ['spec', 'hosts', '0'],
    ['status', 'ingress'],
  ])
    assert.equal(at(ROUTE, ...path), undefined, path.join('.'));
  assert.equal(at(undefined, 'spec'), undefined);
});

test('a list is read whole, or only its objects, or only its texts', () => {
  assert.equal(listAt(ROUTE, 'spec', 'alternateBackends').length, 3);
  assert.deepEqual(recordsAt(ROUTE, 'spec', 'alternateBackends'), [{ name: 'next' }]);
  assert.deepEqual(textsAt(ROUTE, 'spec', 'hosts'), ['a.test']);
  assert.deepEqual(listAt(ROUTE, 'metadata'), []);
});

test('a value of another type reads as an empty one, and an index leads into a list', () => {
  assert.equal(text(ROUTE.metadata.generation), '');
  assert.equal(number(ROUTE.metadata.name), 0);
  assert.deepEqual(fields(ROUTE.spec.hosts), {});
  assert.deepEqual(items(ROUTE.metadata), []);
  assert.deepEqual(records(ROUTE.spec.alternateBackends), [{ name: 'next' }]);
  assert.equal(textAt(ROUTE, 'spec', 'alternateBackends', 0, 'name'), 'next');
  assert.equal(at(ROUTE, 'metadata', 0), undefined);
});
