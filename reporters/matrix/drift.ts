/** A lab on several releases, step by step: what passes everywhere, what drifts as declared, what is new. */
import type { FigureSource } from '../../model/figure-source.ts';
import type { Lab, Release, Step } from '../../model/lab.ts';
import type { HistoryExercise, HistoryRun, HistoryStep } from '../history/record.ts';

/** `passes`, `known` drift, `new`: failed without being declared, `open`: not reached, `absent`: not in this release's lab. */
export type CellKind = 'passes' | 'known' | 'new' | 'open' | 'absent';

export interface Cell {
  readonly kind: CellKind;
  /** Why it drifts, or what failed. */
  readonly reason?: string;
  /** A drift that is declared but did not occur. */
  readonly gone?: true;
}

export interface Row {
  readonly section: number;
  readonly sectionTitle: string;
  readonly exercise: string;
  readonly title: string;
  readonly verb: string;
  /** `04-gateway.yaml:9`, where the step is. */
  readonly at: string;
  /** The text of the step: steps of two labs that read the same share a row. */
  readonly yaml: string;
  /** One per release, in their order. */
  readonly cells: readonly Cell[];
}

export interface Matrix {
  readonly lab: { readonly name: string; readonly title: string };
  readonly releases: readonly ReleaseRun[];
  readonly rows: readonly Row[];
}

export interface ReleaseRun {
  readonly release: string;
  /** Undefined if nothing could be played; then `problem` says why. */
  readonly run: HistoryRun | undefined;
  readonly problem?: string;
  /** Where the sandbox has the release's figures from. */
  readonly sources?: readonly FigureSource[];
}

/** A value of a release that a step reads and that differs from the guide's. */
export interface FigureDrift {
  readonly name: string;
  readonly here: string;
  readonly guide: string;
}

/** @param played one per release, in any order: the oldest release comes first. */
export function matrixOf(
  lab: Lab,
  played: readonly ReleaseRun[],
  figuresOf: (step: Step, release: string, releases: readonly Release[]) => readonly FigureDrift[],
): Matrix {
  const runs = played.toSorted((a, b) => a.release.localeCompare(b.release, 'en', { numeric: true }));
  const rows = lab.sections.flatMap((section) =>
    section.exercises.flatMap((exercise) =>
      exercise.steps.map((step, index) => ({
        section: section.number,
        sectionTitle: section.title,
        exercise: exercise.title,
        title: step.title,
        verb: step.verb,
        yaml: step.yaml,
        at: `${step.at.file.slice(step.at.file.lastIndexOf('/') + 1)}:${step.at.line}`,
        cells: runs.map(({ release, run }) =>
          cellOf(step, figuresOf(step, release, lab.releases), exercisesOf(run, section.number, exercise.title), index),
        ),
      })),
    ),
  );
  return { lab: { name: lab.name, title: lab.title }, releases: runs, rows };
}

/** Combines several labs, each on its own releases, into one table; steps that read the same in the same section share a row. */
export function joinMatrices(matrices: readonly Matrix[]): Matrix {
  const widths = matrices.map(({ releases }) => releases.length);
  const rows = new Map<string, Row>();
  for (const [place, { rows: own }] of matrices.entries()) {
    const repeats = new Map<string, number>();
    for (const row of own) {
      const name = `${row.section}\u0000${row.yaml}`;
      const repeat = repeats.get(name) ?? 0;
      repeats.set(name, repeat + 1);
      const key = `${name}\u0000${repeat}`;
      const before = rows.get(key);
      const cells =
        before?.cells ?? widths.flatMap((width) => Array.from({ length: width }, (): Cell => ({ kind: 'absent' })));
      const from = widths.slice(0, place).reduce((sum, width) => sum + width, 0);
      rows.set(key, { ...(before ?? row), cells: cells.toSpliced(from, row.cells.length, ...row.cells) });
    }
  }
  const sorted = [...rows.values()].sort((a, b) => a.section - b.section);
  return {
    lab: {
      name: matrices.map(({ lab }) => lab.name).join(', '),
      title: matrices.map(({ lab }) => lab.title).join(' · '),
    },
    releases: matrices.flatMap(({ releases }) => releases),
    rows: sorted,
  };
}

export function count(matrix: Matrix, kind: CellKind): number {
  return matrix.rows.flatMap(({ cells }) => cells).filter((cell) => cell.kind === kind).length;
}

/** The exercise in each browser it was played in. */
function exercisesOf(run: HistoryRun | undefined, number: number, title: string): readonly HistoryExercise[] {
  const section = run?.sections.find((one) => one.number === number);
  return section?.exercises.filter((exercise) => exercise.title === title) ?? [];
}

/** The worst result in any browser. */
function cellOf(
  step: Step,
  figures: readonly FigureDrift[],
  exercises: readonly HistoryExercise[],
  index: number,
): Cell {
  const seen = exercises.map((exercise) => ({ exercise, step: exercise.steps.find((one) => one.index === index) }));
  const failed = seen.find(({ step: one }) => one?.outcome === 'failed');
  if (failed?.step !== undefined) return { kind: 'new', reason: reasonOf(failed.exercise, failed.step) };
  const played = seen.flatMap(({ step: one }) => one ?? []);
  if (played.length < seen.length || played.length === 0) return { kind: 'open' };
  const declared = played.find(({ drift }) => drift !== undefined)?.drift;
  if (declared?.shown === true) return { kind: 'known', reason: declared.because };
  if (declared !== undefined) return { kind: 'passes', gone: true, reason: declared.because };
  if (step.verb === 'apply' || figures.length === 0) return { kind: 'passes' };
  return {
    kind: 'known',
    reason: figures.map(({ name, here, guide }) => `${name} is ${here}, in the guide ${guide}`).join('; '),
  };
}

function reasonOf({ browser }: HistoryExercise, { failure }: HistoryStep): string {
  const code = failure?.code === undefined ? '' : ` (${failure.code})`;
  return `${failure?.message ?? 'it failed'}${code}, in ${browser}`;
}
