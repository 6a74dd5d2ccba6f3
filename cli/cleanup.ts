/** `labwright cleanup`: removes from a cluster what interrupted runs created there. */
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { cleanUpRuns } from '../guard/cleanup.ts';
import { ClusterError } from '../kube/connection.ts';
import { ApiError } from '../kube/rest.ts';
import { CliError, EXIT, type ExitCode } from './failure.ts';
import { ROOT } from './lab.ts';

export interface CleanupOptions {
  readonly kubeconfig?: string;
  readonly context?: string;
  readonly run?: string;
  readonly reports?: string;
  readonly json?: true;
}

/**
 * @returns 3 if something could not be removed.
 * @throws {CliError}
 */
export async function cleanup(options: CleanupOptions): Promise<ExitCode> {
  const kubeconfig = options.kubeconfig ?? process.env['KUBECONFIG'] ?? join(homedir(), '.kube', 'config');
  if (!existsSync(kubeconfig))
    throw new CliError(EXIT.usage, 'LW-NO-KUBECONFIG', `There is no file ${kubeconfig}.`, 'name one with --kubeconfig');
  const interrupted = new AbortController();
  process.once('SIGINT', () => interrupted.abort());
  process.once('SIGTERM', () => interrupted.abort());
  const { context, run, reports = join(ROOT, 'reports') } = options;
  try {
    const cleaned = await cleanUpRuns({
      kubeconfig,
      reports,
      signal: interrupted.signal,
      log: (line) => console.error(line),
      ...(context === undefined ? {} : { context }),
      ...(run === undefined ? {} : { run }),
    });
    if (options.json === true) console.log(JSON.stringify(cleaned, undefined, 2));
    else for (const line of told(cleaned)) console.log(line);
    return cleaned.every(({ complete }) => complete) ? EXIT.certified : EXIT.notFit;
  } catch (error) {
    if (interrupted.signal.aborted) {
      console.error('Interrupted; the ledger records what is left.\n  Next: run the same command again');
      return EXIT.interrupted;
    }
    throw explained(error, kubeconfig);
  }
}

function told(cleaned: Awaited<ReturnType<typeof cleanUpRuns>>): string[] {
  if (cleaned.length === 0) return ['Nothing to clean up: no run has left anything on this cluster.'];
  return cleaned.flatMap(({ run, deleted, restored, left, complete }) => [
    `Run ${run}: ${deleted.length} deleted, ${restored.length} restored, ${left.length} left.`,
    ...left.map(({ object, why }) => `  left: ${object}: ${why}`),
    ...(complete ? [] : [`  Next: resolve this, then npx labwright cleanup --run ${run}  (LW-CLEANUP-LEFT)`]),
  ]);
}

function explained(error: unknown, kubeconfig: string): unknown {
  if (error instanceof ClusterError) {
    const exit = error.code === 'LW-NO-RUN' || error.code === 'LW-KUBECONFIG' ? EXIT.usage : EXIT.notFit;
    return new CliError(exit, error.code, error.message, error.next);
  }
  if (!(error instanceof ApiError)) return error;
  if (error.code === 401)
    return new CliError(
      EXIT.notFit,
      'LW-TOKEN-EXPIRED',
      `The cluster does not accept the credential in ${kubeconfig}: ${error.message}`,
      'log in again (oc login), then run the same command',
    );
  return new CliError(
    EXIT.lost,
    'LW-CLUSTER-LOST',
    error.message,
    'run the same command once the cluster answers again',
  );
}
