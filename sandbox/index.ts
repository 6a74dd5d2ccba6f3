/** `startSandbox`: starts an embedded OpenShift cluster that lives as long as this process. See `types.ts`. */
import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { createServerCertificate } from '../certificates/server.ts';
import { portOf } from '../model/ports.ts';
import { makeDirectory, remove, sweep } from './boot/directory.ts';
import { writeKubeconfig } from './boot/kubeconfig.ts';
import { type Launch, launch } from './boot/launch.ts';
import type { HostSettings } from './boot/protocol.ts';
import { findRealPrograms } from './boot/real/programs.ts';
import { newSecrets, type Secrets } from './boot/secrets.ts';
import { openSockets } from './boot/sockets.ts';
import { requireEnvoy, requireTools } from './boot/tools.ts';
import { stopperOf } from './runtime/stopper.ts';
import type { Sandbox, SandboxOptions } from './types.ts';

export { freePort } from '../model/ports.ts';
export { consoleHost, consoleSocket } from './boot/console.ts';
export { SandboxError } from './boot/error.ts';
export { findApiPrograms, findIstiod } from './boot/real/programs.ts';
export { IMITATIONS } from './imitations.ts';
export { builtInImages } from './node/images.ts';
export { releaseFigures } from './openshift/release.ts';
export { stopperOf } from './runtime/stopper.ts';
export type { ControlPlane, Sandbox, SandboxOptions } from './types.ts';

const NODES = ['worker-0', 'worker-1', 'worker-2'];
const ENDS_WITHIN_MS = 2_000;
const SERVICE_CIDR = '172.30.0.0/16';
/** Address of the Service `kubernetes`: the first of the network. */
const API_SERVICE = '172.30.0.1';

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
    return await start({ options, settings, certificate, programs, ownsDirectory });
  } catch (error) {
    if (ownsDirectory) await remove(directory);
    throw error;
  }
}

async function start(wanted: Omit<Launch, 'sockets' | keyof Secrets>): Promise<Sandbox> {
  const { settings, certificate, ownsDirectory } = wanted;
  const sockets = await openSockets(wanted.options.reuseAddressesOf);
  const ports = { api: portOf(sockets.api), proxy: portOf(sockets.proxy) };
  const { token, developerToken, passwords } = newSecrets();
  const { child, ended } = await launch({ ...wanted, sockets, token, developerToken, passwords });
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
    pid: child.pid ?? 0,
    directory: settings.directory,
    ended,
    stop: stopperOf(child, {
      // PID 1 exits when the channel closes.
      ask: () => child.connected && child.disconnect(),
      withinMs: ENDS_WITHIN_MS,
      after: async () => {
        if (ownsDirectory) await remove(settings.directory);
      },
    }),
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
