/** The result of a sample's counts, as a message and as evidence. */
import type { SampleCount, SampleVerdict } from '../model/evidence.ts';
import type { Mismatch } from './mismatch.ts';
import type { SequentialTest } from './sequential-test.ts';
import type { Split } from './stopping-rule.ts';

export interface Judgement {
  readonly counts: readonly SampleCount[];
  readonly verdict: SampleVerdict;
  readonly mismatch?: Mismatch;
}

/** Judges once: a sample is never repeated until it passes. */
export function judgeSplit(split: Split, test: SequentialTest): Judgement {
  const { rule, requests, stop } = test;
  const shares = new Map(split.expect.map(({ value, share }) => [value, share]));
  const counts = [...test.counts].map(([value, count]) => ({ value, count, expectedShare: shares.get(value) ?? 0 }));
  const verdict: SampleVerdict = {
    rule,
    stoppedBy: stop?.boundary ?? 'nothing',
    ...(stop?.boundary === 'wrong' ? { against: stop.alternative } : {}),
  };
  const message = messageOf(test);
  if (message === undefined) return { counts, verdict };
  const blamed = stop?.boundary === 'wrong' ? stop.alternative.value : undefined;
  const at = split.expect.find(({ value }) => value === blamed)?.at ?? split.expect[0]?.at;
  const mismatch = {
    message,
    expected: split.expect.map(({ value, share }) => `${percent(share)} ${value}`).join('\n'),
    actual: counts
      .map(
        ({ value, count }) =>
          `${percent(count / Math.max(1, requests))} ${value}: ${grouped(count)} of ${grouped(requests)}`,
      )
      .join('\n'),
  };
  return { counts, verdict, ...(at === undefined ? {} : { mismatch: { ...mismatch, at } }) };
}

/** What is wrong with the split; undefined if it is correct. */
function messageOf({ stop, counts, requests, rule }: SequentialTest): string | undefined {
  const came = (value: string): string => {
    const count = counts.get(value) ?? 0;
    return `"${value}" came ${times(count)} in ${grouped(requests)} (${percent(count / requests)})`;
  };
  switch (stop?.boundary) {
    case undefined:
      return requests === 0 ? 'nothing was counted' : `${grouped(requests)} requests are too few for a verdict`;
    case 'right':
      return undefined;
    case 'unlisted':
      return `${grouped(counts.get(stop.value) ?? 0)} of ${grouped(requests)} responses were "${stop.value}", which should not occur at all`;
    case 'wrong': {
      const { value, share, against } = stop.alternative;
      return `${came(value)}, too ${against < share ? 'rarely' : 'often'} for a share of ${percent(share)}; ${oddsOf(rule.falseAlarm)}`;
    }
    case 'cut-off': {
      const region = rule.atCutOff.find(({ value }) => value === stop.outside);
      if (region === undefined) return undefined;
      return `${came(region.value)} instead of ${grouped(region.from)} to ${grouped(region.to)} times; ${oddsOf(rule.falseAlarm)}`;
    }
  }
}

function oddsOf(falseAlarm: number): string {
  return `a correct split is reported as wrong in at most one sample of ${grouped(Math.round(1 / falseAlarm))}`;
}

function times(count: number): string {
  return count === 1 ? 'once' : `${grouped(count)} times`;
}

function percent(share: number): string {
  return `${Number((share * 100).toFixed(2))}%`;
}

function grouped(count: number): string {
  return count.toLocaleString('en-US');
}
