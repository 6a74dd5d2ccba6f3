import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fisherExact } from './fisher.ts';

const p = (failures: number, runs: number, before: number, runsBefore: number) =>
  fisherExact({ failures, runs }, { failures: before, runs: runsBefore });
const near = (actual: number, expected: number) =>
  assert.ok(Math.abs(actual - expected) < 1e-9 * Math.max(1, expected), `${actual} is not ${expected}`);

test('known values: the lady tasting tea, and tables whose tails can be counted by hand', () => {
  near(p(3, 4, 1, 4), 17 / 70);
  near(p(4, 4, 0, 4), 1 / 70);
  near(p(8, 10, 1, 6), 280 / 11_440);
  near(p(3, 3, 0, 30), 1 / 5456);
  near(p(0, 7, 5, 30), 1);
});

/** Whole numbers, so that nothing is rounded before the last division. */
function counted(failures: number, runs: number, before: number, runsBefore: number): number {
  const choose = (many: number, few: number): bigint => {
    let ways = 1n;
    for (let i = 0; i < few; i += 1) ways = (ways * BigInt(many - i)) / BigInt(i + 1);
    return few < 0 || few > many ? 0n : ways;
  };
  const bad = failures + before;
  const all = choose(runs + runsBefore, runs);
  let tail = 0n;
  for (let k = failures; k <= Math.min(bad, runs); k += 1)
    tail += choose(bad, k) * choose(runs + runsBefore - bad, runs - k);
  return Number((tail * 10n ** 18n) / all) / 1e18;
}

test('every small table is what counting its ways gives', () => {
  for (let runs = 1; runs <= 9; runs += 1)
    for (let failures = 0; failures <= runs; failures += 1)
      for (let before = 0; before <= 12; before += 1)
        near(p(failures, runs, before, 12), counted(failures, runs, before, 12));
});

test('large tables neither overflow nor lose their tail', () => {
  near(p(30, 200, 20, 2000), counted(30, 200, 20, 2000));
  const tiny = p(100, 100, 0, 1000);
  assert.ok(tiny > 0 && tiny < 1e-140);
});
