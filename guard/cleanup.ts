/** Completes the cleanup of runs that were interrupted: by ctrl-C, `kill -9`, a lost connection, or lost reports. */
import { KubernetesApi } from '../kube/api.ts';
import { ClusterError, Connection } from '../kube/connection.ts';
import { Discovery } from '../kube/discovery.ts';
import { Rest } from '../kube/rest.ts';
import { closeBooks, STATE_NAMESPACE } from './guard.ts';
import { ClusterLease } from './lease.ts';
import { Cleaner } from './ledger/cleanup.ts';
import { Ledger, localRuns } from './ledger/ledger.ts';
import { OwnershipResolver } from './ledger/ownership.ts';
import { SecretReplica } from './ledger/replica.ts';
import type { CleanupReport } from './types.ts';

export interface CleanupOptions {
  readonly kubeconfig: string;
  readonly context?: string;
  /** Only this run; if absent, all runs of this cluster that are not cleaned up. */
  readonly run?: string;
  readonly reports: string;
  readonly namespace?: string;
  readonly log: (line: string) => void;
  /** Stops between two steps and releases the cluster. */
  readonly signal?: AbortSignal;
}

export interface RunCleanup extends CleanupReport {
  readonly run: string;
}

/**
 * Reads the ledger on this machine or, if there is none, the cluster's copy.
 * @returns one report per run; none if nothing was left to do.
 * @throws {ClusterError} `LW-CLUSTER-HELD` while a run is playing, `LW-NO-RUN`, `LW-LEDGER`, `LW-LEASE`.
 * @throws {ApiError} if the cluster is unavailable, or refuses the credential.
 */
export async function cleanUpRuns(options: CleanupOptions): Promise<readonly RunCleanup[]> {
  const connection = await Connection.open(options.kubeconfig, options.context);
  try {
    const rest = new Rest(connection, (why) => options.log(`repeating a request to the cluster: ${why}`));
    const runs = await unfinished(options, rest, connection.server.origin);
    const reports: RunCleanup[] = [];
    for (const { id, local } of runs) reports.push(await cleanUp(options, connection, rest, id, local));
    return reports;
  } finally {
    connection.close();
  }
}

async function unfinished(
  { reports, run, namespace = STATE_NAMESPACE }: CleanupOptions,
  rest: Rest,
  server: string,
): Promise<readonly { id: string; local: boolean }[]> {
  const here = await localRuns(reports);
  const there = await SecretReplica.runs(rest, namespace);
  const locals = here.filter(({ begin }) => begin.server === server);
  if (run !== undefined) {
    const elsewhere = here.find(({ id, begin }) => id === run && begin.server !== server);
    if (elsewhere !== undefined && !there.includes(run))
      throw new ClusterError(
        'LW-NO-RUN',
        `run ${run} played on ${elsewhere.begin.server}, not on ${server}`,
        'npx labwright cleanup --kubeconfig F, with the kubeconfig of that cluster',
      );
    if (elsewhere === undefined && !there.includes(run) && !locals.some(({ id }) => id === run))
      throw new ClusterError(
        'LW-NO-RUN',
        `there is no ledger of run ${run} in ${reports} or on ${server}; the runs found are: ${[...new Set([...locals.map(({ id }) => id), ...there])].join(', ') || 'none'}`,
        'npx labwright cleanup --kubeconfig F',
      );
    return [{ id: run, local: here.some(({ id }) => id === run) }];
  }
  const open = locals.filter(({ id, done }) => !done || there.includes(id)).map(({ id }) => id);
  return [...new Set([...open, ...there])].map((id) => ({ id, local: here.some((one) => one.id === id) }));
}

async function cleanUp(
  options: CleanupOptions,
  connection: Connection,
  rest: Rest,
  id: string,
  local: boolean,
): Promise<RunCleanup> {
  const { reports, namespace = STATE_NAMESPACE, log } = options;
  const kept = await SecretReplica.load(rest, namespace, id, (why) =>
    log(`the ledger's copy on the cluster is behind: ${why}`),
  );
  const ledger = local
    ? await Ledger.resume(reports, id, kept.replica)
    : Ledger.fromReplica(kept.entries, kept.replica);
  const lease = await ClusterLease.acquire({ rest, namespace, run: ledger.run });
  try {
    log(
      `run ${id} of ${ledger.run.holder}, begun ${ledger.begin.at}, from ${local ? 'its ledger here' : 'the copy on the cluster'}`,
    );
    const api = new KubernetesApi(connection);
    const discovery = new Discovery(rest);
    const owners = new OwnershipResolver({ rest, discovery, inventory: ledger.inventory, adopt: false, declared: [] });
    const { signal } = options;
    const report = await new Cleaner({ rest, api, ledger, owners, log, ...(signal && { signal }) }).run();
    if (report.complete) await closeBooks(ledger, rest, kept.replica);
    return { run: id, ...report };
  } finally {
    await ledger.close();
    await lease.release();
  }
}
