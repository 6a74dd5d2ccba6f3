/** `sample`: shares and probabilities, and whether a test of them is possible at all. */
import { sampleSize } from '../expect/stopping-rule.ts';
import type { SampleStep } from '../model/lab.ts';
import type { Reading } from './reading.ts';
import type { RawSample } from './schema.generated.ts';
import { baseOf } from './step-base.ts';
import type { Path } from './yaml.ts';

/** More requests than this would take minutes in a browser. */
const MOST_REQUESTS = 20_000;

export function readSample(raw: RawSample, path: Path, reading: Reading): SampleStep {
  const { document } = reading;
  const expect = document.keys([...path, 'expect']).map((value) => ({
    value: reading.variable(value, [...path, 'expect', value]),
    share: shareOf(raw.expect[value] ?? '0%'),
    at: document.keyAt([...path, 'expect', value]),
  }));
  const step: SampleStep = {
    verb: 'sample',
    ...baseOf('sample', raw, `sample ${raw.sample}`, path, reading),
    url: raw.sample,
    by: typeof raw.by === 'object' ? { kind: 'header', name: raw.by.header } : { kind: raw.by ?? 'title' },
    expect,
    deviation: shareOf(raw.catches ?? '10%'),
    error: chanceOf(raw.confidence ?? '1 in 1000000'),
    miss: chanceOf(raw.misses ?? '1 in 2000'),
  };
  check(step, path, reading);
  return step;
}

function check(step: SampleStep, path: Path, reading: Reading): void {
  const problem = statedProblem(step);
  if (problem !== undefined) {
    reading.problem('LW-SAMPLE', [...path, problem.key], problem.message, problem.expected);
  } else if (sampleSize(step, MOST_REQUESTS) > MOST_REQUESTS) {
    reading.problem(
      'LW-SAMPLE',
      path,
      `this needs more than ${MOST_REQUESTS} requests`,
      'a larger `catches:`, or a lower `confidence:`',
    );
  }
}

function statedProblem(step: SampleStep): { key: string; message: string; expected: string } | undefined {
  const sum = step.expect.reduce((total, { share }) => total + share, 0);
  if (Math.abs(sum - 1) > 1e-9)
    return { key: 'expect', message: `the shares add up to ${percent(sum)}`, expected: '100%' };
  if (step.deviation <= 0 || step.deviation >= 1) {
    return {
      key: 'catches',
      message: `a deviation of ${percent(step.deviation)} can't be caught`,
      expected: 'more than 0% and less than 100%',
    };
  }
  if (step.error >= 0.1 || step.error < 1e-12) {
    return {
      key: 'confidence',
      message: `a confidence of 1 in ${Math.round(1 / step.error)}`,
      expected: 'between `1 in 11` and `1 in 1000000000000`',
    };
  }
  const miss = step.miss ?? 0;
  if (miss >= 0.1) return { key: 'misses', message: 'this misses too often', expected: 'at least `1 in 11`' };
  return undefined;
}

function shareOf(text: string): number {
  return Number.parseFloat(text) / 100;
}

function chanceOf(text: string): number {
  return 1 / Number(text.replace('1 in ', ''));
}

function percent(share: number): string {
  return `${Number((share * 100).toFixed(6))}%`;
}
