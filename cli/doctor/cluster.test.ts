import assert from 'node:assert/strict';
import { test } from 'node:test';
import { workerOf } from './cluster.ts';

test('a worker’s cores and memory are read in every unit Kubernetes writes', () => {
  assert.deepEqual(workerOf('a 4 16777216Ki'), { cores: 4, gib: 16 });
  assert.deepEqual(workerOf('b 3500m 16Gi'), { cores: 3.5, gib: 16 });
  assert.deepEqual(workerOf('c 8 17179869184'), { cores: 8, gib: 16 });
  assert.deepEqual(workerOf('d 8'), { cores: 8, gib: 0 });
});
