/** The table of a bench: the built-in control plane and, if it was measured, the real one. */
import type { Series, Summary } from './measure.ts';

export interface Result {
  readonly measurement: string;
  readonly name: string;
  readonly series: Series;
  readonly ours: Outcome;
  readonly real?: Outcome;
}

export type Outcome = { readonly figures: readonly number[]; readonly summary: Summary } | { readonly error: string };

/** Undefined if there is no limit. */
export function isKept({ series, ours, real }: Result): boolean | undefined {
  if ('error' in ours) return false;
  const under = series.limit === undefined ? undefined : ours.summary.median < series.limit;
  const ratio = ratioOf(ours, real);
  const better = series.better === undefined || ratio === undefined ? undefined : ratio >= series.better;
  if (under === undefined && better === undefined) return undefined;
  return under !== false && better !== false;
}

/** The real control plane's figure, divided by the built-in one's. */
export function ratioOf(ours: Outcome, real: Outcome | undefined): number | undefined {
  if (real === undefined || 'error' in real || 'error' in ours) return undefined;
  return real.summary.median / ours.summary.median;
}

export function table(results: readonly Result[]): string {
  const rows = [['measurement', 'ours', 'spread (n)', 'real', 'real ÷ ours', 'wanted', ''], ...results.map(row)];
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((cells) => cells[column]?.length ?? 0)));
  const line = (cells: readonly string[]): string =>
    cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ');
  return rows.map((cells) => line(cells).trimEnd()).join('\n');
}

function row(result: Result): string[] {
  const { series, ours, real } = result;
  const ratio = ratioOf(ours, real);
  const wanted = [
    ...(series.limit === undefined ? [] : [`< ${series.limit} ${series.unit}`]),
    ...(series.better === undefined ? [] : [`≥ ${series.better}×`]),
  ].join(', ');
  const kept = isKept(result);
  return [
    series.what,
    medianOf(ours, series),
    'error' in ours ? '' : spreadOf(ours.summary),
    real === undefined ? '' : medianOf(real, series),
    ratio === undefined ? '' : `${ratio.toFixed(1)}×`,
    wanted,
    kept === undefined ? '' : kept ? 'kept' : 'MISSED',
  ];
}

function medianOf(outcome: Outcome, { unit }: Series): string {
  return 'error' in outcome ? 'not measured' : `${shown(outcome.summary.median)} ${unit}`;
}

function spreadOf({ lowest, highest, repetitions }: Summary): string {
  return `${shown(lowest)}–${shown(highest)} (${repetitions})`;
}

function shown(figure: number): string {
  return figure >= 100 ? figure.toFixed(0) : figure.toFixed(1);
}
