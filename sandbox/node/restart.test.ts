import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BackOff, isRestarted } from './restart.ts';

test('the first restart is immediate; later ones follow after 10 s, 20 s and so on, up to 5 minutes', () => {
  const backOff = new BackOff();
  const delays = Array.from({ length: 8 }, () => backOff.after(1_000) / 1000);
  assert.deepEqual(delays, [0, 10, 20, 40, 80, 160, 300, 300]);
});

test('a container that ran for more than ten minutes restarts at once again', () => {
  const backOff = new BackOff();
  for (let restart = 0; restart < 4; restart += 1) backOff.after(1_000);
  assert.deepEqual([backOff.after(600_001), backOff.after(1_000)], [0, 10_000]);
});

test('a pod’s policy decides for its main containers', () => {
  const restarted = (policy: string) => [0, 1].map((exitCode) => isRestarted('main', policy, exitCode));
  assert.deepEqual(restarted('Always'), [true, true]);
  assert.deepEqual(restarted('OnFailure'), [false, true]);
  assert.deepEqual(restarted('Never'), [false, false]);
});

test('an init container runs until it succeeds, a sidecar always, an ephemeral container once', () => {
  assert.deepEqual([isRestarted('init', 'Always', 0), isRestarted('init', 'Always', 1)], [false, true]);
  assert.equal(isRestarted('init', 'Never', 1), false);
  assert.equal(isRestarted('sidecar', 'Never', 0), true);
  assert.equal(isRestarted('ephemeral', 'Always', 1), false);
});
