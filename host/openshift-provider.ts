/** A real OpenShift cluster, given by a kubeconfig and reached through the guard. */
import { hostname, userInfo } from 'node:os';
import { join } from 'node:path';
import { trustInShells } from '../certificates/trust.ts';
import { type CleanupReport, type Guard, startGuard } from '../guard/guard.ts';
import { KubernetesApi } from '../kube/api.ts';
import { ClusterError, Connection } from '../kube/connection.ts';
import { Rest } from '../kube/rest.ts';
import type { ClusterProvider, ProvidedCluster, ProviderOptions } from './cluster-provider.ts';
import { clusterConsoleAddress } from './console/cluster.ts';
import { consoleUser } from './console/user.ts';
import type { ClusterChoice } from './process/choice.ts';
import { serveRepositories } from './repositories.ts';

type OpenShiftOptions = ProviderOptions & { readonly cluster: ClusterChoice };

/** @throws {ClusterError} if another run holds the cluster, or neither Lease nor ledger can be written. */
export const provideOpenShift: ClusterProvider<OpenShiftOptions> = async (lab, { cluster: choice, directory }) => {
  const connection = await Connection.open(choice.kubeconfig, choice.context);
  try {
    const git = choice.upstream ? {} : await serveRepositories(lab.repositories, join(directory, 'git'), choice.images);
    const guard = await startGuard({
      connection,
      directory,
      reports: choice.reports,
      run: { id: choice.run, lab: lab.name, holder: `${userInfo().username}@${hostname()}` },
      adopt: choice.adopt,
      declaredChanges: lab.changes,
      log: say,
    });
    return clusterOf({ guard, connection, choice, git, console: await consoleOf(connection) });
  } catch (error) {
    connection.close();
    throw error;
  }
};

interface Parts {
  readonly guard: Guard;
  readonly connection: Connection;
  readonly choice: ClusterChoice;
  readonly git: Readonly<Record<string, string>>;
  readonly console: ProvidedCluster['console'];
}

async function consoleOf(connection: Connection): Promise<ProvidedCluster['console']> {
  if (consoleUser() === undefined) return { why: 'no user for the web console was given' };
  const address = await clusterConsoleAddress(new KubernetesApi(connection));
  return address === undefined ? { why: 'the cluster has no web console' } : { address };
}

function clusterOf({ guard, connection, choice, git, console }: Parts): ProvidedCluster {
  const direct = [process.env['no_proxy'] ?? process.env['NO_PROXY'] ?? '', '127.0.0.1', 'localhost'];
  const around = direct.filter((part) => part !== '').join(',');
  const { proxy } = choice;
  return {
    kind: 'openshift',
    server: guard.server,
    address: connection.server.origin,
    kubeconfig: guard.kubeconfig,
    ...(proxy === undefined ? {} : { proxy }),
    login: { token: guard.token, certificateAuthority: guard.certificateAuthority },
    secrets: [guard.token, consoleUser()?.password ?? ''],
    env: {
      ...git,
      ...(choice.trust === undefined ? {} : trustInShells(choice.trust)),
      ...(proxy === undefined ? {} : { http_proxy: proxy, https_proxy: proxy }),
      // The guard listens on this machine.
      no_proxy: around,
      NO_PROXY: around,
    },
    console,
    lost: guard.lost,
    check: () => answers(connection, true),
    history: {
      mark: () => guard.mark(),
      announce: (expected) => guard.announce(expected),
      watch: () => {
        const since = guard.calls().length;
        return () => guard.observed(since);
      },
      rewind: async (mark) => {
        const report = await guard.rewind(mark);
        if (!report.complete) throw new Error(`the cluster could not be restored: ${leftOf(report)}`);
      },
    },
    stop: async () => {
      try {
        await answers(connection, false);
        if (choice.keep) say(`kept on the cluster; npx labwright cleanup --run ${choice.run} removes it`);
        else tell(await guard.cleanup());
      } catch (error) {
        const why = error instanceof Error ? error.message : String(error);
        say(`not cleaned up: ${why}\n  Next: npx labwright cleanup --run ${choice.run}`);
      } finally {
        // The Lease can't be released on an unavailable cluster: it expires.
        await guard.stop().catch(() => undefined);
        connection.close();
      }
    },
  };
}

/**
 * @param retries whether to wait through a short outage.
 * @throws {ClusterError} `LW-CLUSTER-LOST`
 */
async function answers(connection: Connection, retries: boolean): Promise<void> {
  try {
    await new Rest(connection).json('GET', '/version', { retries });
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new ClusterError(
      'LW-CLUSTER-LOST',
      `the cluster was lost: ${why}`,
      'npx labwright cleanup, once it answers again',
    );
  }
}

function tell(report: CleanupReport): void {
  say(`cleaned up: ${report.deleted.length} objects deleted, ${report.restored.length} restored`);
  if (!report.complete)
    say(`left on the cluster: ${leftOf(report)}\n  Next: ${report.next ?? 'npx labwright cleanup'}`);
}

function leftOf({ left }: CleanupReport): string {
  return left.map(({ object, why }) => `${object} (${why})`).join('; ');
}

/** To the terminal of the user who started the run. */
function say(line: string): void {
  process.stderr.write(`cluster: ${line}\n`);
}
