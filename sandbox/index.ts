/** `startSandbox`: starts an embedded OpenShift cluster that lives as long as this process. See `types.ts`. */
import type { ChildProcess } from 'node:child_process';
import { randomBytes, randomInt } from 'node:crypto';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { join, resolve } from 'node:path';
import { createServerCertificate, type ServerCertificate } from '../certificates/server.ts';
import { makeDirectory, remove, sweep } from './boot/directory.ts';
import { SandboxError } from './boot/error.ts';
import { writeKubeconfig } from './boot/kubeconfig.ts';
import { explain, procRefused, spawnInside } from './boot/namespaces.ts';
import type { HostSettings, Passwords, SocketMessage, StartMessage, ToHost } from './boot/protocol.ts';
import { findRealPrograms, type RealPrograms } from './boot/real/programs.ts';
import { requireEnvoy, requireTools } from './boot/tools.ts';
import type { Sandbox, SandboxOptions } from './types.ts';

export { consoleHost, consoleSocket } from './boot/console.ts';
export { SandboxError } from './boot/error.ts';
export { findApiPrograms, findIstiod } from './boot/real/programs.ts';
export { IMITATIONS } from './imitations.ts';
export { builtInImages } from './node/images.ts';
export { releaseFigures } from './openshift/release.ts';
export type { ControlPlane, Sandbox, SandboxOptions } from './types.ts';

const NODES = ['worker-0', 'worker-1', 'worker-2'];
const LOG_TAIL = 4_000;
const SERVICE_CIDR = '172.30.0.0/16';
/** Address of the Service `kubernetes`: the first of the network. */
const API_SERVICE = '172.30.0.1';

interface Sockets {
  readonly api: Server;
  readonly proxy: Server;
}

/**
 * Starts a sandbox and resolves when its cluster is ready or, with `until: 'api'`, when its API answers. It ends with this process
 * at the latest, however this process ends.
 * @throws {SandboxError} with a code and the command that fixes it.
 */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  requireTools();
  const envoy = requireEnvoy();
  const programs = findRealPrograms(options.controlPlane ?? { api: 'ours', mesh: 'ours' });
  void sweep();
  const ownsDirectory = options.directory === undefined;
  const directory = options.directory === undefined ? await makeDirectory() : resolve(options.directory);
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const settings = settingsOf(options, directory, envoy);
  try {
    // Creating the certificate takes about as long as loading the process inside.
    const certificate = createServerCertificate(undefined, [API_SERVICE, settings.nodeAddress]);
    certificate.catch(() => undefined);
    return await launch({ options, settings, certificate, programs, ownsDirectory });
  } catch (error) {
    if (ownsDirectory) await remove(directory);
    throw error;
  }
}

interface Launch {
  readonly options: SandboxOptions;
  readonly settings: HostSettings;
  readonly certificate: Promise<ServerCertificate>;
  readonly programs: RealPrograms;
  readonly ownsDirectory: boolean;
}

async function launch(wanted: Launch): Promise<Sandbox> {
  const { settings, certificate, ownsDirectory } = wanted;
  const { reuseAddressesOf } = wanted.options;
  const sockets: Sockets = {
    api: await listen(reuseAddressesOf?.server),
    proxy: await listen(reuseAddressesOf?.proxy),
  };
  const ports = { api: portOf(sockets.api), proxy: portOf(sockets.proxy) };
  const token = newToken();
  const developerToken = newToken();
  const passwords = { admin: newPassword(), developer: newPassword() };
  const secrets = { token, developerToken, passwords };
  const first = await begin({ ...wanted, ...secrets, sockets, mountProc: true });
  const inside = first ?? (await begin({ ...wanted, ...secrets, sockets, mountProc: false }));
  if (inside === undefined) throw new SandboxError('LW-SANDBOX-START', 'The sandbox could not mount /proc.');
  const access = {
    server: `https://127.0.0.1:${ports.api}`,
    token,
    certificateAuthority: (await certificate).authority,
  };
  const kubeconfig = join(settings.directory, 'kubeconfig');
  await writeKubeconfig(kubeconfig, settings.name, access);
  const developer = {
    token: developerToken,
    password: passwords.developer,
    kubeconfig: join(settings.directory, 'developer.kubeconfig'),
  };
  await writeKubeconfig(developer.kubeconfig, settings.name, { ...access, token: developerToken }, 'developer');
  return {
    ...access,
    name: settings.name,
    password: passwords.admin,
    kubeconfig,
    developer,
    proxy: `http://127.0.0.1:${ports.proxy}`,
    appsDomain: settings.appsDomain,
    pid: inside.child.pid ?? 0,
    directory: settings.directory,
    ended: inside.ended,
    stop: stopper(inside.child, settings.directory, ownsDirectory),
  };
}

