/** Splits and answers for tests. */
import type { Position } from '../model/lab.ts';
import { Random } from '../test/support/random.ts';
import type { Split } from './stopping-rule.ts';

export const AT: Position = { file: '/lab/05.yaml', line: 3, column: 5 };

/** Catches 10% with one false alarm in a million, unless `options` says otherwise. */
export function splitOf(shares: Readonly<Record<string, number>>, options: Partial<Split> = {}): Split {
  const expect = Object.entries(shares).map(([value, share]) => ({ value, share, at: AT }));
  return { expect, deviation: 0.1, error: 1e-6, ...options };
}

/** Random values with the given shares, the same for the same seed. */
export function answers(shares: Readonly<Record<string, number>>, seed: number): () => string {
  const entries = Object.entries(shares);
  const random = new Random(seed);
  return () => {
    let left = random.next();
    for (const [value, share] of entries) {
      left -= share;
      if (left < 0) return value;
    }
    return entries.at(-1)?.[0] ?? '';
  };
}
