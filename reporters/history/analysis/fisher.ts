/** Fisher's exact test of a two-by-two table, one-sided, as Sippy judges regressions by. */

/** How often something was tried, and how often it failed. Whole numbers from 0. */
export interface Counts {
  readonly runs: number;
  readonly failures: number;
}

/**
 * @returns the probability, from 0 to 1, that chance alone puts at least that many of all failures into the sample, when
 * it fails no more often than the basis: the upper tail of the hypergeometric distribution.
 */
export function fisherExact(sample: Counts, basis: Counts): number {
  const runs = sample.runs + basis.runs;
  const failures = sample.failures + basis.failures;
  const most = Math.min(failures, sample.runs);
  const all = logChoose(runs, sample.runs);
  let tail = 0;
  for (let inSample = sample.failures; inSample <= most; inSample += 1)
    tail += Math.exp(logChoose(failures, inSample) + logChoose(runs - failures, sample.runs - inSample) - all);
  return Math.min(1, tail);
}

/** Natural logarithm of the number of ways to choose `few` of `many`. */
function logChoose(many: number, few: number): number {
  if (few < 0 || few > many) return Number.NEGATIVE_INFINITY;
  return logFactorial(many) - logFactorial(few) - logFactorial(many - few);
}

const LOG_FACTORIALS = [0];

function logFactorial(of: number): number {
  for (let next = LOG_FACTORIALS.length; next <= of; next += 1)
    LOG_FACTORIALS.push((LOG_FACTORIALS[next - 1] ?? 0) + Math.log(next));
  return LOG_FACTORIALS[of] ?? 0;
}