interface Beginning extends Launch {
  readonly token: string;
  readonly developerToken: string;
  readonly passwords: Passwords;
  readonly sockets: Sockets;
  readonly mountProc: boolean;
}

/** Undefined if a fresh /proc was refused: try without. @throws {SandboxError} */
async function begin(beginning: Beginning): Promise<{ child: ChildProcess; ended: Sandbox['ended'] } | undefined> {
  const { options, settings, sockets } = beginning;
  const logFile = join(settings.directory, 'sandbox.log');
  const log = openSync(logFile, 'a', 0o600);
  const child = spawnInside({ log, name: settings.name, mountProc: beginning.mountProc });
  closeSync(log);
  const ended = endOf(child).then((end) => ({ ...end, log: tail(logFile) }));
  const ready = readiness(child, options);
  ready.catch(() => undefined);
  try {
    const start: StartMessage = {
      type: 'start',
      settings,
      token: beginning.token,
      developerToken: beginning.developerToken,
      passwords: beginning.passwords,
      tls: await beginning.certificate,
      programs: beginning.programs,
      log: options.log !== undefined,
      ownsDirectory: beginning.ownsDirectory,
    };
    await send(child, start);
    await hand(child, 'api', sockets.api);
    await hand(child, 'proxy', sockets.proxy);
    const early = await Promise.race([ready, ended]);
    if (early === undefined) {
      closeHere(sockets);
      return { child, ended };
    }
  } catch (error) {
    // If the channel closes during a send, the process has ended: its log says why.
    if (error instanceof SandboxError) {
      child.kill('SIGKILL');
      closeHere(sockets);
      throw error;
    }
  }
  const end = await ended;
  if (beginning.mountProc && procRefused(end.log)) return undefined;
  closeHere(sockets);
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

/** @param before address whose port should be reused; another port if it is taken. */
async function listen(before?: string): Promise<Server> {
  const server = createServer();
  const wanted = before === undefined ? 0 : Number(new URL(before).port);
  try {
    await once(server.listen(wanted, '127.0.0.1'), 'listening');
  } catch (error) {
    if (wanted === 0) throw error;
    return listen();
  }
  return server;
}

/** In OpenShift's format. */
/** In the installer's format: four groups of five. */
function newPassword(): string {
  const letters = 'abcdefghijkmnpqrstuvwxyzABCDEFGHIJKLMNPQRSTUVWXYZ23456789';
  const group = (): string => Array.from({ length: 5 }, () => letters[randomInt(letters.length)]).join('');
  return [group(), group(), group(), group()].join('-');
}

function newToken(): string {
  return `sha256~${randomBytes(32).toString('base64url')}`;
}

function portOf(server: Server): number {
  const address = server.address() as AddressInfo;
  return address.port;
}

/** The socket continues inside; if it were open here too, this process would accept some of the connections. */
function closeHere(sockets: Sockets): void {
  sockets.api.close();
  sockets.proxy.close();
}

function stopper(child: ChildProcess, directory: string, ownsDirectory: boolean): () => Promise<void> {
  let stopping: Promise<void> | undefined;
  const stop = async (): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null) {
      const exited = once(child, 'exit');
      if (child.connected) child.disconnect();
      // PID 1 exits when the channel closes; the signal is for the case that it hangs.
      const force = setTimeout(() => child.kill('SIGKILL'), 2_000);
      await exited;
      clearTimeout(force);
    }
    if (ownsDirectory) await remove(directory);
  };
  return () => {
    stopping ??= stop();
    return stopping;
  };
}

function settingsOf(options: SandboxOptions, directory: string, envoy: string): HostSettings {
  return {
    name: options.name,
    directory,
    appsDomain: options.appsDomain ?? `apps.${options.name}.test`,
    release: options.release ?? '2.0',
    images: options.images.map((path) => resolve(path)),
    envoy,
    serviceCidr: SERVICE_CIDR,
    podCidr: '10.128.0.0/14',
    nodeAddress: '10.0.128.10',
    nodes: NODES,
    xdsSocket: join(directory, 'xds.sock'),
  };
}

function tail(file: string): string {
  try {
    return readFileSync(file, 'utf8').slice(-LOG_TAIL);
  } catch {
    return '';
  }
}
