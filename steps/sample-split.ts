/** Shares and probabilities as written in a section, and whether they can be tested at all. */
import { type Split, sampleSize } from '../expect/stopping-rule.ts';
import type { Reading } from '../language/reading.ts';
import type { Path } from '../language/yaml-document.ts';

/** More requests than this would take minutes in a browser. */
const MOST_REQUESTS = 20_000;

export function checkSplit(split: Split, path: Path, reading: Reading): void {
  const problem = statedProblem(split);
  if (problem !== undefined) {
    reading.problem('LW-SAMPLE', [...path, problem.key], problem.message, problem.expected);
  } else if (sampleSize(split, MOST_REQUESTS) > MOST_REQUESTS) {
    reading.problem(
      'LW-SAMPLE',
      path,
      `this needs more than ${MOST_REQUESTS} requests`,
      'a larger `catches:`, or a lower `confidence:`',
    );
  }
}

function statedProblem(split: Split): { key: string; message: string; expected: string } | undefined {
  const sum = split.expect.reduce((total, { share }) => total + share, 0);
  if (Math.abs(sum - 1) > 1e-9)
    return { key: 'expect', message: `the shares add up to ${percent(sum)}`, expected: '100%' };
  if (split.deviation <= 0 || split.deviation >= 1) {
    return {
      key: 'catches',
      message: `a deviation of ${percent(split.deviation)} can't be caught`,
      expected: 'more than 0% and less than 100%',
    };
  }
  if (split.error >= 0.1 || split.error < 1e-12) {
    return {
      key: 'confidence',
      message: `a confidence of 1 in ${Math.round(1 / split.error)}`,
      expected: 'between `1 in 11` and `1 in 1000000000000`',
    };
  }
  const miss = split.miss ?? 0;
  if (miss >= 0.1)
    return { key: 'misses', message: 'this would miss deviations too often', expected: 'at least `1 in 11`' };
  return undefined;
}

/** `80%` → 0.8 */
export function shareOf(text: string): number {
  return Number.parseFloat(text) / 100;
}

/** `1 in 2000` → 0.0005 */
export function chanceOf(text: string): number {
  return 1 / Number(text.replace('1 in ', ''));
}

function percent(share: number): string {
  return `${Number((share * 100).toFixed(6))}%`;
}
