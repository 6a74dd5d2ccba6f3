/** The data for the charts of one lab; kept small, since it is embedded in the page. */
import { formatDuration } from '../../../model/duration.ts';
import { plain, plainAll } from '../../plain.ts';
import { browserLabel } from '../../run.ts';
import { labState } from '../analysis/changes.ts';
import { isWhole, verdictLetter } from '../analysis/latest.ts';
import { type LabHistory, seriesName } from '../analysis/series.ts';
import { type Tracked, type TrackedStep, usedOf } from '../analysis/steps.ts';
import type { HistoryRun } from '../record.ts';

export interface ChartData {
  readonly series: readonly string[];
  /** Seconds since 1970, per run, rising. */
  readonly time: readonly number[];
  /** Index into `series`, per run. */
  readonly of: readonly number[];
  /** Seconds, per run; null if the run did not play the whole lab. */
  readonly duration: readonly (number | null)[];
  /** A letter per run: certified, partial, failed, not judged. */
  readonly verdict: string;
  /** Index into `notes`, per run. */
  readonly note: readonly number[];
  /** Versions and commit that runs share, as text. */
  readonly notes: readonly string[];
  readonly waits: readonly WaitData[];
  readonly tapes: readonly TapeData[];
}

export interface WaitData {
  readonly id: number;
  readonly name: string;
  readonly deadline: string;
  /** Two digits per run: percent of the deadline that was left, or `--`. */
  readonly left: string;
}

/** The result of one step, a letter per run: passed, failed, or `-` if it was not reached. */
export interface TapeData {
  readonly id: number;
  readonly outcome: string;
}

/** The maximum number of runs, in all series together, that a page draws. */
const MOST_RUNS = 6_000;
const MOST_PER_SERIES = 400;

export function chartData(lab: LabHistory, tracked: Tracked, taped: readonly TrackedStep[]): ChartData {
  const runs = shownRuns(lab);
  const notes = new Map<string, number>();
  const note = runs.map((run) => numberOf(notes, noteOf(run)));
  const seriesOf = new Map(lab.series.flatMap((series, index) => series.runs.map((run) => [run.id, index] as const)));
  const waits = tracked.steps.flatMap((step) => waitData(step, runs, tracked) ?? []);
  return {
    series: lab.series.map((series) => plain(seriesName(series, lab.series))),
    time: runs.map((run) => Math.round(Date.parse(run.startedAt) / 1000)),
    of: runs.map((run) => seriesOf.get(run.id) ?? 0),
    duration: runs.map((run) => (isWhole(run) ? Math.round(run.durationMs / 100) / 10 : null)),
    verdict: runs.map(verdictLetter).join(''),
    note,
    notes: [...notes.keys()],
    waits,
    tapes: taped.map((step) => ({ id: step.id, outcome: runs.map((run) => outcomeOf(run, step, tracked)).join('') })),
  };
}

/** The newest ones of each series. */
export function shownRuns(lab: LabHistory): HistoryRun[] {
  const each = Math.min(MOST_PER_SERIES, Math.max(30, Math.floor(MOST_RUNS / lab.series.length)));
  const shown = new Set(lab.series.flatMap((series) => series.runs.slice(-each)));
  return lab.runs.filter((run) => shown.has(run));
}

function waitData(step: TrackedStep, runs: readonly HistoryRun[], tracked: Tracked): WaitData | undefined {
  const waits = runs.map((run) => tracked.sightings.get(run.id)?.get(step)?.wait);
  const newest = waits.findLast((wait) => wait !== undefined);
  if (newest === undefined) return undefined;
  const digits = waits.map((wait) => {
    if (wait === undefined) return '--';
    const left = Math.max(0, Math.min(99, Math.round(100 * (1 - usedOf(wait)))));
    return String(left).padStart(2, '0');
  });
  return {
    id: step.id,
    name: plain(stepName(step)),
    deadline: formatDuration(newest.deadlineMs),
    left: digits.join(''),
  };
}

/** `5 · A/B testing with Istio › http://$GUESTBOOK_ROUTE`. */
export function stepName({ section, exercise, title }: TrackedStep): string {
  return `${section} · ${exercise} › ${title}`;
}

function outcomeOf(run: HistoryRun, step: TrackedStep, tracked: Tracked): string {
  const sighting = tracked.sightings.get(run.id)?.get(step);
  if (sighting === undefined) return '-';
  return sighting.failedIn.length > 0 ? 'f' : 'p';
}

function noteOf(run: HistoryRun): string {
  const lab = labState(run.lab);
  const browsers = run.browsers.map(({ name, version }) => `${browserLabel(name)} ${version ?? ''}`.trim());
  const parts = [
    ...browsers,
    ...(lab === undefined ? [] : [`lab ${lab}`]),
    `Labwright ${run.tool.version}`,
    ...(run.cluster === undefined ? [] : [`OpenShift ${run.cluster.openshiftVersion}`]),
  ];
  return plain(parts.join(', '));
}

function numberOf(known: Map<string, number>, text: string): number {
  const number = known.get(text) ?? known.size;
  known.set(text, number);
  return number;
}

/** JSON that is safe inside a script element: it can neither end the element nor start a comment. */
export function embedded(data: unknown): string {
  return JSON.stringify(plainAll(data)).replace(
    /[<>&\u2028\u2029]/g,
    (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
