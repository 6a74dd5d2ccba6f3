/** Starts the process inside the sandbox's namespaces and waits until it is ready. */
import type { ChildProcess } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import type { Server } from 'node:net';
import { join } from 'node:path';
import type { ServerCertificate } from '../../certificates/server.ts';
import type { Sandbox, SandboxOptions } from '../types.ts';
import { SandboxError } from './error.ts';
import { explain, procRefused, spawnInside } from './namespaces.ts';
import type { HostSettings, SocketMessage, StartMessage, ToHost } from './protocol.ts';
import type { RealPrograms } from './real/programs.ts';
import type { Secrets } from './secrets.ts';
import { closeSockets, type Sockets } from './sockets.ts';

const LOG_TAIL = 4_000;

export interface Launch extends Secrets {
  readonly options: SandboxOptions;
  readonly settings: HostSettings;
  readonly certificate: Promise<ServerCertificate>;
  readonly programs: RealPrograms;
  readonly ownsDirectory: boolean;
  readonly sockets: Sockets;
}

/** The process inside, and how it ends. */
export interface Inside {
  readonly child: ChildProcess;
  readonly ended: Sandbox['ended'];
}

/** Resolves when the sandbox is ready, or its API if that was asked for. @throws {SandboxError} */
export async function launch(wanted: Launch): Promise<Inside> {
  const inside = (await begin(wanted, true)) ?? (await begin(wanted, false));
  if (inside === undefined) throw new SandboxError('LW-SANDBOX-START', 'The sandbox could not mount /proc.');
  return inside;
}

/** Undefined if a fresh /proc was refused: try without. @throws {SandboxError} */
async function begin(wanted: Launch, mountProc: boolean): Promise<Inside | undefined> {
  const { options, settings, sockets } = wanted;
  const logFile = join(settings.directory, 'sandbox.log');
  const log = openSync(logFile, 'a', 0o600);
  const child = spawnInside({ log, name: settings.name, mountProc });
  closeSync(log);
  const ended = endOf(child).then((end) => ({ ...end, log: tail(logFile) }));
  const ready = readiness(child, options);
  ready.catch(() => undefined);
  try {
    const start: StartMessage = {
      type: 'start',
      settings,
      token: wanted.token,
      developerToken: wanted.developerToken,
      passwords: wanted.passwords,
      tls: await wanted.certificate,
      programs: wanted.programs,
      log: options.log !== undefined,
      ownsDirectory: wanted.ownsDirectory,
    };
    await send(child, start);
    await hand(child, 'api', sockets.api);
    await hand(child, 'proxy', sockets.proxy);
    const early = await Promise.race([ready, ended]);
    if (early === undefined) {
      closeSockets(sockets);
      return { child, ended };
    }
  } catch (error) {
    // If the channel closes during a send, the process has ended: its log says why.
    if (error instanceof SandboxError) {
      child.kill('SIGKILL');
      closeSockets(sockets);
      throw error;
    }
  }
  const end = await ended;
  if (mountProc && procRefused(end.log)) return undefined;
  closeSockets(sockets);
  throw explain(end.log, end.reason);
}

/** Resolves with undefined when the sandbox reports that it is ready. */
function readiness(child: ChildProcess, options: SandboxOptions): Promise<undefined> {
  return new Promise((resolve, reject) => {
    child.on('message', (message: ToHost) => {
      if (message.type === 'log') options.log?.(message.line);
      if (message.type === (options.until === 'api' ? 'api' : 'ready')) resolve(undefined);
      if (message.type === 'failed') {
        reject(new SandboxError('LW-SANDBOX-START', `The sandbox could not start: ${message.message}`));
      }
    });
  });
}

/** How the process ended, or the error that it reported before. */
function endOf(child: ChildProcess): Promise<{ readonly reason: string; readonly fault: boolean }> {
  let fault: string | undefined;
  child.on('message', (message: ToHost) => {
    if (message.type === 'failed') fault = message.message;
  });
  return new Promise((resolve) => {
    const end = (how: string) => resolve({ reason: fault ?? how, fault: fault !== undefined });
    child.once('error', (error) => end(error.message));
    child.once('exit', (code, signal) => end(signal === null ? `exit code ${code}` : `signal ${signal}`));
  });
}

function send(child: ChildProcess, message: StartMessage): Promise<void> {
  return new Promise((resolve, reject) => {
    child.send(message, (error) => (error ? reject(error) : resolve()));
  });
}

function hand(child: ChildProcess, role: SocketMessage['role'], server: Server): Promise<void> {
  const message: SocketMessage = { type: 'socket', role };
  return new Promise((resolve, reject) => {
    child.send(message, server, (error) => (error ? reject(error) : resolve()));
  });
}

function tail(file: string): string {
  try {
    return readFileSync(file, 'utf8').slice(-LOG_TAIL);
  } catch {
    return '';
  }
}
