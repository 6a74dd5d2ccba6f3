/** How a run of the soak is disturbed: drawn from a seed, so that a failed run can be repeated. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';

export interface Disturbance {
  /** Delay before the run, so that periodic work of the machine does not hit all runs at the same point. */
  readonly startDelayMs: number;
  /** Processes that compute for as long as the run lasts. */
  readonly busy: number;
  /** The longest delay of the sandbox API's answers. */
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

/** Computes until its parent is gone. It checks the parent's id, because a process that never idles receives no events. */
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
