/** A sandbox for one session. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type ControlPlane, findIstiod, type Sandbox, SandboxError, startSandbox } from '../sandbox/index.ts';
import type { ClusterProvider, ProvidedCluster, ProviderOptions } from './cluster-provider.ts';
import { type SandboxConsole, startConsole } from './console/index.ts';
import type { ControlPlaneName } from './process/control-plane.ts';
import { serveRepositories } from './repositories.ts';
import { withHistory } from './sandbox-history.ts';

/** @throws {SandboxError} if it does not start. */
export const provideSandbox: ClusterProvider = async (lab, options) => {
  const controlPlane = controlPlaneOf(options.controlPlane ?? 'ours');
  const starting = startSandbox({
    name: options.name,
    images: existsSync(lab.images) ? [lab.images] : [],
    controlPlane,
    ...(options.before?.sandbox === undefined ? {} : { reuseAddressesOf: options.before.sandbox }),
    ...(lab.releases.length === 0 ? {} : { release: options.release }),
  });
  const serving = serveRepositories(lab.repositories, join(options.directory, 'git'));
  const [started, served] = await Promise.allSettled([starting, serving]);
  // A sandbox that is no longer needed must not keep running.
  if (served.status === 'rejected' && started.status === 'fulfilled') await started.value.stop();
  const [sandbox, git] = await Promise.all([starting, serving]);
  const webConsole = await consoleFor(sandbox, options);
  let stopping = false;
  const lost = sandbox.ended.then(({ reason, fault, log }) =>
    stopping ? new Promise<never>(() => undefined) : Promise.reject(endedError(options.name, { reason, fault, log })),
  );
  // Callers that use it get the error.
  lost.catch(() => undefined);
  const provided: ProvidedCluster = {
    kind: 'sandbox',
    server: sandbox.server,
    kubeconfig: sandbox.kubeconfig,
    proxy: sandbox.proxy,
    login: { token: sandbox.token, certificateAuthority: sandbox.certificateAuthority },
    secrets: [sandbox.token, sandbox.password, sandbox.developer.token, sandbox.developer.password],
    env: { ...git, ...shellVariables(sandbox) },
    sandbox,
    console: webConsole === undefined ? { why: 'there was no web console' } : { address: webConsole.address },
    realParts: [
      ...(controlPlane.api === 'real' ? ['kube-apiserver'] : []),
      ...(controlPlane.mesh === 'real' ? ['istiod'] : []),
    ],
    lost,
    stop: async () => {
      stopping = true;
      await webConsole?.stop();
      await sandbox.stop();
    },
  };
  return options.rewindable === true ? withHistory(provided, lab, options) : provided;
};

/** With these the guide's commands work as printed. */
function shellVariables({ password, developer, proxy }: Sandbox): Readonly<Record<string, string>> {
  const direct = '127.0.0.1,localhost';
  return {
    LABWRIGHT_USER: 'admin',
    LABWRIGHT_PASSWORD: password,
    LABWRIGHT_DEVELOPER_PASSWORD: developer.password,
    http_proxy: proxy,
    https_proxy: proxy,
    no_proxy: direct,
    NO_PROXY: direct,
  };
}

/** A sandbox that goes back by its history is played without browsers. */
async function consoleFor(sandbox: Sandbox, options: ProviderOptions): Promise<SandboxConsole | undefined> {
  if (options.rewindable === true) return undefined;
  try {
    return await startConsole(sandbox, options.directory);
  } catch (error) {
    await sandbox.stop();
    throw error;
  }
}

function controlPlaneOf(name: ControlPlaneName): ControlPlane {
  const istiod = name === 'real-mesh' || (name === 'real' && findIstiod() !== undefined);
  return { api: name === 'real' || name === 'real-api' ? 'real' : 'ours', mesh: istiod ? 'real' : 'ours' };
}

function endedError(name: string, { reason, fault, log }: Awaited<Sandbox['ended']>): SandboxError {
  const last = log.trimEnd().split('\n').slice(-5).join('\n  ');
  const said = last === '' ? '' : `; its log ends:\n  ${last}`;
  return new SandboxError(
    fault ? 'LW-SANDBOX-CRASHED' : 'LW-SANDBOX-ENDED',
    `The sandbox ${name} ended unexpectedly (${reason})${said}`,
    'start the run again',
  );
}
