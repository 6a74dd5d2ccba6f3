/** How a run of the soak is disturbed: drawn from a seed, so that a run that failed can be had again. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';

export interface Disturbance {
  /** The run begins that much later, so that no rhythm of the machine's meets all runs alike. */
  readonly startDelayMs: number;
  /** Processes that only compute, the run long. */
  readonly busy: number;
  /** Up to that much the sandbox's API answers later. */
  readonly apiDelayMs: number;
}

/** @param cores of the machine: up to four times as many busy processes. */
export function disturbanceOf(seed: string, run: number, cores: number): Disturbance {
  const draw = (what: string, below: number): number => {
    const hash = createHash('sha256').update(`${seed} ${run} ${what}`).digest();
    return hash.readUInt32BE() % below;
  };
  return {
    startDelayMs: draw('start', 3_000),
    busy: draw('busy', 4 * cores + 1),
    apiDelayMs: [0, 0, 20, 50, 100][draw('api', 5)] ?? 0,
  };
}

/** Computes as long as who started it is there: one that never rests hears of no event, and must outlive nobody. */
const BUSY = 'const parent = process.ppid; while (process.ppid === parent) for (let i = 0; i < 1e7; i += 1);';

export function startPressure({ busy }: Pick<Disturbance, 'busy'>): { stop(): void } {
  const children: ChildProcess[] = Array.from({ length: busy }, () =>
    spawn(process.execPath, ['-e', BUSY], { stdio: 'ignore' }),
  );
  return {
    stop: () => {
      for (const child of children) child.kill('SIGKILL');
    },
  };
}
