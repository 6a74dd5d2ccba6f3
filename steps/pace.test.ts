import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pace } from '../model/pace.ts';
import { StepFailure } from './failure.ts';
import { atPace, playAtPace } from './pace.ts';

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

test('a failure says when its deadline was longer than written', async () => {
  const failure = { code: 'LW-READY', message: 'not ready within 3 s', at: { file: 'a.yaml', line: 1, column: 1 } };
  const late = () => Promise.reject(new StepFailure(failure, { blocks: false }));
  const told = (step: object, now: number) =>
    playAtPace(step, late, now).then(
      () => assert.fail('it holds'),
      (error: unknown) => {
        assert.ok(error instanceof StepFailure);
        return { ...error.failure, blocks: error.blocks };
      },
    );
  const text = '2.5 times as long as written, because the machine was busy with other processes.';
  const stretched = { ...failure, blocks: false, details: [{ title: 'Deadline', text }] };
  assert.deepEqual(await told({ within: 1_000 }, 2.5), stretched);
  assert.deepEqual(await told({ within: 1_000 }, 1), { ...failure, blocks: false });
  assert.deepEqual(await told({}, 4), { ...failure, blocks: false });
});
