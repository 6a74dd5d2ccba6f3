/**
 * Removes only what is in the ledger, and restores what was changed. Every step is bound to a UID and recorded when it is done, so
 * it can be interrupted anywhere and started again.
 */

import type { KubernetesApi } from '../../kube/api.ts';
import { ApiError, type Rest } from '../../kube/rest.ts';
import { recordsAt } from '../../model/fields.ts';
import { describeResource, type GroupVersionResource, pathOf } from '../proxy/request-info.ts';
import type { CleanupReport, Left } from '../types.ts';
import type { Altered, Held } from './inventory.ts';
import type { Ledger } from './ledger.ts';
import { createObject, getObject } from './object.ts';
import { noteOperators, operated, whyNeeded } from './operators.ts';
import { rankOf } from './order.ts';
import type { OwnershipResolver } from './ownership.ts';
import { resolveInDoubt } from './resolve-in-doubt.ts';
import { undo } from './restore.ts';
import { awaitGone } from './wait.ts';

/** For one rank of objects to be gone. Namespaces take longest: everything in them must be gone first. */
const TIMEOUT_MS = 180_000;

export interface CleanerOptions {
  readonly rest: Rest;
  readonly api: KubernetesApi;
  readonly ledger: Ledger;
  readonly owners: OwnershipResolver;
  readonly log: (line: string) => void;
  readonly timeoutMs?: number;
  /** Stops between two steps. */
  readonly signal?: AbortSignal;
}

/** Groups of the kinds that create pods. */
const WORKLOADS = new Set(['apps', 'batch', 'apps.openshift.io']);

type Removable = Omit<Held, 'seq'>;

/** `why` it failed, so that it must be tried again; or a `note` on changes by others. */
interface PutBack {
  readonly why?: string;
  readonly note?: string;
}

export class Cleaner {
  readonly #options: CleanerOptions;
  readonly #deleted: string[] = [];
  readonly #restored: string[] = [];
  readonly #left: Left[] = [];

  constructor(options: CleanerOptions) {
    this.#options = options;
  }

