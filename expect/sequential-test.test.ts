/** Both error rates, counted in simulated samples, at 1 in 1,000 so that errors occur. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { acceptance } from './binomial.ts';
import { SequentialTest } from './sequential-test.ts';
import { type Split, stoppingRule } from './stopping-rule.ts';
import { answers, splitOf } from './testing.ts';

const SAMPLES = 10_000;
/** With a rate of 1 in 1,000, more than this occurs in one of 1,000 tests. */
const MOST = acceptance(SAMPLES, 1e-3, 2e-3).to;

interface Tally {
  readonly passed: number;
  readonly failed: number;
  /** Requests until the verdict, ascending. */
  readonly requests: readonly number[];
}

function simulate(split: Split, truth: Readonly<Record<string, number>>, seed: number, samples = SAMPLES): Tally {
  const rule = stoppingRule(split);
  const next = answers(truth, seed);
  const requests: number[] = [];
  let passed = 0;
  for (let sample = 0; sample < samples; sample += 1) {
    const run = new SequentialTest(rule);
    while (run.stop === undefined) run.add(next());
    if (run.stop.boundary === 'right' || (run.stop.boundary === 'cut-off' && run.stop.outside === undefined))
      passed += 1;
    requests.push(run.requests);
  }
  return { passed, failed: samples - passed, requests: requests.sort((a, b) => a - b) };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

const PER_MILLE = { error: 1e-3, miss: 1e-3 };
const SPLITS: readonly Readonly<Record<string, number>>[] = [
  { v1: 0.8, v2: 0.2 },
  { v1: 0.95, v2: 0.05 },
  { v1: 0.5, v2: 0.3, v3: 0.2 },
  { v1: 0.4, v2: 0.3, v3: 0.2, v4: 0.1 },
];

for (const [index, shares] of SPLITS.entries()) {
  const name = Object.values(shares)
    .map((share) => `${share * 100}`)
    .join('/');

  test(`a correct ${name} split is reported as wrong in at most one sample of 1,000`, () => {
    const { failed } = simulate(splitOf(shares, PER_MILLE), shares, index);
    assert.ok(failed <= MOST, `${failed} of ${SAMPLES}`);
  });

  for (const off of [-0.1, 0.1, 0.15]) {
    const [first, second, ...rest] = Object.entries(shares);
    assert.ok(first && second);
    const truth = { [first[0]]: first[1] - off, [second[0]]: second[1] + off, ...Object.fromEntries(rest) };
    if (Object.values(truth).some((share) => share < 0 || share > 1)) continue;

    test(`a ${name} split that is ${Object.values(truth).map((share) => Number((share * 100).toFixed(1)))} passes in at most one sample of 1,000`, () => {
      const { passed } = simulate(splitOf(shares, PER_MILLE), truth, 100 + index);
      assert.ok(passed <= MOST, `${passed} of ${SAMPLES}`);
    });
  }
}

test('a deviation that need not be caught may pass, and the sample ends at the cut-off at the latest', () => {
  const split = splitOf({ v1: 0.8, v2: 0.2 });
  const { requests, passed, failed } = simulate(split, { v1: 0.75, v2: 0.25 }, 7, 500);
  assert.ok(passed > 0 && failed > 0);
  assert.ok((requests.at(-1) ?? 0) <= stoppingRule(split).cutOff);
});

test('an 80/20 sample takes 350 requests on average if correct, 530 if wrong, 50 if very wrong', () => {
  const split = splitOf({ v1: 0.8, v2: 0.2 });
  const right = simulate(split, { v1: 0.8, v2: 0.2 }, 1, 5_000).requests;
  assert.ok(Math.abs(mean(right) - 350) < 10, `right: ${mean(right)}`);
  assert.ok((right[4_750] ?? 0) < 620, `95% of the right: ${right[4_750]}`);
  const wrong = simulate(split, { v1: 0.7, v2: 0.3 }, 2, 5_000).requests;
  assert.ok(Math.abs(mean(wrong) - 530) < 15, `wrong: ${mean(wrong)}`);
  const blatant = simulate(split, { v1: 0.2, v2: 0.8 }, 3, 5_000).requests;
  assert.ok(Math.abs(mean(blatant) - 50) < 10, `blatant: ${mean(blatant)}`);
});

test('a value that is not listed, or whose share is 0%, ends the sample at once', () => {
  for (const split of [splitOf({ v1: 0.8, v2: 0.2 }), splitOf({ v1: 0.8, v2: 0.2, Error: 0 })]) {
    const run = new SequentialTest(stoppingRule(split));
    for (const value of ['v1', 'v2', 'v1', 'Error']) run.add(value);
    assert.deepEqual([run.stop, run.requests], [{ boundary: 'unlisted', value: 'Error' }, 4]);
  }
});

test('after the verdict, only an unexpected answer of the same batch still counts', () => {
  const run = new SequentialTest(stoppingRule(splitOf({ v1: 1 })));
  while (run.stop === undefined) run.add('v1');
  const { requests } = run;
  run.add('v1');
  assert.deepEqual([run.stop, run.requests], [{ boundary: 'right' }, requests]);
  run.add('v2');
  assert.deepEqual(run.stop, { boundary: 'unlisted', value: 'v2' });
});

test('a value that never occurs is detected, even if its share is below the deviation', () => {
  const run = new SequentialTest(stoppingRule(splitOf({ v1: 0.95, v2: 0.05 })));
  while (run.stop === undefined) run.add('v1');
  assert.equal(run.stop.boundary, 'wrong');
});

test('a split is never accepted with fewer requests than announced', () => {
  const rule = stoppingRule(splitOf({ v1: 0.8, v2: 0.2 }));
  for (let sample = 0; sample < 200; sample += 1) {
    const next = answers({ v1: 0.8, v2: 0.2 }, sample);
    const run = new SequentialTest(rule);
    let earliest = 0;
    while (run.stop === undefined) {
      earliest = Math.max(earliest, run.requests + run.fewestLeft);
      run.add(next());
    }
    if (run.stop.boundary === 'right') assert.ok(run.requests >= earliest, `${run.requests} ${earliest}`);
  }
});
