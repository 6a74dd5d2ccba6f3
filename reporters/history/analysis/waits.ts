/** Waits over time: how much of its deadline each left unused, and which will soon time out. */
import type { LabHistory, Series } from './series.ts';
import { type Tracked, type TrackedStep, usedOf } from './steps.ts';

/** One wait in one series. */
export interface WaitTrend {
  readonly step: TrackedStep;
  readonly series: Series;
  /** Of the newest run, milliseconds. */
  readonly deadlineMs: number;
  /** Share of the deadline left unused, 0 to 1: median of the newest runs, and the least of them. */
  readonly headroom: number;
  readonly least: number;
  /** Estimated runs until the deadline is reached; absent if the wait does not rise. */
  readonly runsLeft?: number;
  readonly state: 'missed' | 'short' | 'shrinking' | 'ample';
}

const NEWEST = 7;
const TREND_RUNS = 30;
const SHORT = 0.2;
/** Below this, a trend is worth a warning. */
const SOON_RUNS = 45;
const ORDER = ['missed', 'short', 'shrinking', 'ample'] as const;

/** The most worrying first. */
export function waitTrends(lab: LabHistory, tracked: Tracked): WaitTrend[] {
  return lab.series
    .flatMap((series) => tracked.steps.flatMap((step) => trendOf(series, step, tracked) ?? []))
    .sort(
      (a, b) =>
        ORDER.indexOf(a.state) - ORDER.indexOf(b.state) ||
        (a.runsLeft ?? Number.POSITIVE_INFINITY) - (b.runsLeft ?? Number.POSITIVE_INFINITY) ||
        a.headroom - b.headroom,
    );
}

function trendOf(series: Series, step: TrackedStep, tracked: Tracked): WaitTrend | undefined {
  const waits = series.runs.flatMap((run) => tracked.sightings.get(run.id)?.get(step)?.wait ?? []);
  const newest = waits.at(-1);
  if (newest === undefined) return undefined;
  const used = waits.map(usedOf);
  const recent = used.slice(-NEWEST);
  const headroom = clamp(1 - median(recent));
  const least = clamp(1 - Math.max(...recent));
  const runsLeft = forecast(used.slice(-TREND_RUNS));
  const state =
    least === 0
      ? 'missed'
      : headroom < SHORT
        ? 'short'
        : runsLeft !== undefined && runsLeft <= SOON_RUNS
          ? 'shrinking'
          : 'ample';
  return {
    step,
    series,
    deadlineMs: newest.deadlineMs,
    headroom,
    least,
    ...(runsLeft === undefined ? {} : { runsLeft }),
    state,
  };
}

/**
 * Runs until `used` reaches 1. The slope is Theil–Sen's (the median of all pairs' slopes), which a few slow runs don't distort; a
 * rise counts only if it exceeds the scatter of the values around it.
 */
function forecast(used: readonly number[]): number | undefined {
  if (used.length < 10) return undefined;
  const slopes = used.flatMap((from, one) => used.slice(one + 1).map((to, more) => (to - from) / (more + 1)));
  const slope = median(slopes);
  const level = median(used.map((value, place) => value - slope * place));
  const scatter = median(used.map((value, place) => Math.abs(value - level - slope * place)));
  if (slope <= 0 || slope * used.length < Math.max(3 * scatter, 0.05)) return undefined;
  return Math.max(0, Math.round((1 - (level + slope * (used.length - 1))) / slope));
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length / 2;
  const [low = 0, high = 0] = [sorted[Math.ceil(half) - 1], sorted[Math.floor(half)]];
  return (low + high) / 2;
}

function clamp(value: number): number {
  return Math.min(1, Math.max(0, value));
}
