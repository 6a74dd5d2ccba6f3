/** What fails now, since which run, and what had changed by then; and what fails only sometimes. */
import type { HistoryFailure, HistoryRun } from '../record.ts';
import { type Change, changesBetween } from './changes.ts';
import { groupBy, type LabHistory, type Series } from './series.ts';
import type { Sighting, Tracked, TrackedStep } from './steps.ts';

/** A step that failed when it was last reached, in one series. */
export interface OpenFailure {
  readonly step: TrackedStep;
  readonly series: Series;
  readonly since: HistoryRun;
  /** The last run in which it still passed. */
  readonly before?: HistoryRun;
  /** Between those two runs. */
  readonly changes: readonly Change[];
  /** Runs that have failed at it since. */
  readonly times: number;
  readonly browsers: readonly string[];
  readonly failure?: HistoryFailure;
}

/** A step that both passed and failed while lab, release and cluster stayed the same. */
export interface Flaky {
  readonly step: TrackedStep;
  readonly series: Series;
  readonly failed: number;
  readonly reached: number;
  readonly last: HistoryRun;
  readonly browsers: readonly string[];
}

/** In the guide's order. A run reached the step only if it played it. */
export function openFailures(lab: LabHistory, tracked: Tracked): OpenFailure[] {
  return lab.series
    .flatMap((series) => tracked.steps.flatMap((step) => openFailure(series, step, tracked) ?? []))
    .sort((a, b) => a.step.section - b.step.section || a.step.order - b.step.order);
}

export interface Seen {
  readonly run: HistoryRun;
  readonly sighting: Sighting;
}

/** Runs of the series that came to the step, newest first. */
export function seenIn(series: Series, step: TrackedStep, tracked: Tracked): Seen[] {
  return series.runs
    .flatMap((run) => {
      const sighting = tracked.sightings.get(run.id)?.get(step);
      return sighting === undefined ? [] : [{ run, sighting }];
    })
    .reverse();
}

function openFailure(series: Series, step: TrackedStep, tracked: Tracked): OpenFailure | undefined {
  const seen = seenIn(series, step, tracked);
  const good = seen.findIndex(({ sighting }) => sighting.failedIn.length === 0);
  const bad = good === -1 ? seen : seen.slice(0, good);
  const [newest, oldest, before] = [bad[0], bad.at(-1), seen[good]];
  if (newest === undefined || oldest === undefined || isGone(newest.run, step, series, tracked)) return undefined;
  const { failure, failedIn } = newest.sighting;
  return {
    step,
    series,
    since: oldest.run,
    ...(before === undefined ? {} : { before: before.run }),
    changes: before === undefined ? [] : changesBetween(before.run, oldest.run),
    times: bad.length,
    browsers: failedIn,
    ...(failure === undefined ? {} : { failure }),
  };
}

/** A later run played the whole exercise without this step: it is no longer part of the lab. */
export function isGone(run: HistoryRun, step: TrackedStep, series: Series, tracked: Tracked): boolean {
  const later = series.runs.slice(series.runs.indexOf(run) + 1);
  return later.some((other) => {
    const section = other.sections.find(({ number }) => number === step.section);
    const runs = section?.exercises ?? [];
    return (
      runs.length > 0 &&
      runs.every(({ status }) => status === 'passed') &&
      tracked.sightings.get(other.id)?.has(step) !== true
    );
  });
}

/** How many runs back a step's unsteadiness counts. */
const RECENT_RUNS = 60;

/** Worst first. A step that started to fail and kept failing is not flaky; one that recovered is. */
export function flakes(lab: LabHistory, tracked: Tracked): Flaky[] {
  return lab.series
    .flatMap((series) => tracked.steps.flatMap((step) => flaky(series, step, tracked) ?? []))
    .sort((a, b) => b.failed / b.reached - a.failed / a.reached);
}

function flaky(series: Series, step: TrackedStep, tracked: Tracked): Flaky | undefined {
  const seen = seenIn(series, step, tracked).slice(0, RECENT_RUNS);
  // Failures between two passes of exactly the same lab.
  const framed = [...groupBy(seen, ({ run }) => run.lab.content ?? run.lab.commit ?? '').values()].flatMap((same) => {
    const passes = same.flatMap(({ sighting }, place) => (sighting.failedIn.length === 0 ? [place] : []));
    const [first, last] = [passes[0], passes.at(-1)];
    if (first === undefined || last === undefined) return [];
    return same.slice(first, last).filter(({ sighting }) => sighting.failedIn.length > 0);
  });
  const [newest] = framed;
  if (newest === undefined) return undefined;
  const browsers = [...new Set(framed.flatMap(({ sighting }) => sighting.failedIn))];
  return { step, series, failed: framed.length, reached: seen.length, last: newest.run, browsers };
}
