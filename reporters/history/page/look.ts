/** Everything that one lab's part of the page is generated from, analysed once. */
import { type Flaky, flakes, type OpenFailure, openFailures } from '../analysis/failures.ts';
import { type Regression, regressions } from '../analysis/regressions.ts';
import { type LabHistory, type Series, seriesName } from '../analysis/series.ts';
import { type Tracked, type TrackedStep, trackSteps } from '../analysis/steps.ts';
import { type WaitTrend, waitTrends } from '../analysis/waits.ts';

export interface Look {
  readonly lab: LabHistory;
  /** Keeps the anchors of several labs apart. */
  readonly prefix: string;
  readonly tracked: Tracked;
  readonly failures: readonly OpenFailure[];
  readonly flakes: readonly Flaky[];
  readonly regressions: readonly Regression[];
  readonly waits: readonly WaitTrend[];
  /** For people; short if there is nothing to distinguish. */
  readonly nameOf: (series: Series) => string;
  /** Addresses of certificates, by the run's id. */
  readonly certificates: ReadonlyMap<string, string>;
}

export function lookAt(lab: LabHistory, index: number, certificates: ReadonlyMap<string, string>): Look {
  const tracked = trackSteps(lab.runs);
  return {
    lab,
    prefix: `lab-${index}`,
    tracked,
    failures: openFailures(lab, tracked),
    flakes: flakes(lab, tracked),
    regressions: regressions(lab, tracked),
    waits: waitTrends(lab, tracked),
    certificates,
    nameOf: (series) => seriesName(series, lab.series),
  };
}

/** Fewer runs than this make no chart: two points always look like a trend. */
export const FEWEST_RUNS = 3;

/** Steps whose results are drawn run by run. */
export function tapedSteps(look: Look): TrackedStep[] {
  return [...new Set([...look.failures, ...look.flakes].map(({ step }) => step))];
}
