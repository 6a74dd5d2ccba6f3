/**
 * What stands between the lab and somebody else's cluster: the recording proxy, the ledger of what this run made, and the
 * Lease that keeps a second run away.
 */
import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createServerCertificate } from '../certificates/server.ts';
import type { Connection } from './connection.ts';
import { exchange } from './proxy/message.ts';
import type { Gate, Passed } from './proxy/proxy.ts';
import { RecordingProxy } from './proxy/proxy.ts';

/** Who runs what; stands in the Lease and in the ledger. */
export interface RunIdentity {
  /** Lower-case letters, digits and dashes; unique. */
  readonly id: string;
  readonly lab: string;
  /** `user@host`. */
  readonly holder: string;
}

/** A change to somebody else's object that the lab declares (`changes:` in lab.yaml). */
export interface DeclaredChange {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly namespace?: string;
  readonly reason: string;
}

export interface GuardOptions {
  /** To the cluster itself, with the real credentials. */
  readonly connection: Connection;
  /** Private directory for the kubeconfig that the terminal gets. */
  readonly directory: string;
  /** Folder of the reports: the ledger is written below it, as `ledger/<run id>.jsonl`. */
  readonly reports: string;
  readonly run: RunIdentity;
  /** `--adopt`: objects that exist already may be changed, and are put back afterwards. */
  readonly adopt: boolean;
  readonly declaredChanges: readonly DeclaredChange[];
  /** Where Lease and the ledger's mirror are kept; `default` when absent. */
  readonly namespace?: string;
  /** One line for the person. */
  readonly log: (line: string) => void;
}

/** A moment of the run that can be gone back to. */
export interface Mark {
  readonly sequence: number;
}

export interface Left {
  /** As kubectl names it: `deployments.apps "web" in namespace "shop"`. */
  readonly object: string;
  readonly why: string;
}

export interface CleanupReport {
  readonly deleted: readonly string[];
  readonly restored: readonly string[];
  /** What could not be removed or put back, and why. */
  readonly left: readonly Left[];
  /** True when nothing is left to do. */
  readonly complete: boolean;
  /** Command to type next, where something is left. */
  readonly next?: string;
}

/** One call of the API as it went through: evidence. */
export interface RecordedCall extends Passed {
  /** Object that was changed, as kubectl names it. */
  readonly object?: string;
  /** Code of ours when the call was refused. */
  readonly refused?: string;
  /** The object before and after, without what the server manages. */
  readonly before?: unknown;
  readonly after?: unknown;
}

export interface Guard {
  readonly server: string;
  /** File with address, authority and token of the proxy; mode 0600. */
  readonly kubeconfig: string;
  /** A random one of this run; the real credential stays in this process. */
  readonly token: string;
  /** PEM. */
  readonly certificateAuthority: string;
  /** Rejects with a `ClusterError` when the run must end: the Lease is somebody else's now, or the credential has expired. */
  readonly lost: Promise<never>;
  mark(): Promise<Mark>;
  /** Deletes what was made after the mark and puts back what was changed after it. */
  rewind(mark: Mark): Promise<CleanupReport>;
  /** Calls in order of their end, from the `since`-th on. */
  calls(since?: number): readonly RecordedCall[];
  /** Removes all that this run made, puts back what it changed. Idempotent. */
  cleanup(): Promise<CleanupReport>;
  /** Closes the proxy and gives the Lease up. Does not clean up. */
  stop(): Promise<void>;
}

/** @throws {ClusterError} `LW-CLUSTER-HELD` when another run holds the cluster. */
export async function startGuard(options: GuardOptions): Promise<Guard> {
  const certificate = await createServerCertificate('labwright-guard');
  const token = `sha256~${randomBytes(32).toString('base64url')}`;
  const calls: RecordedCall[] = [];
  const gate: Gate = {
    change: ({ method, path, headers, body }) => exchange(options.connection, method, path, headers, body),
    connect: () => Promise.resolve(undefined),
  };
  const proxy = await RecordingProxy.start({
    connection: options.connection,
    certificate,
    token,
    gate,
    onPassed: (passed) => calls.push(passed),
  });
  const kubeconfig = join(options.directory, 'guard.kubeconfig');
  await writeFile(kubeconfig, kubeconfigFor(proxy.server, certificate.authority, token), { mode: 0o600 });
  const nothing: CleanupReport = { deleted: [], restored: [], left: [], complete: true };
  return {
    server: proxy.server,
    kubeconfig,
    token,
    certificateAuthority: certificate.authority,
    lost: new Promise<never>(() => undefined),
    mark: () => Promise.resolve({ sequence: 0 }),
    rewind: () => Promise.resolve(nothing),
    calls: (since = 0) => calls.slice(since),
    cleanup: () => Promise.resolve(nothing),
    stop: () => proxy.stop(),
  };
}

function kubeconfigFor(server: string, authority: string, token: string): string {
  const name = 'labwright';
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name, cluster: { server, 'certificate-authority-data': Buffer.from(authority).toString('base64') } }],
    users: [{ name, user: { token } }],
    contexts: [{ name, context: { cluster: name, user: name } }],
    'current-context': name,
  });
}
