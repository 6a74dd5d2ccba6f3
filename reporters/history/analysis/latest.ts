/** The state of each section when it was last played in a series. */
import type { Status } from '../../run.ts';
import type { HistoryRun, HistorySection } from '../record.ts';
import type { Series } from './series.ts';

export interface SectionState {
  readonly number: number;
  readonly title: string;
  readonly status: Status;
  /** Browsers in which it did not pass. */
  readonly browsers: readonly string[];
  readonly run: HistoryRun;
}

/** By section number; a run of some sections says nothing about the others. */
export function latestSections(series: Series): Map<number, SectionState> {
  const states = new Map<number, SectionState>();
  for (const run of series.runs) {
    for (const section of run.sections) {
      const status = statusOf(section);
      if (status === undefined || status === 'not run') continue;
      const browsers = new Set(section.exercises.filter((e) => e.status !== 'passed').map((e) => e.browser));
      states.set(section.number, { ...section, status, browsers: [...browsers], run });
    }
  }
  return states;
}

/** The worst of its exercises. */
function statusOf(section: HistorySection): Status | undefined {
  const order: readonly Status[] = ['failed', 'interrupted', 'blocked', 'not run', 'passed'];
  return order.find((status) => section.exercises.some((exercise) => exercise.status === status));
}

/** One letter for the verdict of a run: certified, partial, failed, or not judged (`n`: nothing was found about the lab). */
export function verdictLetter({ verdict }: HistoryRun): 'c' | 'p' | 'f' | 'n' {
  if (verdict.kind === 'certified') return 'c';
  if (verdict.exitCode === 0) return 'p';
  return verdict.exitCode === 1 ? 'f' : 'n';
}

/** Every exercise was played, so its duration is comparable. */
export function isWhole(run: HistoryRun): boolean {
  const exercises = run.sections.flatMap((section) => section.exercises);
  const played = exercises.every(({ status }) => status === 'passed' || status === 'failed');
  return played && exercises.length > 0 && run.verdict.kind !== 'partial' && 'cfp'.includes(verdictLetter(run));
}
