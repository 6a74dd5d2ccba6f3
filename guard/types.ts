/** Input and output of the guard (`guard.ts`). */

import type { Connection } from '../kube/connection.ts';
import type { Observation } from '../model/evidence.ts';
import type { DeclaredChange } from '../model/lab.ts';
import type { Passed } from './proxy/proxy.ts';

/** Who runs what; recorded in the Lease and the ledger. */
export interface RunIdentity {
  /** Lower-case letters, digits and dashes; unique. */
  readonly id: string;
  readonly lab: string;
  /** `user@host`. */
  readonly holder: string;
}

export interface GuardOptions {
  /** To the cluster itself, with the real credentials. */
  readonly connection: Connection;
  /** Private directory for the terminal's kubeconfig. */
  readonly directory: string;
  /** Folder of the reports: the ledger is written below it, as `ledger/<run id>.jsonl`. */
  readonly reports: string;
  readonly run: RunIdentity;
  /** `--adopt`: existing objects may be changed, and are restored afterwards. */
  readonly adopt: boolean;
  readonly declaredChanges: readonly DeclaredChange[];
  /** Namespace of the Lease and the ledger's replica; `default` if absent. */
  readonly namespace?: string;
  /** Prints one line for the user. */
  readonly log: (line: string) => void;
}

/** A point in the run that can be returned to. */
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
  /** What could not be removed or restored, and why. */
  readonly left: readonly Left[];
  /** True when nothing is left to do. */
  readonly complete: boolean;
  /** Next command to run, if something is left. */
  readonly next?: string;
}

/** One completed call of the API: evidence. */
export interface RecordedCall extends Passed {
  /** Object that was changed, as kubectl names it. */
  readonly object?: string;
  /** Labwright's error code if the call was refused. */
  readonly refused?: string;
  /** The object before and after, without server-managed fields. */
  readonly before?: unknown;
  readonly after?: unknown;
}

/** An object that is about to be created past the proxy. */
export interface ExpectedObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly namespace?: string;
}

export interface Guard {
  readonly server: string;
  /** File with address, authority and token of the proxy; mode 0600. */
  readonly kubeconfig: string;
  /** A random token for this run; the real credential stays in this process. */
  readonly token: string;
  /** PEM. */
  readonly certificateAuthority: string;
  /** Rejects with a `ClusterError` if the run must end: another run has taken over the Lease, or the credential has expired. */
  readonly lost: Promise<never>;
  mark(): Promise<Mark>;
  /**
   * Notes objects that a browser is about to create in the cluster's own pages, so that they belong to the run.
   * @returns a function to call when that is over, which records what exists by then.
   */
  announce(expected: readonly ExpectedObject[]): Promise<() => Promise<void>>;
  /** Deletes what was created after the mark and restores what was changed after it. */
  rewind(mark: Mark): Promise<CleanupReport>;
  /** What the calls from the `since`-th on did, for a step's evidence; undefined if there is nothing to report. */
  observed(since: number): Observation | undefined;
  /** Calls in the order in which they ended, from the `since`-th on. */
  calls(since?: number): readonly RecordedCall[];
  /** Removes everything that this run created, and restores what it changed. Idempotent. */
  cleanup(): Promise<CleanupReport>;
  /** Closes the proxy and releases the Lease. Does not clean up. */
  stop(): Promise<void>;
}
