/**
 * How many requests a sample needs, and what their counts prove. Each count is a binomial variable; the test is exact
 * and two-sided, and the number of requests is the smallest whose test of the given error also misses a deviation of
 * the given size no more often than that error.
 */
import type { SampleStep } from '../../language/lab.ts';
import type { SampleCount } from '../evidence.ts';
import type { Mismatch } from './text.ts';

type Plan = Pick<SampleStep, 'expect' | 'deviation' | 'error' | 'at'>;

/** A split of nothing but whole shares needs no statistics, only enough looks to catch the deviation. */
export function sampleSize(plan: Plan): number {
  return Math.max(...plan.expect.map(({ share }) => sizeFor(share, plan.deviation, plan.error)));
}

/** @returns the counts with their p-values, and what is wrong with them. */
export function judgeSplit(
  plan: Plan,
  counts: ReadonlyMap<string, number>,
): { counts: readonly SampleCount[]; mismatch?: Mismatch } {
  const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
  const shares = new Map(plan.expect.map(({ value, share, at }) => [value, { share, at }]));
  const judged = [...counts].map(([value, count]) => {
    const expectedShare = shares.get(value)?.share ?? 0;
    return { value, count, expectedShare, pValue: binomialTest(count, total, expectedShare) };
  });
  const strange = judged.find(({ value, count }) => !shares.has(value) && count > 0);
  const worst = strange ?? judged.find(({ pValue }) => pValue < plan.error);
  if (worst === undefined) return { counts: judged };
  const expected = plan.expect.map(({ value, share }) => `${value}: ${percent(share)}`).join('\n');
  const actual = judged
    .map(({ value, count }) => `${value}: ${count} of ${total} (${percent(count / total)})`)
    .join('\n');
  const message =
    strange === undefined
      ? `"${worst.value}" came ${worst.count} times of ${total}; a true share of ${percent(worst.expectedShare)} gives that or worse with probability ${worst.pValue.toExponential(1)}`
      : `"${worst.value}" came ${worst.count} times of ${total} and should never come`;
  return { counts: judged, mismatch: { message, expected, actual, at: shares.get(worst.value)?.at ?? plan.at } };
}

/** Exact two-sided p-value: the probability of all outcomes no likelier than the one seen. */
export function binomialTest(count: number, total: number, share: number): number {
  if (share <= 0) return count === 0 ? 1 : 0;
  if (share >= 1) return count === total ? 1 : 0;
  const seen = logProbability(count, total, share);
  let sum = 0;
  for (let k = 0; k <= total; k += 1) {
    const probability = logProbability(k, total, share);
    // Equal in theory may differ in the last digits.
    if (probability <= seen + 1e-7) sum += Math.exp(probability);
  }
  return Math.min(1, sum);
}

function sizeFor(share: number, deviation: number, error: number): number {
  const wrong = [share - deviation, share + deviation].filter((other) => other >= 0 && other <= 1);
  if (wrong.length === 0) return 1;
  if (share <= 0 || share >= 1) return Math.ceil(Math.log(error) / Math.log(1 - deviation));
  const enough = (total: number): boolean => {
    const [least, most] = acceptance(total, share, error);
    return wrong.every((other) => between(least, most, total, other) <= error);
  };
  let high = 16;
  while (!enough(high)) high *= 2;
  let low = high / 2;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (enough(middle)) high = middle;
    else low = middle;
  }
  return high;
}

/** The counts that the test of `error` accepts. */
export function acceptance(total: number, share: number, error: number): readonly [least: number, most: number] {
  const probabilities = Array.from({ length: total + 1 }, (_, k) => logProbability(k, total, share));
  const order = [...probabilities.keys()].sort((a, b) => (probabilities[a] ?? 0) - (probabilities[b] ?? 0));
  let sum = 0;
  const refused = new Set<number>();
  for (const k of order) {
    sum += Math.exp(probabilities[k] ?? 0);
    if (sum >= error) break;
    refused.add(k);
  }
  let least = 0;
  while (refused.has(least)) least += 1;
  let most = total;
  while (refused.has(most)) most -= 1;
  return [least, most];
}

function between(least: number, most: number, total: number, share: number): number {
  let sum = 0;
  for (let k = least; k <= most; k += 1) sum += Math.exp(logProbability(k, total, share));
  return sum;
}

function logProbability(k: number, total: number, share: number): number {
  if (share <= 0) return k === 0 ? 0 : Number.NEGATIVE_INFINITY;
  if (share >= 1) return k === total ? 0 : Number.NEGATIVE_INFINITY;
  return (
    logFactorial(total) -
    logFactorial(k) -
    logFactorial(total - k) +
    k * Math.log(share) +
    (total - k) * Math.log1p(-share)
  );
}

const logFactorials: number[] = [0];
function logFactorial(n: number): number {
  for (let k = logFactorials.length; k <= n; k += 1) logFactorials.push((logFactorials[k - 1] ?? 0) + Math.log(k));
  return logFactorials[n] ?? 0;
}

function percent(share: number): string {
  return `${Math.round(share * 1_000) / 10}%`;
}
