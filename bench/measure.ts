/** What a measurement is, and how a series of figures is summed up. */

export interface Measurement {
  /** As on the command line: `npm run bench -- start`. */
  readonly name: string;
  /** One line: what is measured, from when to when. */
  readonly what: string;
  readonly unit: 'ms' | 's' | 'MiB';
  /** What we want it to stay under, in the same unit. */
  readonly limit: number;
  /** One figure per repetition. */
  run(): Promise<number[]>;
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
