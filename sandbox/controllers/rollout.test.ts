import assert from 'node:assert/strict';
import test from 'node:test';
import { templateHash } from '../client/hash.ts';
import type { Deployment, ReplicaSet } from '../client/kinds.ts';
import { matches } from '../labels/selector.ts';
import { limits, newReplicas, oldReplicas, sameTemplate } from './rollout.ts';

const template = { metadata: { labels: { app: 'a' } }, spec: { containers: [{ name: 'c', image: 'i:1' }] } };

function deployment(replicas: number, strategy?: Deployment['spec']['strategy']): Deployment {
  const spec = {
    replicas,
    selector: { matchLabels: { app: 'a' } },
    template,
    ...(strategy === undefined ? {} : { strategy }),
  };
  return { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'd', namespace: 'n' }, spec };
}
function set(name: string, replicas: number, available: number): ReplicaSet {
  const spec = { replicas, selector: { matchLabels: { app: 'a' } }, template };
  const status = { replicas, availableReplicas: available };
  return { apiVersion: 'apps/v1', kind: 'ReplicaSet', metadata: { name, namespace: 'n' }, spec, status };
}

test('a template hash is stable, short and free of vowels, and does not depend on the order of fields', () => {
  const hash = templateHash({ a: 1, b: 2 });
  assert.match(hash, /^[bcdfghjklmnpqrstvwxz2456789]{8,10}$/);
  assert.equal(hash, templateHash({ b: 2, a: 1 }));
  assert.notEqual(hash, templateHash({ a: 1, b: 2 }, 1));
});

test('surge rounds up and unavailability down, and they are never both zero', () => {
  assert.deepEqual(limits(deployment(3)), { surge: 1, unavailable: 0 });
  assert.deepEqual(limits(deployment(10)), { surge: 3, unavailable: 2 });
  const none = { rollingUpdate: { maxSurge: 0, maxUnavailable: '0%' } };
  assert.deepEqual(limits(deployment(3, none)), { surge: 0, unavailable: 1 });
});

test('a rollout of three replicas scales up by one, and removes an old pod only when the new one is available', () => {
  const old = set('old', 3, 3);
  const fresh = set('new', 0, 0);
  assert.equal(newReplicas(deployment(3), fresh, [fresh, old]), 1);
  assert.equal(oldReplicas(deployment(3), set('new', 1, 0), [old]).size, 0);
  assert.deepEqual([...oldReplicas(deployment(3), set('new', 1, 1), [old])], [['old', 2]]);
});

test('old pods that never became available are removed first', () => {
  assert.deepEqual(
    [...oldReplicas(deployment(3), set('new', 1, 0), [set('broken', 1, 0), set('old', 3, 3)])],
    [['broken', 0]],
  );
});

test('Recreate starts new pods only when the old ones are gone', () => {
  const recreate = deployment(2, { type: 'Recreate' });
  const fresh = set('new', 0, 0);
  assert.equal(newReplicas(recreate, fresh, [fresh, set('old', 0, 0)]), 2);
  assert.equal(newReplicas(recreate, fresh, [fresh, set('old', 2, 2)]), 0);
});

test('the hash label does not make a template different', () => {
  const labelled = { ...template, metadata: { labels: { app: 'a', 'pod-template-hash': 'x' } } };
  assert.ok(sameTemplate(template, labelled));
  assert.ok(!sameTemplate(template, { ...template, spec: { containers: [{ name: 'c', image: 'i:2' }] } }));
});

test('selectors support expressions', () => {
  const expressions = (operator: string, values?: string[]) => ({
    matchExpressions: [{ key: 'k', operator, ...(values === undefined ? {} : { values }) }],
  });
  assert.ok(matches(expressions('In', ['v']), { k: 'v' }));
  assert.ok(!matches(expressions('In', ['v']), {}));
  assert.ok(matches(expressions('NotIn', ['v']), {}));
  assert.ok(matches(expressions('DoesNotExist'), { other: '1' }));
  assert.ok(!matches(undefined, { k: 'v' }));
});
