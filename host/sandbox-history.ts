/** A sandbox behind the guard: its ledger, written for shared clusters, also undoes changes of a sandbox. */
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { startGuard } from '../guard/guard.ts';
import { Connection } from '../kube/connection.ts';
import type { Lab } from '../model/lab.ts';
import type { ProvidedCluster, ProviderOptions } from './cluster-provider.ts';

/** @returns the sandbox as reached through the guard; stopping it stops both. */
export async function withHistory(
  sandbox: ProvidedCluster,
  lab: Lab,
  { directory }: ProviderOptions,
): Promise<ProvidedCluster> {
  const connection = await Connection.open(sandbox.kubeconfig);
  const guard = await startGuard({
    connection,
    directory,
    reports: join(directory, 'history'),
    run: { id: randomUUID(), lab: lab.name, holder: 'labwright' },
    adopt: true,
    declaredChanges: lab.changes,
    log: () => undefined,
  });
  return {
    ...sandbox,
    server: guard.server,
    kubeconfig: guard.kubeconfig,
    login: { token: guard.token, certificateAuthority: guard.certificateAuthority },
    history: {
      mark: () => guard.mark(),
      announce: (expected) => guard.announce(expected),
      rewind: async (mark) => {
        const { complete, left } = await guard.rewind(mark);
        if (!complete) throw new Error(left.map(({ object, why }) => `${object}: ${why}`).join('; '));
      },
      watch: () => () => undefined,
    },
    stop: async () => {
      await guard.stop().catch(() => undefined);
      connection.close();
      await sandbox.stop();
    },
  };
}
