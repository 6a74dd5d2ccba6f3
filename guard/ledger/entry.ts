/** The lines of a ledger. A line is never changed: a later line records what happened to an earlier one. */
import type { GroupVersionResource } from '../proxy/request-info.ts';

/** Increase it if an older reader would misread a line. */
export const LEDGER_VERSION = 2;

export type Ownership =
  /** Created by this run, or in a namespace it created, or owned by such an object. */
  | 'ours'
  /** Belongs to someone else; the lab declares that it changes it. */
  | 'declared'
  /** Belongs to someone else; `--adopt` allows changing it. */
  | 'adopted'
  | 'foreign';

/** An object without server-managed fields: what must be restored to undo a change. */
export interface Snapshot {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string; readonly [key: string]: unknown };
  readonly [key: string]: unknown;
}

export interface Begin {
  readonly type: 'begin';
  readonly version: typeof LEDGER_VERSION;
  readonly at: string;
  readonly run: { readonly id: string; readonly lab: string; readonly holder: string };
  readonly server: string;
  /** Namespace of the Lease and the replica on the cluster. */
  readonly namespace: string;
}

/** Written before the call is forwarded. */
export interface Intent {
  readonly type: 'intent';
  readonly seq: number;
  /** The server's clock, ISO 8601. */
  readonly at: string;
  readonly action: 'create' | 'change' | 'delete';
  readonly gvr: GroupVersionResource;
  /** Absent if the server generates the name. */
  readonly name?: string;
  readonly generateName?: string;
  readonly ownership: Ownership;
  /** UID of the object as found; absent if there was none. */
  readonly uid?: string;
  /** For a change or a deletion: the object before. */
  readonly before?: Snapshot;
  /** For a creation: what was sent, to recognize the object if the result was never learned. */
  readonly sent?: Record<string, unknown>;
}

/** The server's answer or, with status 0, no answer. */
export interface Result {
  readonly type: 'result';
  /** Sequence number of the intent. */
  readonly seq: number;
  readonly at: string;
  readonly status: number;
  readonly uid?: string;
  readonly name?: string;
  readonly after?: Snapshot;
  /** How the result was found out, if not from the answer. */
  readonly learnt?: string;
}

/** An object that exists because of one of the run's objects, and that only cleanup removes. */
export interface Related {
  readonly type: 'related';
  readonly seq: number;
  readonly at: string;
  readonly gvr: GroupVersionResource;
  readonly name: string;
  readonly uid: string;
  readonly because: string;
  /** Must be removed after the operator that created it, which would otherwise recreate it. */
  readonly late?: true;
}

/** The object with this UID is gone. */
export interface Gone {
  readonly type: 'gone';
  readonly at: string;
  readonly uid: string;
}

/** The changes of these intents are undone. */
export interface Restored {
  readonly type: 'restored';
  readonly at: string;
  readonly seqs: readonly number[];
}

export interface Marked {
  readonly type: 'mark';
  readonly seq: number;
  readonly at: string;
}

/** Everything is cleaned up. */
export interface Done {
  readonly type: 'done';
  readonly at: string;
}

export type Entry = Begin | Intent | Result | Related | Gone | Restored | Marked | Done;
