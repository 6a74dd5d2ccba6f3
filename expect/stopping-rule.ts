/**
 * When a sample may stop. Each share is tested against the deviation above it and the one below it by Wald's sequential
 * probability ratio test; what is undecided at the cut-off is decided by a fixed-size exact test.
 *
 * Why the stated rates hold: while the stated share is true, the likelihood ratio of an alternative is a martingale that
 * begins at 1, so it ever reaches R with probability 1/R at most (Ville's inequality; Wald 1945). While the alternative
 * is true the same holds for the inverse ratio. A share beyond an alternative only makes its ratio larger. Three quarters
 * of both error probabilities are spent this way, and the last quarter on the test at the cut-off.
 */
import type { Position } from '../model/lab.ts';
import { type Acceptance, acceptance, between } from './binomial.ts';

/** What is expected of a split, and how certain the verdict must be. */
export interface Split {
  /** Value to share; the shares sum to 1. A value that is not listed must not occur. */
  readonly expect: readonly { readonly value: string; readonly share: number; readonly at: Position }[];
  /** The smallest deviation of a share that must be caught, as a fraction (0.1: 20% against 30%). */
  readonly deviation: number;
  /** Maximum probability that a correct split is reported as wrong. */
  readonly error: number;
  /** Maximum probability that a split which deviates by `deviation` passes; 1 in 2000 if absent. */
  readonly miss?: number;
}

/** The default if a lab states none. */
const DEFAULT_MISS = 1 / 2_000;
/** The part of each error probability that stopping early may use up. */
const EARLY = 3 / 4;

/** One side of one share: the smallest deviation that must not pass. */
export interface Alternative {
  readonly value: string;
  readonly share: number;
  readonly against: number;
}

/** Fixed before the first request. */
export interface StoppingRule {
  readonly alternatives: readonly Alternative[];
  /** A split is wrong if the likelihood ratio of an alternative to the stated share reaches this. */
  readonly wrongAt: number;
  /** An alternative is ruled out if its likelihood ratio has fallen to this; a split is correct if all are. */
  readonly ruledOutAt: number;
  /** Requests after which the fixed-size test decides. */
  readonly cutOff: number;
  /** Counts that pass at the cut-off. */
  readonly atCutOff: readonly (Acceptance & { readonly value: string })[];
  /** A correct split is reported as wrong with at most this probability. */
  readonly falseAlarm: number;
  /** A split that deviates by an alternative or more passes with at most this probability. */
  readonly miss: number;
}

/** The rule for what a lab states; the same for the same statement. */
export function stoppingRule(split: Split): StoppingRule {
  const miss = missOf(split);
  const tests = testsOf(split);
  const last = { ...split, error: split.error * (1 - EARLY), miss: miss * (1 - EARLY) };
  const cutOff = sampleSize(last);
  return {
    alternatives: split.expect.flatMap(({ value, share }) =>
      alternativesTo(share, split.deviation).map((against) => ({ value, share, against })),
    ),
    wrongAt: (2 * tests) / (split.error * EARLY),
    ruledOutAt: miss * EARLY,
    cutOff,
    atCutOff: split.expect.map(({ value, share }) => ({
      value,
      ...acceptance(cutOff, share, last.error / tests),
    })),
    falseAlarm: split.error,
    miss,
  };
}

/**
 * @param limit gives up above this.
 * @returns the number of requests with which a fixed-size test reports a correct split as wrong with probability `error` at most,
 * and passes one that deviates by `deviation`, up or down, with probability `miss` at most. More than `limit` if no such number is
 * small enough.
 */
export function sampleSize(split: Split, limit = 1_000_000): number {
  let low = 0;
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
  const miss = missOf(split);
  const error = split.error / testsOf(split);
  return split.expect.every(({ share }) => {
    const accepted = acceptance(requests, share, error);
    return alternativesTo(share, split.deviation).every((other) => between(requests, other, accepted) <= miss);
  });
}

function alternativesTo(share: number, deviation: number): number[] {
  return [share - deviation, share + deviation]
    .map((other) => Math.min(1, Math.max(0, other)))
    .filter((other) => other !== share);
}

/** With two shares one test covers both; with more, the probabilities of a false alarm add up. */
function testsOf({ expect }: Split): number {
  const tested = expect.filter(({ share }) => share > 0 && share < 1).length;
  return tested <= 2 ? 1 : tested;
}

function missOf({ miss }: Split): number {
  return miss ?? DEFAULT_MISS;
}
