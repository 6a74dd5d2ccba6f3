/** How the process inside ends: at once, taking everything along. */
import { rmSync } from 'node:fs';

export interface Ending {
  (reason: string): void;
  /** This directory goes too: after `kill -9` of the host nobody else is there to remove it. */
  remove(directory: string): void;
}

export function ending(): Ending {
  let directory: string | undefined;
  const end = (reason: string): void => {
    console.log(`ending: ${reason}`);
    // The kernel kills what is left when PID 1 goes; before that, nobody may write into the directory any more.
    if (process.pid === 1) killAll();
    if (directory !== undefined) rmSync(directory, { recursive: true, force: true, maxRetries: 3 });
    process.exit(0);
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
    // There was none.
  }
}
