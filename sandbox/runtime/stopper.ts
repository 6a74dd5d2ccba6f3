/** Ends child processes. */
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';

export interface StopperOptions {
  /** Asks the process to end. */
  readonly ask: () => void;
  /** Milliseconds after which a process that has not ended is killed. */
  readonly withinMs: number;
  /** Runs once the process has ended. */
  readonly after?: () => Promise<void>;
}

/** @returns a function that stops the process, and resolves when it has ended. Idempotent. */
export function stopperOf(child: ChildProcess, { ask, withinMs, after }: StopperOptions): () => Promise<void> {
  let stopping: Promise<void> | undefined;
  const stop = async (): Promise<void> => {
    const runs = child.exitCode === null && child.signalCode === null && child.pid !== undefined;
    if (runs) {
      const exited = once(child, 'exit');
      ask();
      const force = setTimeout(() => child.kill('SIGKILL'), withinMs);
      await exited;
      clearTimeout(force);
    }
    await after?.();
  };
  return () => {
    stopping ??= stop();
    return stopping;
  };
}
