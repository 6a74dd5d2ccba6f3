/** What the guard is told and what it tells (`guard.ts`). */

import type { Connection } from '../kube/connection.ts';
import type { Observation } from '../model/evidence.ts';
import type { DeclaredChange } from '../model/lab.ts';
import type { Passed } from './proxy/proxy.ts';

/** Who runs what; stands in the Lease and in the ledger. */
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
  /** Private directory for the kubeconfig that the terminal gets. */
  readonly directory: string;
  /** Folder of the reports: the ledger is written below it, as `ledger/<run id>.jsonl`. */
  readonly reports: string;
  readonly run: RunIdentity;
  /** `--adopt`: objects that exist already may be changed, and are put back afterwards. */
  readonly adopt: boolean;
  readonly declaredChanges: readonly DeclaredChange[];
  /** Where Lease and the ledger's replica are kept; `default` when absent. */
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
  /** What the calls from the `since`-th on did, for a step's evidence; undefined when that is nothing worth telling. */
  observed(since: number): Observation | undefined;
  /** Calls in order of their end, from the `since`-th on. */
  calls(since?: number): readonly RecordedCall[];
  /** Removes all that this run made, puts back what it changed. Idempotent. */
  cleanup(): Promise<CleanupReport>;
  /** Closes the proxy and gives the Lease up. Does not clean up. */
  stop(): Promise<void>;
}
