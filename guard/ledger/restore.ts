/** Undoing a change without undoing what others changed since. */

import type { Snapshot } from './entry.ts';
import { type KubeObject, sameJson, snapshotOf } from './object.ts';

export interface Undone {
  /** The object to write; undefined when it is as it was already. */
  readonly object?: KubeObject;
  /** Fields that somebody else changed since; they stay. */
  readonly conflicts: readonly string[];
}

/** @param after as the last of our changes left it; what `now` says when that was never learnt. */
export function undo(before: Snapshot, after: Snapshot | undefined, now: KubeObject): Undone {
  const conflicts: string[] = [];
  const current = snapshotOf(now);
  const merged = merge(before, after ?? current, current, '', conflicts) as Snapshot;
  if (sameJson(merged, current)) return { conflicts };
  const { status } = now;
  const metadata = { ...now.metadata, ...merged.metadata };
  for (const key of ['labels', 'annotations', 'ownerReferences', 'finalizers'] as const)
    if (merged.metadata[key] === undefined) delete metadata[key];
  const object = { ...merged, metadata, ...(status === undefined ? {} : { status }) } as KubeObject;
  return { object, conflicts };
}

/** Three-way: what differs between `before` and `after` is ours, and goes back where nobody else has touched it. */
function merge(before: unknown, after: unknown, now: unknown, path: string, conflicts: string[]): unknown {
  if (sameJson(before, after)) return now;
  if (sameJson(after, now)) return before;
  if (sameJson(before, now)) return now;
  const maps = [before, after, now].map((side) => (side === undefined ? {} : side));
  if (!maps.every(isMap)) {
    conflicts.push(path === '' ? '/' : path);
    return now;
  }
  // A map that is not there holds nothing.
  const [was = {}, left = {}, is = {}] = maps;
  const keys = new Set([...Object.keys(was), ...Object.keys(left), ...Object.keys(is)]);
  const merged = [...keys].flatMap((key) => {
    const value = merge(was[key], left[key], is[key], `${path}/${key}`, conflicts);
    return value === undefined ? [] : [[key, value] as const];
  });
  return Object.fromEntries(merged);
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
