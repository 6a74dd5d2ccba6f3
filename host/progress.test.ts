import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Failure } from '../model/evidence.ts';
import { Progress } from './progress.ts';

const FAILURE: Failure = {
  code: 'LW-RUN-EXIT',
  message: 'exit 1',
  at: { file: 'a.yaml', line: 1, column: 1 },
  next: '',
};

test('steps that act are remembered with their YAML, others only move on', () => {
  const progress = new Progress();
  progress.begin({ acts: true });
  progress.end(0, 0, 'run: one');
  progress.begin({ acts: false });
  progress.end(0, 1, 'ready: pods');
  assert.deepEqual([progress.exercise, progress.step, progress.acted], [0, 2, ['run: one']]);
  assert.deepEqual(progress.here, { exercise: 0, acted: 1 });
});

test('an acting step that never ended leaves the session in the middle of it', () => {
  const progress = new Progress();
  progress.begin({ acts: true });
  assert.equal(progress.isActing, true);
  progress.returnTo({ exercise: 0, acted: 0 });
  assert.equal(progress.isActing, false);
});

test('an exercise is past once one of its steps, or a later exercise, has begun', () => {
  const progress = new Progress();
  progress.moveTo(2, 0);
  assert.deepEqual(
    [1, 2, 3].map((exercise) => progress.isPast(exercise)),
    [true, false, false],
  );
  progress.moveTo(2, 1);
  assert.equal(progress.isPast(2), true);
});

test('going back before a failed exercise clears its failure; going back behind it does not', () => {
  const progress = new Progress();
  progress.break({ exercise: 1, by: 'section 1', failure: FAILURE });
  progress.returnTo({ exercise: 2, acted: 0 });
  assert.equal(progress.broken?.by, 'section 1');
  progress.returnTo({ exercise: 1, acted: 0 });
  assert.equal(progress.broken, undefined);
});
