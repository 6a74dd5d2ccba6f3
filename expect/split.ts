/**
 * How many requests a sample needs, and what its counts say. Each share is judged by the exact two-sided binomial test
 * with equal tails; both error probabilities are sums of the distribution itself, not approximations.
 */

import type { SampleCount } from '../model/evidence.ts';
import type { SampleStep } from '../model/lab.ts';
import type { Mismatch } from './mismatch.ts';

export type Split = Pick<SampleStep, 'expect' | 'deviation' | 'error' | 'miss'>;

/** Where a lab states none. With 20% against 30% and one false alarm in a million: 1,200 requests. */
const DEFAULT_MISS = 1 / 2_000;

/** A count in `from … to` is as promised; outside lies the critical region. */
export interface Acceptance {
  readonly from: number;
  readonly to: number;
}

/**
 * @param limit gives up above this.
 * @returns the number of requests with which a right split is called wrong with probability `error` at most, and one
 * that deviates by `deviation`, up or down, called right with probability `miss` at most. More than `limit` when none is small enough.
 */
export function sampleSize(split: Split, limit = 1_000_000): number {
  let low = 1;
  let high = 64;
  while (high <= limit && !isEnough(split, high)) {
    low = high;
    high *= 2;
  }
  if (high > limit && !isEnough(split, limit)) return limit + 1;
  high = Math.min(high, limit);
  while (low + 1 < high) {
    const middle = Math.floor((low + high) / 2);
    if (isEnough(split, middle)) high = middle;
    else low = middle;
  }
  return high;
}

function isEnough(split: Split, requests: number): boolean {
  const miss = split.miss ?? DEFAULT_MISS;
  return split.expect.every(({ share }) => {
    const accepted = acceptance(requests, share, errorPerShare(split));
    return [share - split.deviation, share + split.deviation]
      .map((other) => Math.min(1, Math.max(0, other)))
      .every((other) => other === share || between(requests, other, accepted) <= miss);
  });
}

/** Of two shares that make up the whole one test says all; of more, the probabilities of a false alarm add up. */
function errorPerShare({ expect, error }: Split): number {
  const tested = expect.filter(({ share }) => share > 0 && share < 1).length;
  return tested <= 2 ? error : error / tested;
}

/** The counts of `requests` that a test at `error` does not reject for `share`. */
export function acceptance(requests: number, share: number, error: number): Acceptance {
  if (share <= 0) return { from: 0, to: 0 };
  if (share >= 1) return { from: requests, to: requests };
  let from = 0;
  for (let tail = pmf(0, requests, share); tail <= error / 2; tail += pmf(from, requests, share)) from += 1;
  let to = requests;
  for (let tail = pmf(to, requests, share); tail <= error / 2; tail += pmf(to, requests, share)) to -= 1;
  return { from, to };
}

/** Probability of a count in `accepted` when the true share is `share`. */
export function between(requests: number, share: number, accepted: Acceptance): number {
  let sum = 0;
  for (let count = accepted.from; count <= accepted.to; count += 1) sum += pmf(count, requests, share);
  return sum;
}

/** Twice the smaller tail: a count is rejected exactly when this is at most the error probability. */
export function pValue(count: number, requests: number, share: number): number {
  if (share <= 0 || share >= 1) return count === requests * share ? 1 : 0;
  const below = between(requests, share, { from: 0, to: count });
  const above = between(requests, share, { from: count, to: requests });
  return Math.min(1, 2 * Math.min(below, above));
}

const logFactorials = [0];

function logFactorial(n: number): number {
  for (let next = logFactorials.length; next <= n; next += 1)
    logFactorials.push((logFactorials[next - 1] ?? 0) + Math.log(next));
  return logFactorials[n] ?? 0;
}

function pmf(count: number, requests: number, share: number): number {
  if (share <= 0) return count === 0 ? 1 : 0;
  if (share >= 1) return count === requests ? 1 : 0;
  const choose = logFactorial(requests) - logFactorial(count) - logFactorial(requests - count);
  return Math.exp(choose + count * Math.log(share) + (requests - count) * Math.log1p(-share));
}

/**
 * Judges once: a sample is never repeated until it is green.
 * @param counts value to number of responses; values that are not promised included.
 */
export function judgeSplit(
  split: Split,
  counts: ReadonlyMap<string, number>,
): { counts: readonly SampleCount[]; mismatch?: Mismatch } {
  const requests = [...counts.values()].reduce((sum, count) => sum + count, 0);
  const judged: SampleCount[] = split.expect.map(({ value, share }) => {
    const count = counts.get(value) ?? 0;
    return { value, count, expectedShare: share, pValue: pValue(count, requests, share) };
  });
  for (const [value, count] of counts) {
    if (count > 0 && !split.expect.some((promised) => promised.value === value))
      judged.push({ value, count, expectedShare: 0, pValue: 0 });
  }
  const mismatch = findMismatch(split, judged, requests);
  return mismatch === undefined ? { counts: judged } : { counts: judged, mismatch };
}

function findMismatch(split: Split, judged: readonly SampleCount[], requests: number): Mismatch | undefined {
  const [promised] = split.expect;
  if (promised === undefined) return undefined;
  const mismatch = (message: string, at = promised.at): Mismatch => ({
    message,
    expected: split.expect
      .map(
        ({ value, share }) =>
          `${share100(share)} ${value}: ${range(acceptance(requests, share, errorPerShare(split)))} of ${grouped(requests)}`,
      )
      .join('\n'),
    actual: judged
      .map(({ value, count }) => `${share100(count / requests)} ${value}: ${grouped(count)} of ${grouped(requests)}`)
      .join('\n'),
    at,
  });
  if (requests === 0) return mismatch('nothing was counted');
  const strange = judged.find(({ value }) => !split.expect.some((entry) => entry.value === value));
  if (strange !== undefined)
    return mismatch(
      `${grouped(strange.count)} of ${grouped(requests)} responses were "${strange.value}", which should not occur at all`,
    );
  for (const entry of split.expect) {
    const { from, to } = acceptance(requests, entry.share, errorPerShare(split));
    const count = judged.find(({ value }) => value === entry.value)?.count ?? 0;
    if (count >= from && count <= to) continue;
    const odds =
      entry.share <= 0 || entry.share >= 1 ? 'always' : `but for one sample in ${grouped(Math.round(1 / split.error))}`;
    return mismatch(
      `"${entry.value}" came ${grouped(count)} times in ${grouped(requests)} (${share100(count / requests)}); a share of ${share100(entry.share)} gives ${range({ from, to })}, ${odds}`,
      entry.at,
    );
  }
  return undefined;
}

function range({ from, to }: Acceptance): string {
  return from === to ? grouped(from) : `${grouped(from)} to ${grouped(to)}`;
}

function share100(share: number): string {
  return `${Number((share * 100).toFixed(2))}%`;
}

function grouped(count: number): string {
  return count.toLocaleString('en-US');
}
