/** Starts the process with the namespaces of a sandbox, and explains the kernel's refusals. */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { findTool, toolPath } from '../runtime/programs.ts';
import { SandboxError } from './error.ts';

const MAIN = resolve(import.meta.dirname, '../main.ts');
/** By default V8's young generation grows to 48 MiB, a third of what the process uses; half of that is enough. */
const NURSERY = '--max-semi-space-size=8';
const CACHE = resolve(import.meta.dirname, '../../.labwright/cache');

export interface SpawnOptions {
  /** File descriptor of the log. */
  readonly log: number;
  readonly name: string;
  /** False if /proc is masked (in containers), so that a fresh one can't be mounted. */
  readonly mountProc: boolean;
}

/** Spawns `main.ts` as PID 1 of new namespaces. It ends when the IPC channel closes, with everything it started. */
export function spawnInside(options: SpawnOptions): ChildProcess {
  const root = process.getuid?.() === 0;
  const flags = [
    ...(root ? [] : ['--user', '--map-root-user']),
    ...['--net', '--mount', '--uts', '--pid', '--fork', '--kill-child'],
    ...(options.mountProc ? ['--mount-proc'] : []),
  ];
  // A separate session: ctrl-C in a terminal goes to the parent, which decides when the sandbox ends.
  return spawn(findTool('unshare') ?? 'unshare', [...flags, process.execPath, NURSERY, MAIN, options.name], {
    stdio: ['ignore', options.log, options.log, 'ipc'],
    detached: true,
    env: environment(),
  });
}

function environment(): NodeJS.ProcessEnv {
  const { NODE_OPTIONS: _, NODE_V8_COVERAGE: __, ...rest } = process.env;
  return { ...rest, PATH: toolPath(), NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'] ?? CACHE };
}

/** True if the log says that only the fresh /proc was refused. */
export function procRefused(log: string): boolean {
  return /unshare: (mount|cannot change) .*\/proc|mount \/proc failed/.test(log);
}

const REFUSED = /unshare: .*(Operation not permitted|No space left on device|Permission denied|Invalid argument)/;

/** The error if the process ended before it was ready. `log` is the end of its output. */
export function explain(log: string, reason: string): SandboxError {
  if (!REFUSED.test(log) && !/uid_map/.test(log)) {
    return new SandboxError(
      'LW-SANDBOX-START',
      `The sandbox ended before it was ready (${reason}). Its log ends:\n${log}`,
    );
  }
  const sysctl = blockingSetting();
  if (sysctl !== undefined) {
    return new SandboxError(
      'LW-SANDBOX-USERNS',
      `This machine does not let ordinary users make namespaces (${sysctl.name} is ${sysctl.seen}).`,
      `sudo sysctl ${sysctl.name}=${sysctl.wanted}, or run as root`,
    );
  }
  const inside = existsSync('/.dockerenv') || existsSync('/run/.containerenv');
  const cause = inside
    ? 'this is a container, whose seccomp profile blocks them: start it with --security-opt seccomp=unconfined or --privileged'
    : `the kernel said: ${log.trim().split('\n').at(-1) ?? ''}`;
  return new SandboxError(
    'LW-SANDBOX-USERNS',
    `The sandbox cannot make its namespaces; ${cause}.`,
    'npx labwright doctor',
  );
}

/** The kernel setting that forbids user namespaces, if any. */
export function blockingSetting(): { name: string; seen: number; wanted: number } | undefined {
  const settings = [
    { name: 'kernel.apparmor_restrict_unprivileged_userns', bad: (value: number) => value === 1, wanted: 0 },
    { name: 'kernel.unprivileged_userns_clone', bad: (value: number) => value === 0, wanted: 1 },
    { name: 'user.max_user_namespaces', bad: (value: number) => value === 0, wanted: 15_000 },
    { name: 'user.max_net_namespaces', bad: (value: number) => value < 32, wanted: 15_000 },
  ];
  for (const { name, bad, wanted } of settings) {
    try {
      const seen = Number(readFileSync(join('/proc/sys', name.replaceAll('.', '/')), 'utf8'));
      if (bad(seen)) return { name, seen, wanted };
    } catch {
      // The kernel does not have this setting.
    }
  }
  return undefined;
}
