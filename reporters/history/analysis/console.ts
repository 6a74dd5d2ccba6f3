/** Changes of the web console itself: a control that a later run found in another form. */
import type { HistoryRun } from '../record.ts';
import type { LabHistory, Series } from './series.ts';

export interface ConsoleDrift {
  readonly series: Series;
  /** The control, e.g. `update channel`. */
  readonly control: string;
  /** `radio buttons`, in the last run before. */
  readonly from: string;
  readonly before: HistoryRun;
  /** `drop-down`, in the first run that found it so. */
  readonly to: string;
  readonly since: HistoryRun;
}

/** The form of each control that the run's clicks came to. */
export function controlsOf(run: HistoryRun): Map<string, string> {
  const steps = run.sections.flatMap(({ exercises }) => exercises.flatMap((exercise) => exercise.steps));
  return new Map(
    steps.flatMap(({ console }) => (console?.controls ?? []).map(({ name, form }): [string, string] => [name, form])),
  );
}

/** Within each series, oldest first. */
export function consoleDrifts(lab: LabHistory): ConsoleDrift[] {
  return lab.series.flatMap(driftsIn);
}

function driftsIn(series: Series): ConsoleDrift[] {
  const known = new Map<string, { readonly form: string; readonly run: HistoryRun }>();
  const drifts: ConsoleDrift[] = [];
  for (const run of series.runs) {
    for (const [control, form] of controlsOf(run)) {
      const last = known.get(control);
      if (last !== undefined && last.form !== form)
        drifts.push({ series, control, from: last.form, before: last.run, to: form, since: run });
      known.set(control, { form, run });
    }
  }
  return drifts;
}
