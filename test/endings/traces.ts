/** Finds the processes and files that a run leaves behind, by its own directory for temporary files. */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as after } from 'node:timers/promises';

/** A run takes ten seconds to its first step; on a machine that is busy with other things much longer. */
const START_MS = 240_000;

export interface Process {
  readonly pid: number;
  readonly command: string;
}

/** Processes with `directory` in their environment or command line, however indirectly the run started them. */
export function processesOf(directory: string): Process[] {
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry) && Number(entry) !== process.pid)
    .flatMap((entry) => {
      const command = read(`/proc/${entry}/cmdline`).replaceAll('\0', ' ').trim();
      const ofRun = command.includes(directory) || read(`/proc/${entry}/environ`).includes(directory);
      return ofRun && command !== '' ? [{ pid: Number(entry), command }] : [];
    });
}

/** Network namespaces of the run's processes, except this process's own. */
export function namespacesOf(processes: readonly Process[]): Set<string> {
  const own = readlinkSync('/proc/self/ns/net');
  const all = processes.map(({ pid }) => {
    try {
      return readlinkSync(`/proc/${pid}/ns/net`);
    } catch {
      return own;
    }
  });
  return new Set(all.filter((namespace) => namespace !== own));
}

/** Waits for a process of the run whose command matches. */
export async function untilRuns(directory: string, pattern: RegExp, signal?: AbortSignal): Promise<Process> {
  const deadline = Date.now() + START_MS;
  for (;;) {
    const found = processesOf(directory).find(({ command }) => pattern.test(command));
    if (found !== undefined) return found;
    if (Date.now() > deadline || signal?.aborted === true)
      throw new Error(`nothing that matches ${pattern} has started`);
    // The kernel reports only the caller's own children, so this polls.
    await after(50);
  }
}

/** Waits until nothing is left. @returns what is still left after the timeout. */
export async function remains(
  directory: string,
  timeoutMs: number,
): Promise<{ processes: Process[]; files: string[] }> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const processes = processesOf(directory);
    const files = filesOf(directory);
    if ((processes.length === 0 && files.length === 0) || Date.now() > deadline) return { processes, files };
    await after(50);
  }
}

/** Ignores the empty parent of the hosts' directories, and files that browsers leave. */
function filesOf(directory: string): string[] {
  return readdirSync(directory)
    .filter((entry) => entry.startsWith('labwright'))
    .flatMap((entry) =>
      /^labwright-\d+$/.test(entry) ? readdirSync(join(directory, entry)).map((host) => join(entry, host)) : [entry],
    );
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
