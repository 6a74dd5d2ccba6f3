import assert from 'node:assert/strict';
import { test } from 'node:test';
import { disturbanceOf } from './disturbance.ts';

test('the same seed disturbs the same run in the same way, another seed in another', () => {
  const draw = (seed: string) => Array.from({ length: 20 }, (_, run) => disturbanceOf(seed, run, 2));
  assert.deepEqual(draw('1'), draw('1'));
  assert.notDeepEqual(draw('1'), draw('2'));
});

test('over many runs every kind of disturbance occurs, always within its bounds', () => {
  const drawn = Array.from({ length: 200 }, (_, run) => disturbanceOf('s', run, 2));
  assert.deepEqual([...new Set(drawn.map(({ busy }) => busy))].sort(), [0, 1, 2, 3, 4, 5, 6, 7, 8]);
  assert.deepEqual(
    [...new Set(drawn.map(({ apiDelayMs }) => apiDelayMs))].sort((a, b) => a - b),
    [0, 20, 50, 100],
  );
  assert.ok(drawn.every(({ startDelayMs }) => startDelayMs < 3_000));
});
