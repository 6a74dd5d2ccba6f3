/** Commands run in a container: `exec` probes and `kubectl exec`. */
import { type ChildProcess, spawn } from 'node:child_process';
import { shellQuote } from '../../model/shell-quote.ts';
import { findTool } from '../runtime/programs.ts';
import { type ContainerProcess, type ExitStatus, exitOf } from './container-process.ts';
import { type OutputPipes, outputPipes } from './output.ts';

const NSENTER = findTool('nsenter') ?? 'nsenter';
const HAS_SCRIPT = findTool('script');

export interface ExecOptions {
  readonly command: readonly string[];
  readonly tty: boolean;
  readonly stdin: boolean;
}

export interface Inside {
  readonly child: ChildProcess;
  readonly output: OutputPipes;
  readonly exit: Promise<ExitStatus>;
}

/** Starts a command in a container, with its program's environment. Undefined if the program has exited. */
export async function spawnInside(
  process: ContainerProcess,
  hostNetwork: boolean,
  options: ExecOptions,
): Promise<Inside | undefined> {
  const pipes = await outputPipes();
  if (process.ended) {
    pipes.close();
    return undefined;
  }
  const enter = process.enter(hostNetwork);
  const start = 'cd "$1" 2>/dev/null; shift; exec "$@"';
  const inside = ['sh', '-c', start, 'sh', process.workingDir, ...options.command];
  const terminal = options.tty && HAS_SCRIPT !== undefined;
  const command = terminal ? [HAS_SCRIPT, '-qefc', inside.map(shellQuote).join(' '), '/dev/null'] : inside;
  const child = spawn(NSENTER, [...enter, '--', ...command], {
    stdio: [options.stdin ? 'pipe' : 'ignore', ...pipes.ends],
    env: { ...process.env, ...(options.tty ? { TERM: 'xterm' } : {}) },
    detached: true,
  });
  pipes.handOver();
  child.stdin?.on('error', () => undefined);
  return { child, output: pipes, exit: exitOf(child, pipes) };
}

/** Runs a command in a container to its end, or to its deadline (exit code 124), and collects its output. */
export async function execInside(
  process: ContainerProcess,
  hostNetwork: boolean,
  command: readonly string[],
  timeoutMs: number,
): Promise<{ code: number; output: string }> {
  const inside = await spawnInside(process, hostNetwork, { command, tty: false, stdin: false });
  if (inside === undefined) return { code: 1, output: 'the container is not running' };
  const { child, output: pipes, exit } = inside;
  let output = '';
  const collect = (chunk: Buffer): void => {
    output += chunk;
  };
  pipes.stdout.on('data', collect);
  pipes.stderr.on('data', collect);
  return new Promise((resolve) => {
    const late = setTimeout(() => {
      killGroup(child);
      resolve({ code: 124, output: `command timed out after ${timeoutMs} ms` });
    }, timeoutMs);
    child.once('error', (error) => resolve({ code: 127, output: error.message }));
    void exit.then(({ exitCode }) => {
      clearTimeout(late);
      resolve({ code: exitCode, output });
    });
  });
}

/** Kills a command and what it started. */
export function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    // It has exited.
  }
}
