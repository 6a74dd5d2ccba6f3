/**
 * Finds out the result of announced calls whose outcome is unknown because the process was killed or the connection broke,
 * from the current state of the cluster.
 *
 * A creation counts as made by this run if the object did not exist when it was announced, was created while the request can
 * still have been in flight, is not in the ledger already, and contains everything that was sent. A generated name must have
 * the requested prefix, and there must be only one such object. A changed object is either as the change left it, or as before.
 */

import { setTimeout as after } from 'node:timers/promises';
import type { Rest } from '../../kube/rest.ts';
import { at } from '../../model/fields.ts';
import type { GroupVersionResource } from '../proxy/request-info.ts';
import type { Intent, Result } from './entry.ts';
import type { Ledger } from './ledger.ts';
import { contains, getObject, type KubeObject, listObjects, sameJson, snapshotOf } from './object.ts';

/** After this time, a request that was in flight when its sender died is over; the API server itself gives up after 60 s. */
const UNDER_WAY_MS = 90_000;
/** Creation times are truncated to seconds, and the server's clock is not known more precisely. */
const BLUR_MS = 2_000;
const GRACE_MS = 3_000;

/**
 * @param only intents about this object whose call is over in this process; if absent all, as for a run that has ended.
 * @returns whether anything was found out.
 * @throws {ApiError}
 */
export async function resolveInDoubt(rest: Rest, ledger: Ledger, only?: GroupVersionResource): Promise<boolean> {
  let learnt = false;
  for (const intent of ledger.inventory.inDoubt()) {
    if (only !== undefined && !(isSame(intent.gvr, only) && ledger.inventory.isUnknown(intent.seq))) continue;
    await graceOver(rest, intent);
    const result = await outcomeOf(rest, ledger, intent);
    const at = new Date(rest.serverTime()).toISOString();
    await ledger.append({ type: 'result', seq: intent.seq, at, ...result });
    learnt = true;
  }
  return learnt;
}

/** A request that was just sent may still be processed, although nobody receives the answer. */
async function graceOver(rest: Rest, intent: Intent): Promise<void> {
  const left = Date.parse(intent.at) + GRACE_MS - rest.serverTime();
  if (left > 0) await after(Math.min(left, GRACE_MS));
}

type Learnt = Omit<Result, 'type' | 'seq' | 'at'>;

async function outcomeOf(rest: Rest, ledger: Ledger, intent: Intent): Promise<Learnt> {
  if (intent.action === 'create') return creationOf(rest, ledger, intent);
  const found = await getObject(rest, intent.gvr, intent.name ?? '');
  const same = found !== undefined && found.metadata.uid === intent.uid;
  if (intent.action === 'delete') return same ? nothing('it is still there') : { status: 200, learnt: 'it is gone' };
  if (!same) return nothing('it is gone');
  const after = snapshotOf(found);
  return sameJson(after, intent.before) ? nothing('it is as before') : { status: 200, after, learnt: 'it was changed' };
}

async function creationOf(rest: Rest, ledger: Ledger, intent: Intent): Promise<Learnt> {
  const candidates = await candidatesFor(rest, intent);
  const ours = candidates.filter((object) => mayBe(object, intent, ledger));
  const [one] = ours;
  if (one === undefined) return nothing('no such object was created');
  if (ours.length > 1) return nothing(`${ours.length} objects could be the one; none is touched`);
  return { status: 201, uid: one.metadata.uid, name: one.metadata.name, learnt: 'it holds what was sent' };
}

async function candidatesFor(rest: Rest, { gvr, name, generateName }: Intent): Promise<readonly KubeObject[]> {
  if (name !== undefined) {
    const found = await getObject(rest, gvr, name);
    return found === undefined ? [] : [found];
  }
  const all = generateName === undefined ? [] : await listObjects(rest, gvr, new URLSearchParams());
  return all.filter(({ metadata }) => metadata.name.startsWith(generateName ?? ''));
}

function mayBe(object: KubeObject, intent: Intent, ledger: Ledger): boolean {
  const { uid, creationTimestamp } = object.metadata;
  if (uid === intent.uid || ledger.inventory.isHeld(uid)) return false;
  const after = Date.parse(creationTimestamp) - Date.parse(intent.at);
  if (after < -BLUR_MS || after > UNDER_WAY_MS) return false;
  // A Project request differs from the resulting namespace.
  return intent.gvr.resource === 'namespaces' || contains(object, essenceOf(intent.sent ?? {}));
}

/** Fields that the server keeps as sent: names, labels and annotations; it may complete or rewrite all others. */
function essenceOf(sent: Record<string, unknown>): object {
  const [labels, annotations] = [at(sent, 'metadata', 'labels'), at(sent, 'metadata', 'annotations')];
  return {
    metadata: { ...(labels === undefined ? {} : { labels }), ...(annotations === undefined ? {} : { annotations }) },
  };
}

function nothing(learnt: string): Learnt {
  return { status: 404, learnt };
}

function isSame(a: GroupVersionResource, b: GroupVersionResource): boolean {
  return a.group === b.group && a.resource === b.resource && a.namespace === b.namespace;
}
