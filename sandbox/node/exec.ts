/** Commands run beside a container's program: probes of the kind `exec`, `kubectl exec`. */
import { type ChildProcess, spawn } from 'node:child_process';
import { findTool } from '../runtime/programs.ts';
import type { ContainerRunner } from './container.ts';
import { exitStatus } from './container-process.ts';

const NSENTER = findTool('nsenter') ?? 'nsenter';
const HAS_SCRIPT = findTool('script');

export interface ExecOptions {
  readonly command: readonly string[];
  readonly tty: boolean;
  readonly stdin: boolean;
}

/** Starts a command in a running container, with the environment of its program. Undefined when nothing runs there. */
export function spawnInside(
  runner: ContainerRunner,
  hostNetwork: boolean,
  options: ExecOptions,
): ChildProcess | undefined {
  const process = runner.process;
  if (process === undefined) return undefined;
  const enter = process.enter(hostNetwork);
  const start = 'cd "$1" 2>/dev/null; shift; exec "$@"';
  const inside = ['sh', '-c', start, 'sh', process.workingDir, ...options.command];
  const terminal = options.tty && HAS_SCRIPT !== undefined;
  const command = terminal ? [HAS_SCRIPT, '-qefc', inside.map(quote).join(' '), '/dev/null'] : inside;
  return spawn(NSENTER, [...enter, '--', ...command], {
    stdio: [options.stdin ? 'pipe' : 'ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...(options.tty ? { TERM: 'xterm' } : {}) },
    detached: true,
  });
}

export async function execInside(
  runner: ContainerRunner,
  hostNetwork: boolean,
  command: readonly string[],
  timeoutMs: number,
): Promise<{ code: number; output: string }> {
  const child = spawnInside(runner, hostNetwork, { command, tty: false, stdin: false });
  if (child === undefined) return { code: 1, output: 'the container is not running' };
  let output = '';
  const collect = (chunk: Buffer): void => {
    output += chunk;
  };
  child.stdout?.on('data', collect);
  child.stderr?.on('data', collect);
  return new Promise((resolve) => {
    const late = setTimeout(() => {
      killGroup(child);
      resolve({ code: 124, output: `command timed out after ${timeoutMs} ms` });
    }, timeoutMs);
    child.once('error', (error) => resolve({ code: 127, output: error.message }));
    child.once('close', (code, signal) => {
      clearTimeout(late);
      resolve({ code: exitStatus(code, signal).exitCode, output });
    });
  });
}

/** Ends a command and what it started. */
export function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    // It has ended.
  }
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
