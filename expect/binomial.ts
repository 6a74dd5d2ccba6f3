/** The binomial distribution, computed exactly from its terms. */

/** A count in `from … to` is accepted; outside is the critical region. */
export interface Acceptance {
  readonly from: number;
  readonly to: number;
}

/** The counts of `requests` that a two-sided test with equal tails at `error` does not reject for `share`. */
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
