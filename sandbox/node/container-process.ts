/** One program running in a pod's namespaces. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { findTool } from '../runtime/programs.ts';
import type { OutputPipes } from './output.ts';
import { ownDepth, parsePids, REPORT_PID } from './pod-sandbox.ts';

export interface ProcessOptions {
  /** `nsenter`'s arguments. */
  readonly enter: readonly string[];
  readonly command: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly workingDir: string;
  /** Whether the program gets input; otherwise it reads /dev/null. */
  readonly input: boolean;
  /** Shell lines that mount the container's volumes. */
  readonly mounts: string;
}

export interface ExitStatus {
  readonly exitCode: number;
  readonly signal?: number;
}

const SIGNALS: Readonly<Record<string, number>> = {
  SIGHUP: 1,
  SIGINT: 2,
  SIGQUIT: 3,
  SIGILL: 4,
  SIGABRT: 6,
  SIGBUS: 7,
  SIGFPE: 8,
  SIGKILL: 9,
  SIGSEGV: 11,
  SIGPIPE: 13,
  SIGALRM: 14,
  SIGTERM: 15,
};

/**
 * A container has its own view of /proc and its volumes. Descriptor 3 reports the process id, and later that everything is
 * mounted. Hooks and `kubectl exec` must not enter before that. The descriptor is closed before the program starts.
 */
const RUN = `
{ ${REPORT_PID}; } >&3
mount -t proc proc /proc 2>/dev/null
`;
const MOUNTED = 'mounted';
const START = `
[ -d "$1" ] || mkdir -p "$1"
cd "$1" || exit 128
shift
echo ${MOUNTED} >&3
exec 3>&-
exec "$@"
`;

const DEPTH = ownDepth();
/** The full path, because the program's PATH is that of the container. */
const NSENTER = findTool('nsenter') ?? 'nsenter';

export class ContainerProcess {
  readonly child: ChildProcess;
  readonly output: OutputPipes;
  readonly env: Readonly<Record<string, string>>;
  readonly workingDir: string;
  /** Resolves with true when the volumes are mounted and the program is about to start, with false if it failed before. */
  readonly started: Promise<boolean>;
  readonly exit: Promise<ExitStatus>;
  #pids: readonly number[] = [];
  #ended = false;

  constructor(options: ProcessOptions, output: OutputPipes) {
    this.output = output;
    this.env = options.env;
    this.workingDir = options.workingDir;
    const script = `${RUN}${options.mounts}${START}`;
    const args = ['--', 'unshare', '--mount', 'sh', '-c', script, 'sh', options.workingDir, ...options.command];
    this.child = spawn(NSENTER, [...options.enter, ...args], {
      stdio: [options.input ? 'pipe' : 'ignore', ...output.ends, 'pipe'],
      env: { ...options.env },
      detached: true,
    });
    output.handOver();
    // The program may exit before its input ends.
    this.child.stdin?.on('error', () => undefined);
    this.exit = exitOf(this.child, output, 200);
    this.started = this.#readPids();
    this.child.once('exit', () => {
      this.#ended = true;
    });
  }

  get ended(): boolean {
    return this.#ended;
  }

  /** Arguments for `nsenter` that lead into this container. */
  enter(hostNetwork: boolean): string[] {
    const [pid = 0] = this.#pids;
    return ['--target', String(pid), ...(hostNetwork ? [] : ['--net']), '--uts', '--mount', '--pid'];
  }

  /** Sends a signal to the program itself. */
  kill(signal: NodeJS.Signals): void {
    const pid = this.#pids[DEPTH - 1];
    signalTo(pid, signal);
  }

  /** Kills the processes that remain in the program's process group. */
  sweep(): void {
    if (this.child.pid !== undefined) signalTo(-this.child.pid, 'SIGKILL');
  }

  async #readPids(): Promise<boolean> {
    const channel = this.child.stdio[3];
    if (!(channel instanceof Readable)) return false;
    for await (const line of createInterface({ input: channel })) {
      if (line === MOUNTED) return true;
      this.#pids = parsePids(line);
    }
    return false;
  }
}

function signalTo(pid: number | undefined, signal: NodeJS.Signals): void {
  if (pid === undefined || Number.isNaN(pid)) return;
  try {
    process.kill(pid, signal);
  } catch {
    // It has ended.
  }
}

/**
 * Resolves when the program has exited and its output is read. If a child process keeps the output open, resolves
 * `drainMs` milliseconds after the exit.
 */
export function exitOf(child: ChildProcess, { stdout, stderr }: OutputPipes, drainMs?: number): Promise<ExitStatus> {
  const read = Promise.all([stdout, stderr].map((stream) => new Promise((resolve) => stream.once('close', resolve))));
  return new Promise((resolve) => {
    child.once('error', () => resolve({ exitCode: 128 }));
    child.once('exit', (code, signal) => {
      const status = exitStatus(code, signal);
      const late = drainMs === undefined ? undefined : setTimeout(() => resolve(status), drainMs);
      void read.then(() => {
        clearTimeout(late);
        resolve(status);
      });
    });
  });
}

/** The exit code; 128 plus the number of the signal that ended the program. */
export function exitStatus(code: number | null, signal: NodeJS.Signals | null): ExitStatus {
  if (signal === null) return { exitCode: code ?? 0 };
  const number = SIGNALS[signal] ?? 0;
  return { exitCode: 128 + number, signal: number };
}
