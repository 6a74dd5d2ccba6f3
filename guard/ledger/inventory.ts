/** Derives from a ledger's lines which objects are held, which changes are in effect, and which calls have no known outcome. */
import type { GroupVersionResource } from '../proxy/request-info.ts';
import type { Entry, Intent, Ownership, Snapshot } from './entry.ts';

export interface Held {
  readonly uid: string;
  readonly gvr: GroupVersionResource;
  readonly name: string;
  /** Order in which it came. */
  readonly seq: number;
  readonly because?: string;
  /** Removed only after its operator is gone. */
  readonly late?: true;
}

/** All changes to one object, combined. */
export interface Altered {
  readonly uid: string;
  readonly gvr: GroupVersionResource;
  readonly name: string;
  readonly seqs: readonly number[];
  readonly ownership: Ownership;
  readonly before: Snapshot;
  /** The state after the last of the changes; absent if it was not learned. */
  readonly after?: Snapshot;
  readonly deleted: boolean;
}

export class Inventory {
  readonly #intents = new Map<number, Intent>();
  /** Intents whose result is known. */
  readonly #resolved = new Set<number>();
  /** Intents whose call ended without an answer. */
  readonly #unknown = new Set<number>();
  readonly #held = new Map<string, Held>();
  readonly #changes: { intent: Intent & { before: Snapshot; uid: string }; after?: Snapshot }[] = [];
  readonly #restored = new Set<number>();
  readonly #adopted = new Set<string>();
  #done = false;

  constructor(entries: readonly Entry[]) {
    for (const entry of entries) this.add(entry);
  }

  get done(): boolean {
    return this.#done;
  }

  add(entry: Entry): void {
    if (entry.type === 'intent') this.#intents.set(entry.seq, entry);
    else if (entry.type === 'result') this.#resolve(entry);
    else if (entry.type === 'related')
      this.#held.set(entry.uid, {
        uid: entry.uid,
        gvr: entry.gvr,
        name: entry.name,
        seq: entry.seq,
        because: entry.because,
        ...(entry.late === undefined ? {} : { late: entry.late }),
      });
    else if (entry.type === 'gone') this.#held.delete(entry.uid);
    else if (entry.type === 'restored') for (const seq of entry.seqs) this.#restored.add(seq);
    else if (entry.type === 'done') this.#done = true;
  }

  isHeld(uid: string): boolean {
    return this.#held.has(uid);
  }

  isAdopted(uid: string): boolean {
    return this.#adopted.has(uid);
  }

  /** In the order of the ledger. @param since only those after this sequence number. */
  held(since = 0): readonly Held[] {
    return [...this.#held.values()].filter(({ seq }) => seq > since).sort((a, b) => a.seq - b.seq);
  }

  namespace(name: string): Held | undefined {
    return [...this.#held.values()].find((one) => one.gvr.resource === 'namespaces' && one.name === name);
  }

  isUnknown(seq: number): boolean {
    return this.#unknown.has(seq);
  }

  /** Announced creations and changes without a known outcome. */
  inDoubt(): readonly Intent[] {
    return [...this.#intents.values()].filter(({ seq }) => !this.#resolved.has(seq));
  }

  /** Objects that were changed or deleted after `since` and are not restored yet. */
  altered(since = 0): readonly Altered[] {
    const byUid = new Map<string, Altered>();
    for (const { intent, after } of this.#changes) {
      if (intent.seq <= since || this.#restored.has(intent.seq)) continue;
      const first = byUid.get(intent.uid);
      byUid.set(intent.uid, {
        uid: intent.uid,
        gvr: intent.gvr,
        name: intent.name ?? intent.before.metadata.name,
        seqs: [...(first?.seqs ?? []), intent.seq],
        ownership: first?.ownership ?? intent.ownership,
        before: first?.before ?? intent.before,
        ...(after === undefined ? {} : { after }),
        deleted: intent.action === 'delete',
      });
    }
    return [...byUid.values()];
  }

  #resolve(result: Extract<Entry, { type: 'result' }>): void {
    const intent = this.#intents.get(result.seq);
    if (intent === undefined) return;
    if (result.status === 0) return void this.#unknown.add(result.seq);
    this.#resolved.add(result.seq);
    if (result.status >= 300) return;
    const { action, uid, before, ownership } = intent;
    const name = result.name ?? intent.name;
    if (action === 'create' && result.uid !== undefined && name !== undefined)
      this.#held.set(result.uid, { uid: result.uid, gvr: intent.gvr, name, seq: intent.seq });
    if (action !== 'create' && uid !== undefined && before !== undefined) {
      this.#changes.push({
        intent: { ...intent, uid, before },
        ...(result.after === undefined ? {} : { after: result.after }),
      });
      if (ownership === 'adopted' || ownership === 'declared') this.#adopted.add(uid);
    }
  }
}
