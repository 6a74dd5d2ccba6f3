import assert from 'node:assert/strict';
import { test } from 'node:test';
import { atPace, pace } from './pace.ts';

test('a deadline is what the lab says while a core has no more than four processes', () => {
  assert.equal(pace(0, 2), 1);
  assert.equal(pace(8, 2), 1);
  assert.deepEqual(atPace({ verb: 'ready', within: 60_000 }, pace(7.9, 2)), { verb: 'ready', within: 60_000 });
});

test('beyond that it grows with the load, to four times as long', () => {
  assert.equal(pace(20, 2), 2.5);
  assert.equal(pace(20, 8), 1);
  assert.equal(pace(1_000, 2), 4);
  assert.deepEqual(atPace({ within: 1_000 }, pace(20, 2)), { within: 2_500 });
});

test('a step that looks once still looks once', () => {
  assert.deepEqual(atPace({}, 4), {});
  assert.deepEqual(atPace({ within: 0 }, 4), { within: 0 });
});
