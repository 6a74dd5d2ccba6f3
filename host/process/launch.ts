/** Starts the host process and returns where it listens. */
import { type ChildProcess, fork } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { ClusterChoice } from './choice.ts';
import type { ControlPlaneName } from './control-plane.ts';

/** A compile cache for this clone, so that later starts are faster; Node works without it if it can't be written. */
const COMPILE_CACHE = join(import.meta.dirname, '../../.labwright/compile-cache');

export interface HostOptions {
  /** Name of the release to imitate; the lab's first one if absent. */
  readonly release?: string;
  /** Which parts of a sandbox's control plane are real; none if absent. */
  readonly controlPlane?: ControlPlaneName;
  /** A real cluster instead of sandboxes; all browsers share it. */
  readonly cluster?: ClusterChoice;
}

export interface Host {
  /** Unix socket for `HostClient.connect`; also what `LABWRIGHT_HOST` names. */
  readonly socket: string;
  readonly pid: number;
  /** Stops the host and everything it started. Idempotent. */
  stop(): Promise<void>;
  /** Resolves, with the reason, when the host has ended. */
  readonly ended: Promise<string>;
  /** Lets the host live on when this process ends. */
  detach(): Promise<void>;
}

/** @throws if the host does not start, with its output. */
export async function launchHost(options: HostOptions = {}): Promise<Host> {
  const child = fork(join(import.meta.dirname, 'main.ts'), [JSON.stringify(options)], {
    // A separate process group: ctrl-C in the terminal reaches the runner, which lets the host clean up in order.
    detached: true,
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    execArgv: ['--disable-warning=ExperimentalWarning'],
    // Inherited by the sandbox, whose start consists mostly of loading modules.
    env: { NODE_COMPILE_CACHE: COMPILE_CACHE, ...process.env },
  });
  const socket = await untilReady(child);
  return {
    socket,
    pid: child.pid ?? 0,
    stop: () => stop(child, dirname(socket)),
    ended: new Promise((resolve) => child.once('exit', (code, signal) => resolve(signal ?? `exit code ${code}`))),
    detach: () =>
      new Promise((resolve) => {
        child.send('detach', () => {
          child.disconnect();
          child.stderr?.destroy();
          child.unref();
          resolve();
        });
      }),
  };
}

/** @returns the path of the socket, which is the first thing that the host prints. */
function untilReady(child: ChildProcess): Promise<string> {
  let said = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    said += chunk.toString('utf8');
    process.stderr.write(chunk);
  });
  return new Promise((resolve, reject) => {
    child.once('message', (message) => resolve(String(message)));
    child.once('error', reject);
    child.once('exit', (code, signal) =>
      reject(new Error(`the host process ended before it was ready (${signal ?? `exit code ${code}`})\n${said}`)),
    );
  });
}

async function stop(child: ChildProcess, directory: string): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) {
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGTERM');
    await ended;
  }
  // A killed host could not do it.
  await rm(directory, { recursive: true, force: true });
}
