import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SequentialTest } from './sequential-test.ts';
import { type Judgement, judgeSplit } from './split.ts';
import { type Split, stoppingRule } from './stopping-rule.ts';
import { AT, answers, splitOf } from './testing.ts';

function judge(split: Split, next: () => string): Judgement {
  const run = new SequentialTest(stoppingRule(split));
  while (run.stop === undefined) run.add(next());
  return judgeSplit(split, run);
}

const SPLIT = splitOf({ v1: 0.8, v2: 0.2 });

test('a correct split passes, with the rule and its guarantee in the evidence', () => {
  const { mismatch, verdict, counts } = judge(SPLIT, answers({ v1: 0.8, v2: 0.2 }, 5));
  assert.equal(mismatch, undefined);
  assert.deepEqual([verdict.stoppedBy, verdict.rule.falseAlarm, verdict.rule.miss], ['right', 1e-6, 1 / 2_000]);
  assert.deepEqual(
    counts.map(({ value, expectedShare }) => [value, expectedShare]),
    [
      ['v1', 0.8],
      ['v2', 0.2],
    ],
  );
});

test('a wrong split is reported with counts, shares and the odds of a false alarm, at its line', () => {
  const { mismatch, verdict } = judge(SPLIT, answers({ v1: 0.5, v2: 0.5 }, 6));
  assert.match(
    mismatch?.message ?? '',
    /^"v1" came \d+ times in \d+ \([\d.]+%\), too rarely for a share of 80%; a correct split is reported as wrong in at most one sample of 1,000,000$/,
  );
  assert.match(mismatch?.actual ?? '', /^[\d.]+% v1: \d+ of \d+\n[\d.]+% v2: \d+ of \d+$/);
  assert.deepEqual([mismatch?.expected, mismatch?.at], ['80% v1\n20% v2', AT]);
  assert.equal(verdict.against?.value, 'v1');
});

test('an unlisted value is a mismatch, however rare', () => {
  const plain = answers({ v1: 0.8, v2: 0.2 }, 5);
  let asked = 0;
  const { mismatch, counts } = judge(SPLIT, () => (++asked === 100 ? 'Error' : plain()));
  assert.equal(mismatch?.message, '1 of 100 responses were "Error", which should not occur at all');
  assert.deepEqual(counts.at(-1), { value: 'Error', count: 1, expectedShare: 0 });
});

test('a share of 100% means every single response', () => {
  const split = splitOf({ v1: 1 });
  assert.equal(judge(split, () => 'v1').mismatch, undefined);
  let asked = 0;
  assert.ok(judge(split, () => (++asked === 60 ? 'v2' : 'v1')).mismatch);
});

test('a sample without answers does not pass', () => {
  assert.equal(judgeSplit(SPLIT, new SequentialTest(stoppingRule(SPLIT))).mismatch?.message, 'nothing was counted');
});
