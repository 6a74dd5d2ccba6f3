/** What a measurement is, and how its repetitions are summarized. */
import type { ControlPlaneName } from '../host/process/control-plane.ts';

export interface Series {
  /** One line: what is measured, from when to when. */
  readonly what: string;
  readonly unit: 'ms' | 's' | 'MiB' | '%' | '×';
  /** The limit for the built-in control plane, in the same unit. */
  readonly limit?: number;
  /** How many times better than the real control plane the built-in one must be. */
  readonly better?: number;
}

export interface Measurement {
  /** As on the command line: `npm run bench -- start`. */
  readonly name: string;
  readonly series: Readonly<Record<string, Series>>;
  /** Whether the real control plane can be measured as well. */
  readonly compares: boolean;
  /** One figure per repetition, by the name of the series. */
  run(on: ControlPlaneName): Promise<Readonly<Record<string, readonly number[]>>>;
}

export interface Summary {
  readonly median: number;
  readonly lowest: number;
  readonly highest: number;
  readonly repetitions: number;
}

/** @throws when there is no figure. */
export function summarize(figures: readonly number[]): Summary {
  const sorted = [...figures].sort((a, b) => a - b);
  const [lowest, highest] = [sorted.at(0), sorted.at(-1)];
  const upper = sorted[Math.floor(sorted.length / 2)];
  const lower = sorted[Math.floor((sorted.length - 1) / 2)];
  if (lowest === undefined || highest === undefined || upper === undefined || lower === undefined) {
    throw new Error('nothing was measured');
  }
  return { median: (lower + upper) / 2, lowest, highest, repetitions: sorted.length };
}

/** Milliseconds that `work` takes. */
export async function timed(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

/** As many figures as asked for, one after the other. */
export async function repeated(times: number, measure: (turn: number) => Promise<number>): Promise<number[]> {
  const figures: number[] = [];
  for (let turn = 0; turn < times; turn += 1) figures.push(await measure(turn));
  return figures;
}
