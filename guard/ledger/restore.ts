/** Undoes a change without undoing what others have changed since. */

import { isRecord, textAt } from '../../model/fields.ts';
import type { Snapshot } from './entry.ts';
import { type KubeObject, sameJson, snapshotOf } from './object.ts';

export interface Undone {
  /** The object to write; undefined if nothing differs. */
  readonly object?: KubeObject;
  /** Fields that someone else has changed since; they are kept. */
  readonly conflicts: readonly string[];
}

/** @param after the state after the last of our changes; the state `now` if that is unknown. */
export function undo(before: Snapshot, after: Snapshot | undefined, now: KubeObject): Undone {
  const conflicts: string[] = [];
  const current = snapshotOf(now);
  const merged = merge(before, after ?? current, current, '', conflicts);
  if (!isSnapshot(merged)) throw new TypeError('a merge of objects is an object');
  if (sameJson(merged, current)) return { conflicts };
  const { status } = now;
  const metadata = { ...now.metadata, ...merged.metadata };
  for (const key of ['labels', 'annotations', 'ownerReferences', 'finalizers'] as const)
    if (merged.metadata[key] === undefined) delete metadata[key];
  const object = { ...merged, metadata, ...(status === undefined ? {} : { status }) };
  return { object, conflicts };
}

function isSnapshot(value: unknown): value is Snapshot {
  return [['apiVersion'], ['kind'], ['metadata', 'name']].every((path) => textAt(value, ...path) !== undefined);
}

/** A three-way merge: differences between `before` and `after` are ours, and are undone unless someone else has changed them. */
function merge(before: unknown, after: unknown, now: unknown, path: string, conflicts: string[]): unknown {
  if (sameJson(before, after)) return now;
  if (sameJson(after, now)) return before;
  if (sameJson(before, now)) return now;
  const maps = [before, after, now].map((side) => (side === undefined ? {} : side));
  if (!maps.every(isRecord)) {
    conflicts.push(path === '' ? '/' : path);
    return now;
  }
  // A missing map counts as empty.
  const [was = {}, left = {}, is = {}] = maps;
  const keys = new Set([...Object.keys(was), ...Object.keys(left), ...Object.keys(is)]);
  const merged = [...keys].flatMap((key) => {
    const value = merge(was[key], left[key], is[key], `${path}/${key}`, conflicts);
    return value === undefined ? [] : [[key, value] as const];
  });
  return Object.fromEntries(merged);
}
