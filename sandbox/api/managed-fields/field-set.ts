/**
 * Sets of fields in the format of `managedFields` (`FieldsV1`): `f:name` is a field, `k:{"name":"x"}` an item of a keyed
 * list, `v:"x"` an item of a set. The operations follow structured-merge-diff (`fieldpath.Set`).
 */

import { type Fields, fields } from '../../../model/fields.ts';
import type { MutableFields } from '../json.ts';

export interface FieldSet {
  /** The fields at this level that belong to the set. */
  readonly members: ReadonlySet<string>;
  /** The members below a field, whether or not the field itself is a member. */
  readonly children: ReadonlyMap<string, FieldSet>;
}

export const EMPTY: FieldSet = { members: new Set(), children: new Map() };

export function isEmpty({ members, children }: FieldSet): boolean {
  return members.size === 0 && children.size === 0;
}

export function parseFieldSet(written: unknown): FieldSet {
  const members = new Set<string>();
  const children = new Map<string, FieldSet>();
  for (const [key, inside] of Object.entries(fields(written))) {
    if (key === '.') continue;
    const below = Object.keys(fields(inside));
    if (below.length === 0 || below.includes('.')) members.add(key);
    if (below.some((one) => one !== '.')) children.set(key, parseFieldSet(inside));
  }
  return { members, children };
}

export function writeFieldSet({ members, children }: FieldSet): Fields {
  const written: MutableFields = {};
  for (const key of [...new Set([...members, ...children.keys()])].sort()) {
    const child = children.get(key);
    if (child === undefined) written[key] = {};
    else written[key] = { ...(members.has(key) ? { '.': {} } : {}), ...writeFieldSet(child) };
  }
  return written;
}

export function union(a: FieldSet, b: FieldSet): FieldSet {
  return build(new Set([...a.members, ...b.members]), a, b, union);
}

/** The members of `a` that are not in `b`. */
export function difference(a: FieldSet, b: FieldSet): FieldSet {
  return build(new Set([...a.members].filter((key) => !b.members.has(key))), a, EMPTY, (child, _, key) =>
    difference(child, b.children.get(key) ?? EMPTY),
  );
}

export function intersection(a: FieldSet, b: FieldSet): FieldSet {
  return build(new Set([...a.members].filter((key) => b.members.has(key))), a, EMPTY, (child, _, key) =>
    intersection(child, b.children.get(key) ?? EMPTY),
  );
}

function build(
  members: ReadonlySet<string>,
  a: FieldSet,
  b: FieldSet,
  combine: (a: FieldSet, b: FieldSet, key: string) => FieldSet,
): FieldSet {
  const children = new Map<string, FieldSet>();
  for (const key of new Set([...a.children.keys(), ...b.children.keys()])) {
    const child = combine(a.children.get(key) ?? EMPTY, b.children.get(key) ?? EMPTY, key);
    if (!isEmpty(child)) children.set(key, child);
  }
  return { members, children };
}

/** Whether a field or anything below it is in the set. */
export function touches({ members, children }: FieldSet, key: string): boolean {
  return members.has(key) || children.has(key);
}

/** The paths of all members as conflicts name them: `.spec.containers[name="web"].image`. */
export function paths({ members, children }: FieldSet, above = ''): string[] {
  const found: string[] = [];
  for (const key of inOrder([...new Set([...members, ...children.keys()])])) {
    const here = above + pathStep(key);
    if (members.has(key)) found.push(here);
    const child = children.get(key);
    if (child !== undefined) found.push(...paths(child, here));
  }
  return found;
}

/** Items of a keyed list by their keys, in which numbers have their own order. */
function inOrder(keys: readonly string[]): readonly string[] {
  if (!keys.every((key) => key.startsWith('k:'))) return keys;
  return keys.toSorted((a, b) => pathStep(a).localeCompare(pathStep(b), 'en', { numeric: true }));
}

/** A step of a path as conflicts name it. @param key as in a set: `f:name`, `k:{…}`. */
export function pathStep(key: string): string {
  if (key.startsWith('f:')) return `.${key.slice(2)}`;
  if (key.startsWith('v:')) return `[=${key.slice(2)}]`;
  const parts = Object.entries(fields(JSON.parse(key.slice(2)))).map(
    ([name, value]) => `${name}=${JSON.stringify(value)}`,
  );
  return `[${parts.join(',')}]`;
}
