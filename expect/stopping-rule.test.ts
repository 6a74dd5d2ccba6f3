/** The error rates of the fixed-size test are computed from the distribution itself, so these tests prove them. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import binomialTest from '@stdlib/stats-binomial-test';
import { acceptance, between } from './binomial.ts';
import { sampleSize, stoppingRule } from './stopping-rule.ts';
import { splitOf } from './testing.ts';

test('a fixed-size test keeps both rates, up and down', () => {
  for (const share of [0.01, 0.05, 0.2, 0.5, 0.9]) {
    for (const deviation of [0.05, 0.1, 0.2]) {
      for (const [error, miss] of [
        [1e-6, 1 / 2_000],
        [1e-3, 1e-3],
        [1e-2, 1e-6],
      ] as const) {
        const requests = sampleSize(splitOf({ a: share, b: 1 - share }, { deviation, error, miss }));
        const accepted = acceptance(requests, share, error);
        assert.ok(1 - between(requests, share, accepted) <= error * (1 + 1e-6), `${share} ${error}`);
        for (const other of [share - deviation, share + deviation].filter((value) => value > 0 && value < 1))
          assert.ok(between(requests, other, accepted) <= miss, `${share} → ${other}`);
      }
    }
  }
});

test('one request less would not be enough', () => {
  const plan = splitOf({ v1: 0.8, v2: 0.2 });
  const requests = sampleSize(plan) - 1;
  const missed = [0.1, 0.3].map((share) => between(requests, share, acceptance(requests, 0.2, plan.error)));
  assert.ok(Math.max(...missed) > 1 / 2_000);
});

test('the accepted counts of a symmetric split are those of an independent implementation', () => {
  const { from, to } = acceptance(300, 0.5, 1e-3);
  for (let count = 0; count <= 300; count += 1)
    assert.equal(binomialTest(count, 300, { p: 0.5 }).pValue > 1e-3, count >= from && count <= to, String(count));
});

test('the rates of early stopping and of the cut-off add up to what is stated', () => {
  const rule = stoppingRule(splitOf({ v1: 0.8, v2: 0.2 }));
  assert.equal(rule.alternatives.length, 4);
  // Up and down with two values is one test: the same request counts for one and against the other.
  const early = 2 / rule.wrongAt;
  const [, v2] = rule.atCutOff;
  assert.ok(v2);
  const late = 1 - between(rule.cutOff, 0.2, v2);
  assert.ok(early + late <= rule.falseAlarm, `${early} + ${late}`);
  for (const other of [0.1, 0.3])
    assert.ok(rule.ruledOutAt + between(rule.cutOff, other, v2) <= rule.miss, String(other));
});

test('with three shares, the false alarms together stay below the stated rate', () => {
  const plan = splitOf({ a: 0.5, b: 0.3, c: 0.2 }, { error: 1e-3 });
  const rule = stoppingRule(plan);
  const early = rule.alternatives.length / rule.wrongAt;
  const late = rule.atCutOff.map((region, index) => {
    return 1 - between(rule.cutOff, plan.expect[index]?.share ?? 0, region);
  });
  assert.ok(late.reduce((sum, alarm) => sum + alarm, early) <= 1e-3);
});

test('20% against 30% with one false alarm in a million takes at most 1,449 requests', () => {
  assert.equal(stoppingRule(splitOf({ v1: 0.8, v2: 0.2 })).cutOff, 1_449);
});
