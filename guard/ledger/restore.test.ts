import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { KubeObject } from './object.ts';
import { snapshotOf } from './object.ts';
import { undo } from './restore.ts';

const object = (rest: object, annotations?: Record<string, string>): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Thing',
  metadata: {
    name: 'a',
    uid: 'u',
    resourceVersion: '1',
    creationTimestamp: '2026-01-01T00:00:00Z',
    ...(annotations === undefined ? {} : { annotations }),
  },
  ...rest,
});
const snap = (rest: object, annotations?: Record<string, string>) => snapshotOf(object(rest, annotations));

test('our changes are undone, changes by others stay', () => {
  const now = object({ spec: { ours: 2, theirs: 8, both: 3 } }, { season: 'winter' });
  const undone = undo(
    snap({ spec: { ours: 1, theirs: 7, both: 1 } }),
    snap({ spec: { ours: 2, theirs: 7, both: 2 } }),
    now,
  );
  assert.deepEqual(undone.object?.['spec'], { ours: 1, theirs: 8, both: 3 });
  assert.deepEqual(undone.object?.metadata.annotations, { season: 'winter' });
  assert.deepEqual(undone.conflicts, ['/spec/both']);
});

test('added fields are removed, removed ones restored, and lists treated as a whole', () => {
  const undone = undo(
    snap({ spec: { gone: 1, list: [1] } }, { a: '1' }),
    snap({ spec: { added: 1, list: [1, 2] } }),
    object({ spec: { added: 1, list: [1, 2] } }, { theirs: 'x' }),
  );
  assert.deepEqual(undone.object?.['spec'], { gone: 1, list: [1] });
  assert.deepEqual(undone.object?.metadata.annotations, { a: '1', theirs: 'x' });
  assert.deepEqual(undone.conflicts, []);
});

test('an unchanged object is not written', () => {
  const before = snap({ spec: { a: 1 } });
  assert.equal(
    undo(before, snap({ spec: { a: 2 } }), object({ spec: { a: 1 }, status: { seen: true } })).object,
    undefined,
  );
});

test('if the result of our change is unknown, all differences count as ours', () => {
  const undone = undo(snap({ spec: { a: 1 } }), undefined, object({ spec: { a: 2, b: 1 } }));
  assert.deepEqual(undone.object?.['spec'], { a: 1 });
});