  /**
   * @param since 0 for everything; the sequence number of a mark to undo everything after it.
   * @throws {ApiError} if the cluster is unavailable for long, or the credential is no longer valid.
   */
  async run(since = 0): Promise<CleanupReport> {
    const { rest, ledger } = this.#options;
    await resolveInDoubt(rest, ledger);
    // First the objects that others depend on.
    for (const altered of ledger.inventory.altered(since)) await this.#putBack(altered, since);
    const subscriptions = ledger.inventory.held(since).filter(({ gvr }) => gvr.resource === 'subscriptions');
    await noteOperators(this.#options, subscriptions);
    const held = ledger.inventory.held(since);
    for (const rank of [0, 1, 2, 3, 4, 5, 6, 7] as const) {
      this.#options.signal?.throwIfAborted();
      const ofRank = held.filter(({ gvr, late }) => rankOf(gvr, late) === rank);
      // While the operator still exists to do it.
      if (rank === 3) await this.#removeOperated(held);
      await this.#removeAll(rank >= 3 && rank !== 6 ? await this.#unneeded(ofRank, held) : ofRank);
    }
    const complete = this.#left.length === 0;
    return { deleted: this.#deleted, restored: this.#restored, left: this.#left, complete };
  }

  /** Objects of the operators' kinds that remain in the run's namespaces, created for it by the mesh. */
  async #removeOperated(held: readonly Held[]): Promise<void> {
    for (const csv of held.filter(({ gvr }) => gvr.resource === 'clusterserviceversions'))
      await this.#removeAll(await operated(this.#options, csv));
  }

  /** An operator that someone else uses by now is kept, with its Subscription. */
  async #unneeded(ofRank: readonly Held[], held: readonly Held[]): Promise<readonly Held[]> {
    const free: Held[] = [];
    for (const one of ofRank) {
      const followers = held.filter(({ seq, gvr }) => seq === one.seq && gvr.resource === 'clusterserviceversions');
      const reasons = await Promise.all([one, ...followers].map((each) => whyNeeded(this.#options, each)));
      const why = reasons.find((reason) => reason !== undefined);
      if (why === undefined) free.push(one);
      else this.#leave(one.gvr, one.name, why);
    }
    return free;
  }

  async #removeAll(objects: readonly Removable[]): Promise<void> {
    const deadline = performance.now() + (this.#options.timeoutMs ?? TIMEOUT_MS);
    const going = await Promise.all(objects.map(async (one) => ((await this.#remove(one)) ? one : undefined)));
    await Promise.all(going.map((one) => (one === undefined ? undefined : this.#seeOff(one, deadline))));
  }

  /** @returns whether it is being deleted, or already gone. */
  async #remove({ gvr, name, uid }: Removable): Promise<boolean> {
    const body = {
      apiVersion: 'v1',
      kind: 'DeleteOptions',
      preconditions: { uid },
      // Without a namespace that is deleted with its pods, the pods are deleted and awaited first.
      propagationPolicy: WORKLOADS.has(gvr.group) && !this.#isInOurs(gvr) ? 'Foreground' : 'Background',
    };
    try {
      // Safe to repeat: it is bound to the UID.
      await this.#options.rest.json('DELETE', pathOf(gvr, name), { body, retries: true });
      return true;
    } catch (error) {
      if (!(error instanceof ApiError) || error.code === 0 || error.code === 401) throw error;
      // It does not exist, or another object has its name; in both cases the run's object is gone.
      if (error.code === 404) return true;
      if (error.code === 409 && (await this.#isOther(gvr, name, uid))) return true;
      this.#leave(gvr, name, error.message);
      return false;
    }
  }

  #isInOurs({ namespace }: GroupVersionResource): boolean {
    return namespace === undefined || this.#options.ledger.inventory.namespace(namespace) !== undefined;
  }

  async #isOther(gvr: GroupVersionResource, name: string, uid: string): Promise<boolean> {
    return (await getObject(this.#options.rest, gvr, name))?.metadata.uid !== uid;
  }

  async #seeOff({ gvr, name, uid }: Removable, deadline: number): Promise<void> {
    const { api, ledger, rest, log, signal } = this.#options;
    const still = await awaitGone(api, rest, { gvr, name, uid }, deadline, signal);
    signal?.throwIfAborted();
    if (still !== undefined) return this.#leave(gvr, name, still);
    await ledger.append({ type: 'gone', at: new Date(rest.serverTime()).toISOString(), uid });
    this.#deleted.push(describeResource(gvr, name));
    log(`deleted ${describeResource(gvr, name)}`);
  }

  async #putBack(altered: Altered, since: number): Promise<void> {
    const { ledger, rest } = this.#options;
    const { uid, gvr, name, ownership, deleted } = altered;
    // Objects that will be deleted need not be restored first; at the very end that applies to all of the run's objects.
    if (ledger.inventory.held(since).some((held) => held.uid === uid)) return;
    if (ownership === 'ours' && since === 0) return;
    const { why, note = '' } = deleted ? await this.#makeAnew(altered, since) : await this.#undo(altered);
    if (why !== undefined) return this.#leave(gvr, name, why);
    const at = new Date(rest.serverTime()).toISOString();
    await ledger.append({ type: 'restored', at, seqs: altered.seqs });
    this.#restored.push(`${describeResource(gvr, name)}${note}`);
    this.#options.log(`restored ${describeResource(gvr, name)}${note}`);
  }

  async #undo({ uid, gvr, name, before, after }: Altered): Promise<PutBack> {
    for (let attempt = 0; attempt < 5; attempt++) {
      const now = await getObject(this.#options.rest, gvr, name);
      if (now === undefined || now.metadata.uid !== uid) return { note: ': someone else deleted or recreated it' };
      const { object, conflicts } = undo(before, after, now);
      // Reported once and then done: it belongs to someone else now.
      const note =
        conflicts.length === 0 ? '' : `, but not ${conflicts.join(', ')}, which someone else has changed since`;
      if (object === undefined) return { note };
      try {
        await this.#options.rest.json('PUT', pathOf(gvr, name), { body: object });
        return { note };
      } catch (error) {
        if (!(error instanceof ApiError) || error.code === 0 || error.code === 401) throw error;
        if (error.code !== 409) return { why: error.message };
      }
    }
    return { why: 'someone else keeps changing it' };
  }

  async #makeAnew({ gvr, name, before }: Altered, since: number): Promise<PutBack> {
    // A controller has already recreated what it manages.
    if (recordsAt(before, 'metadata', 'ownerReferences').some((owner) => owner['controller'] === true)) return {};
    const { rest, ledger } = this.#options;
    if ((await getObject(rest, gvr, name)) !== undefined) return {};
    const seq = ledger.nextSequence();
    const at = new Date(rest.serverTime()).toISOString();
    await ledger.append({ type: 'intent', seq, at, action: 'create', gvr, name, ownership: 'ours', sent: before });
    try {
      const { uid } = (await createObject(rest, gvr, before)).metadata;
      await ledger.append({ type: 'result', seq, at, status: 201, uid, name });
      // It belongs to the time before the mark.
      await ledger.append({ type: 'related', seq: since, at, gvr, name, uid, because: 'recreated' });
      return {};
    } catch (error) {
      if (!(error instanceof ApiError) || error.code === 0) throw error;
      await ledger.append({ type: 'result', seq, at, status: error.code });
      return { why: error.message };
    }
  }

  #leave(gvr: GroupVersionResource, name: string, why: string): void {
    this.#left.push({ object: describeResource(gvr, name), why });
    this.#options.log(`left ${describeResource(gvr, name)}: ${why}`);
  }
}
