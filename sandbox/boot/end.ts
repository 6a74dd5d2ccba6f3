/** Ends the process inside at once, with everything in it. */
import { rmSync } from 'node:fs';

export interface Ending {
  (reason: string, exitCode?: number): void;
  /** Removes the directory too: after `kill -9` of the host nothing else does. */
  remove(directory: string): void;
}

export function ending(): Ending {
  let directory: string | undefined;
  const end = (reason: string, exitCode = 0): void => {
    console.log(`ending: ${reason}`);
    // The kernel kills the rest when PID 1 exits; until then, nothing may write into the directory any more.
    if (process.pid === 1) killAll();
    // After an internal error the host still reads the log there.
    if (directory !== undefined && exitCode === 0) rmSync(directory, { recursive: true, force: true, maxRetries: 3 });
    process.exit(exitCode);
  };
  return Object.assign(end, {
    remove: (path: string) => {
      directory = path;
    },
  });
}

/** Every process of this PID namespace but this one. */
function killAll(): void {
  try {
    process.kill(-1, 'SIGKILL');
  } catch {
    // There was no such file.
  }
}
