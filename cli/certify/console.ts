/** `certify --console`: there must be a web console in which browsers click, and on a cluster a user for it. */

import { findConsoleBuild } from '../../host/console/build.ts';
import { clusterConsoleAddress } from '../../host/console/cluster.ts';
import type { ClusterChoice } from '../../host/process/choice.ts';
import { KubernetesApi } from '../../kube/api.ts';
import { Connection } from '../../kube/connection.ts';
import { CliError, EXIT } from '../failure.ts';
import { askFor } from './ask.ts';

const WITHOUT = 'leave --console out: steps are then done through the API, and the certificate says so';

/**
 * @param cluster the real cluster; undefined for the sandbox.
 * @returns variables for the run: the console's user on a cluster.
 * @throws {CliError} `LW-CONSOLE-NONE`, `LW-CONSOLE-USER`; {SandboxError} `LW-CONSOLE-BUILD`.
 */
export async function requireConsole(cluster: ClusterChoice | undefined): Promise<Record<string, string>> {
  if (cluster !== undefined) {
    await requireRoute(cluster);
    return consoleUser();
  }
  if (findConsoleBuild() !== undefined) return {};
  const message = 'There is no web console for --console: LABWRIGHT_CONSOLE names none.';
  throw new CliError(
    EXIT.notFit,
    'LW-CONSOLE-NONE',
    message,
    `set LABWRIGHT_CONSOLE to the folder of a built console (docs/sandbox.md), or ${WITHOUT}`,
  );
}

async function requireRoute({ kubeconfig, context }: ClusterChoice): Promise<void> {
  const connection = await Connection.open(kubeconfig, context);
  try {
    if ((await clusterConsoleAddress(new KubernetesApi(connection))) !== undefined) return;
  } finally {
    connection.close();
  }
  const message = 'There is no web console for --console: the cluster has no Route console in openshift-console.';
  throw new CliError(EXIT.notFit, 'LW-CONSOLE-NONE', message, WITHOUT);
}

/** Given in the environment, or asked for at the terminal. Kept by this run's processes alone. */
async function consoleUser(): Promise<Record<string, string>> {
  const name = process.env['LABWRIGHT_CONSOLE_USER'] || (await askFor('User of the web console: ', 'shown'));
  const password = process.env['LABWRIGHT_CONSOLE_PASSWORD'] || (await askFor(`Password of ${name}: `, 'hidden'));
  if (name && password) return { LABWRIGHT_CONSOLE_USER: name, LABWRIGHT_CONSOLE_PASSWORD: password };
  throw new CliError(
    EXIT.usage,
    'LW-CONSOLE-USER',
    'The web console of a cluster asks for a user, and none was given.',
    'set LABWRIGHT_CONSOLE_USER and LABWRIGHT_CONSOLE_PASSWORD, or start the run at a terminal, which asks for them',
  );
}
