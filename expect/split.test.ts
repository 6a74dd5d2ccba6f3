/** The error rates are computed from the distribution itself, so these tests prove them rather than try them. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import binomialTest from '@stdlib/stats-binomial-test';
import type { Position } from '../model/lab.ts';
import { acceptance, between, judgeSplit, pValue, type Split, sampleSize } from './split.ts';

const at: Position = { file: '/lab/05.yaml', line: 3, column: 5 };

function split(shares: Readonly<Record<string, number>>, options: Partial<Split> = {}): Split {
  const expect = Object.entries(shares).map(([value, share]) => ({ value, share, at }));
  return { expect, deviation: 0.1, error: 1e-6, ...options };
}

function falseAlarm(plan: Split, requests: number): number {
  const [first] = plan.expect;
  assert.ok(first);
  return 1 - between(requests, first.share, acceptance(requests, first.share, plan.error));
}

test('20% against 30% at one false alarm in a million needs about 1,200 requests', () => {
  const requests = sampleSize(split({ v1: 0.8, v2: 0.2 }));
  assert.ok(requests > 1_100 && requests < 1_300, String(requests));
});

test('a right split is called wrong no more often than stated, a deviating one right no more often than stated', () => {
  for (const share of [0.01, 0.05, 0.2, 0.5, 0.9]) {
    for (const deviation of [0.05, 0.1, 0.2]) {
      for (const [error, miss] of [
        [1e-6, 1 / 2_000],
        [1e-3, 1e-3],
        [1e-2, 1e-6],
      ] as const) {
        const plan = split({ a: share, b: 1 - share }, { deviation, error, miss });
        const requests = sampleSize(plan);
        assert.ok(falseAlarm(plan, requests) <= error * (1 + 1e-6), `${share} ${error}`);
        for (const other of [share - deviation, share + deviation].filter((value) => value > 0 && value < 1)) {
          assert.ok(between(requests, other, acceptance(requests, share, error)) <= miss, `${share} → ${other}`);
        }
      }
    }
  }
});

test('one request less would not do', () => {
  const plan = split({ v1: 0.8, v2: 0.2 });
  const requests = sampleSize(plan) - 1;
  const missed = [0.1, 0.3].map((share) => between(requests, share, acceptance(requests, 0.2, plan.error)));
  assert.ok(Math.max(...missed) > 1 / 2_000);
});

test('the p-value decides exactly as the critical region does', () => {
  const { from, to } = acceptance(300, 0.2, 1e-3);
  for (let count = 0; count <= 300; count += 1) {
    assert.equal(pValue(count, 300, 0.2) > 1e-3, count >= from && count <= to, String(count));
  }
});

test('the p-value of a symmetric split is that of an independent implementation', () => {
  for (const [count, requests] of [
    [40, 100],
    [50, 100],
    [61, 100],
    [480, 1_000],
  ] as const) {
    const other = binomialTest(count, requests, { p: 0.5 }).pValue;
    assert.ok(
      Math.abs(pValue(count, requests, 0.5) - other) < 1e-9,
      `${count}: ${pValue(count, requests, 0.5)} ${other}`,
    );
  }
});

test('a wrong split is told with counts, shares and the range that would have been right', () => {
  const verdict = judgeSplit(
    split({ v1: 0.8, v2: 0.2 }),
    new Map([
      ['v1', 840],
      ['v2', 360],
    ]),
  );
  assert.match(
    verdict.mismatch?.message ?? '',
    /^"v1" came 840 times in 1,200 \(70%\); a share of 80% gives \d+ to 1,\d+, but for one sample in 1,000,000$/,
  );
  assert.equal(verdict.counts[1]?.count, 360);
});

test('a right split passes', () => {
  assert.equal(
    judgeSplit(
      split({ v1: 0.8, v2: 0.2 }),
      new Map([
        ['v1', 950],
        ['v2', 250],
      ]),
    ).mismatch,
    undefined,
  );
});

test('a value that nobody listed is a mismatch however rare', () => {
  const verdict = judgeSplit(
    split({ v1: 0.8, v2: 0.2 }),
    new Map([
      ['v1', 959],
      ['v2', 240],
      ['Error', 1],
    ]),
  );
  assert.match(verdict.mismatch?.message ?? '', /^1 of 1,200 responses were "Error"/);
});

test('a share of everything means every single one', () => {
  const plan = split({ v1: 1 });
  assert.equal(judgeSplit(plan, new Map([['v1', 80]])).mismatch, undefined);
  assert.ok(
    judgeSplit(
      plan,
      new Map([
        ['v1', 79],
        ['v2', 1],
      ]),
    ).mismatch,
  );
  assert.ok(0.9 ** sampleSize(plan) <= 1 / 2_000);
});

test('of three shares the false alarms together stay below what is stated', () => {
  const plan = split({ a: 0.5, b: 0.3, c: 0.2 }, { error: 1e-3 });
  const requests = sampleSize(plan);
  const alarms = plan.expect.map(({ share }) => 1 - between(requests, share, acceptance(requests, share, 1e-3 / 3)));
  assert.ok(alarms.reduce((sum, alarm) => sum + alarm, 0) <= 1e-3);
});

test('nothing counted is no pass', () => {
  assert.equal(judgeSplit(split({ v1: 1 }), new Map()).mismatch?.message, 'nothing was counted');
});
