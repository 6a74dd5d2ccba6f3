/**
 * Whether a step has become worse, as OpenShift's Sippy judges it in its component readiness: the runs of the last days
 * against those of the 30 days before, by Fisher's exact test, with Sippy's thresholds and words.
 */
import { isGone, type Seen, seenIn } from './failures.ts';
import { type Counts, fisherExact } from './fisher.ts';
import type { LabHistory, Series } from './series.ts';
import type { Tracked, TrackedStep } from './steps.ts';

/** The words of Sippy's reports. */
export type RegressionStatus =
  | 'ExtremeRegression'
  | 'SignificantRegression'
  | 'MissingSample'
  | 'NotSignificant'
  | 'MissingBasis'
  | 'MissingBasisAndSample'
  | 'SignificantImprovement';

/** Sippy's own defaults, except for the number of days in the sample, which is that of its weekly view. */
export const SIPPY = {
  sampleDays: 7,
  basisDays: 30,
  /** A difference is significant below 1 minus this. */
  confidence: 0.95,
  /** A pass rate that fell by this much or less is not a regression. */
  pity: 0.05,
  /** Fewer failures than this are not judged. */
  fewestFailures: 3,
  /** A regression is extreme when the pass rate fell by more than this. */
  extreme: 0.15,
} as const;

export interface Judged {
  readonly status: RegressionStatus;
  /** Chance of a difference as large or larger; absent where the test was not made. */
  readonly p?: number;
}

/** @param sample newest runs. @param basis those that they are held against. */
export function judgeRegression(sample: Counts, basis: Counts): Judged {
  if (basis.runs === 0) return { status: sample.runs === 0 ? 'MissingBasisAndSample' : 'MissingBasis' };
  if (sample.runs === 0) return { status: 'MissingSample' };
  if (sample.failures < SIPPY.fewestFailures) return { status: 'NotSignificant' };
  const fell = passRate(basis) - passRate(sample);
  if (fell > 0 && fell <= SIPPY.pity) return { status: 'NotSignificant' };
  const p = fell > 0 ? fisherExact(sample, basis) : fisherExact(basis, sample);
  if (p >= 1 - SIPPY.confidence) return { status: 'NotSignificant', p };
  if (fell <= 0) return { status: 'SignificantImprovement', p };
  return { status: fell > SIPPY.extreme ? 'ExtremeRegression' : 'SignificantRegression', p };
}

function passRate({ runs, failures }: Counts): number {
  return (runs - failures) / runs;
}

/** One step in one series, with what it was judged by. */
export interface Regression extends Judged {
  readonly step: TrackedStep;
  readonly series: Series;
  readonly sample: Counts;
  readonly basis: Counts;
}

const DAY_MS = 86_400_000;

/** Steps of which a failure, or nothing at all, was seen in the last days of their series; the worst first. */
export function regressions(lab: LabHistory, tracked: Tracked): Regression[] {
  return lab.series
    .flatMap((series) => tracked.steps.flatMap((step) => regression(series, step, tracked) ?? []))
    .sort((a, b) => WORST_FIRST.indexOf(a.status) - WORST_FIRST.indexOf(b.status) || (a.p ?? 1) - (b.p ?? 1));
}

const WORST_FIRST: readonly RegressionStatus[] = [
  'ExtremeRegression',
  'SignificantRegression',
  'MissingSample',
  'NotSignificant',
  'MissingBasis',
  'SignificantImprovement',
  'MissingBasisAndSample',
];

function regression(series: Series, step: TrackedStep, tracked: Tracked): Regression | undefined {
  const seen = seenIn(series, step, tracked);
  const [newest] = seen;
  const now = Date.parse(series.runs.at(-1)?.startedAt ?? '');
  if (newest === undefined || isGone(newest.run, step, series, tracked)) return undefined;
  const daysOld = ({ run }: Seen) => (now - Date.parse(run.startedAt)) / DAY_MS;
  const { sampleDays, basisDays } = SIPPY;
  const sample = countsOf(seen.filter((one) => daysOld(one) < sampleDays));
  const basis = countsOf(seen.filter((one) => daysOld(one) >= sampleDays && daysOld(one) < sampleDays + basisDays));
  const judged = judgeRegression(sample, basis);
  // Only exercises that passed record that they were set up.
  const telling = sample.failures > 0 || (judged.status === 'MissingSample' && step.setUp !== true);
  return telling ? { step, series, sample, basis, ...judged } : undefined;
}

/** A run fails at a step when it does in any browser. */
function countsOf(seen: readonly Seen[]): Counts {
  return { runs: seen.length, failures: seen.filter(({ sighting }) => sighting.failedIn.length > 0).length };
}
