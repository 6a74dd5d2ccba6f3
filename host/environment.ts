/** A running cluster together with the lab's terminal. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { KubernetesApi } from '../kube/api.ts';
import { Connection } from '../kube/connection.ts';
import type { Lab } from '../model/lab.ts';
import type { ProvidedCluster, ProviderOptions } from './cluster-provider.ts';
import { provideOpenShift } from './openshift-provider.ts';
import { redactor } from './redact.ts';
import { provideSandbox } from './sandbox-provider.ts';
import { openTerminal } from './shell.ts';
import type { BashTerminal } from './terminal.ts';

export interface Environment {
  readonly cluster: ProvidedCluster;
  readonly terminal: BashTerminal;
  /** The same with a new shell. */
  anew(): Promise<Environment>;
  readonly api: KubernetesApi;
  readonly openshiftVersion: string;
  /** Ends the terminal and the processes it started, then the cluster. */
  close(): Promise<void>;
}

/**
 * @param options.directory private; created here, removed by the caller.
 * @throws if the cluster does not start.
 */
export async function openEnvironment(lab: Lab, options: ProviderOptions): Promise<Environment> {
  await mkdir(options.directory, { recursive: true, mode: 0o700 });
  const cluster = await provide(lab, options);
  try {
    const connection = await Connection.open(cluster.kubeconfig, cluster.context);
    const api = new KubernetesApi(connection);
    const version = await openshiftVersion(api);
    let shells = 0;
    const withShell = async (): Promise<Environment> => {
      shells += 1;
      const directory = join(options.directory, `shell-${shells}`);
      const terminal = await openTerminal(cluster, directory, redactor(cluster.secrets));
      return {
        cluster,
        terminal,
        api,
        openshiftVersion: version,
        anew: async () => {
          await terminal.stop();
          return withShell();
        },
        close: async () => {
          await terminal.stop();
          connection.close();
          await cluster.stop();
        },
      };
    };
    return await withShell();
  } catch (error) {
    await cluster.stop();
    throw error;
  }
}

function provide(lab: Lab, options: ProviderOptions): Promise<ProvidedCluster> {
  const { cluster } = options;
  return cluster === undefined ? provideSandbox(lab, options) : provideOpenShift(lab, { ...options, cluster });
}

async function openshiftVersion(api: KubernetesApi): Promise<string> {
  const kind = await api.resolveObject('config.openshift.io/v1', 'ClusterVersion');
  const version = kind === undefined ? undefined : await api.get(kind, 'version');
  const desired = version?.status?.['desired'];
  if (typeof desired === 'object' && desired !== null && 'version' in desired && typeof desired.version === 'string')
    return desired.version;
  return 'unknown';
}
