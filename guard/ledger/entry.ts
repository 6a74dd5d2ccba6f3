/** The lines of a ledger. What was written once is never changed: a later line says what became of an earlier one. */
import type { GroupVersionResource } from '../proxy/request-info.ts';

/** Bump when an older reader would misread a line. */
export const LEDGER_VERSION = 2;

export type Ownership =
  /** Made by this run, or in a namespace it made, or owned by such. */
  | 'ours'
  /** Somebody else's; the lab declares that it changes it. */
  | 'declared'
  /** Somebody else's; `--adopt` allows it to be changed. */
  | 'adopted'
  | 'foreign';

/** An object without what the server manages: what must be put back to undo a change. */
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
  /** Where on the cluster Lease and replica are. */
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
  /** Absent when the server makes the name up. */
  readonly name?: string;
  readonly generateName?: string;
  readonly ownership: Ownership;
  /** UID of the object as it was found; absent when there was none. */
  readonly uid?: string;
  /** Of a change or a deletion: the object before. */
  readonly before?: Snapshot;
  /** Of a creation: what was sent, to recognise the object by if its result was never learnt. */
  readonly sent?: Record<string, unknown>;
}

/** What the server answered, or, at status 0, that nobody knows. */
export interface Result {
  readonly type: 'result';
  /** Of the intent. */
  readonly seq: number;
  readonly at: string;
  readonly status: number;
  readonly uid?: string;
  readonly name?: string;
  readonly after?: Snapshot;
  /** How the result was learnt, when it was not by the answer. */
  readonly learnt?: string;
}

/** An object that exists because of one of ours, and that nothing but cleanup takes away. */
export interface Related {
  readonly type: 'related';
  readonly seq: number;
  readonly at: string;
  readonly gvr: GroupVersionResource;
  readonly name: string;
  readonly uid: string;
  readonly because: string;
  /** Goes only when the operator that made it is gone: it would make it anew. */
  readonly late?: true;
}

/** The object of this UID is no more. */
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
