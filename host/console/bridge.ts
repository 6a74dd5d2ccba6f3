/** Runs a web console against a sandbox: on loopback, with the sandbox's token and authority, for as long as the sandbox. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { freePort, type Sandbox, SandboxError, stopperOf } from '../../sandbox/index.ts';
import type { ConsoleBuild } from './build.ts';

export interface Bridge {
  /** `http://127.0.0.1:PORT`. */
  readonly address: string;
  readonly port: number;
  /** Idempotent. */
  stop(): Promise<void>;
}

const READY_WITHIN_MS = 60_000;
const LOOK_MS = 100;
const ENDS_WITHIN_MS = 2_000;
const LOG_TAIL = 1_000;

/**
 * @param directory for its log and the files that it reads; created, private.
 * @throws {SandboxError} `LW-CONSOLE-START` with the end of its log, if it does not answer.
 */
export async function startBridge(
  build: ConsoleBuild,
  sandbox: Pick<Sandbox, 'server' | 'token' | 'certificateAuthority'>,
  directory: string,
): Promise<Bridge> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const authority = join(directory, 'authority.pem');
  const token = join(directory, 'token');
  await Promise.all([
    writeFile(authority, sandbox.certificateAuthority, { mode: 0o600 }),
    writeFile(token, sandbox.token, { mode: 0o600 }),
  ]);
  const port = await freePort();
  const address = `http://127.0.0.1:${port}`;
  const logFile = join(directory, 'bridge.log');
  const child = run(build, address, logFile, {
    ...settingsFor(sandbox.server),
    // As arguments they would be visible in the process list.
    BRIDGE_K8S_AUTH_BEARER_TOKEN: sandbox.token,
    BRIDGE_K8S_MODE_OFF_CLUSTER_SERVICE_ACCOUNT_BEARER_TOKEN_FILE: token,
    SSL_CERT_FILE: authority,
  });
  const stop = stopperOf(child, { ask: () => child.kill('SIGTERM'), withinMs: ENDS_WITHIN_MS });
  try {
    await untilHealthy(child, address);
  } catch (error) {
    await stop();
    const why = error instanceof Error ? error.message : String(error);
    const log = readFileSync(logFile, 'utf8').slice(-LOG_TAIL).replaceAll(sandbox.token, '[redacted]');
    throw new SandboxError('LW-CONSOLE-START', `The web console ${build.bridge} did not start: ${why}\n${log}`);
  }
  return { address, port, stop };
}

/** Bridge also reads its options from environment variables, and ignores those that its release does not have. */
function settingsFor(server: string): Record<string, string> {
  return {
    BRIDGE_USER_AUTH: 'disabled',
    BRIDGE_K8S_MODE: 'off-cluster',
    BRIDGE_K8S_MODE_OFF_CLUSTER_ENDPOINT: server,
    // Up to 4.12; without effect later.
    BRIDGE_K8S_AUTH: 'bearer-token',
    BRIDGE_USER_SETTINGS_LOCATION: 'localstorage',
    BRIDGE_BRANDING: 'openshift',
  };
}

/** It is killed with this process, however this process ends (`setpriv`, part of util-linux). */
function run(build: ConsoleBuild, address: string, logFile: string, env: Record<string, string>): ChildProcess {
  const log = openSync(logFile, 'a', 0o600);
  const bridge = [build.bridge, `--listen=${address}`, `--public-dir=${build.publicDirectory}`];
  const child = spawn('setpriv', ['--pdeathsig', 'KILL', '--', ...bridge], {
    cwd: build.workingDirectory,
    env: { PATH: process.env['PATH'] ?? '', ...env },
    stdio: ['ignore', log, log],
  });
  child.on('error', () => undefined);
  closeSync(log);
  return child;
}

/** @throws if it ends first, or does not answer in time. */
async function untilHealthy(child: ChildProcess, address: string): Promise<void> {
  const deadline = performance.now() + READY_WITHIN_MS;
  const ended = once(child, 'exit').then(([code, signal]) => {
    throw new Error(`it ended with ${signal ?? `exit code ${code}`}`);
  });
  ended.catch(() => undefined);
  while (performance.now() < deadline) {
    if (await Promise.race([answers(`${address}/health`), ended])) return;
    // There is no signal when it starts listening.
    await Promise.race([pause(LOOK_MS), ended]);
  }
  throw new Error(`it did not answer within ${READY_WITHIN_MS / 1_000} s`);
}

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(url, { signal: AbortSignal.timeout(READY_WITHIN_MS) })).ok;
  } catch {
    return false;
  }
}
