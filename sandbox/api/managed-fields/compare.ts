/** The fields of a value, and the fields in which two values differ, by the rules of structured-merge-diff. */
import { type Fields, isRecord } from '../../../model/fields.ts';
import { equal, type MutableFields } from '../json.ts';
import type { MergeSchema } from '../registry/kind.ts';
import { EMPTY, type FieldSet, isEmpty, union } from './field-set.ts';

/** A field set under construction. */
interface Draft {
  readonly members: Set<string>;
  readonly children: Map<string, FieldSet>;
}

export interface Comparison {
  /** Fields that were added, or have another value now. */
  readonly changed: FieldSet;
  readonly removed: FieldSet;
}

const NOTHING: Comparison = { changed: EMPTY, removed: EMPTY };

/** Defaults of list keys, which apply before items are matched (Kubernetes' default for the protocol of a port). */
const KEY_DEFAULTS: Fields = { protocol: 'TCP' };

/** Identifies an item of a keyed list (`k:{"name":"x"}`) or of a set (`v:"x"`). */
export function itemKey(item: unknown, keys: readonly string[]): string {
  if (!isRecord(item) || keys.length === 0) return `v:${JSON.stringify(item)}`;
  const id: MutableFields = {};
  for (const key of [...keys].sort()) id[key] = item[key] ?? KEY_DEFAULTS[key];
  return `k:${JSON.stringify(id)}`;
}

/** `applied`: what a configuration names. `changed`: what came or went; a map is then a field besides its entries. */
type Which = 'applied' | 'changed';

/** All fields that an object sets. */
export function fieldsOf(value: Fields, schema: MergeSchema | undefined, which: Which = 'applied'): FieldSet {
  const draft: Draft = { members: new Set(), children: new Map() };
  for (const [key, inside] of Object.entries(value)) {
    if (inside === undefined) continue;
    if (schema?.isNamed(key) !== true) draft.members.add(`f:${key}`);
    add(draft, `f:${key}`, inside, schema?.field(key), which);
  }
  return draft;
}

function add(draft: Draft, key: string, value: unknown, schema: MergeSchema | undefined, which: Which): void {
  const below = inside(value, schema, which);
  if (which === 'changed' && schema?.ownsItself === true) draft.members.add(key);
  if (below === undefined || (isRecord(value) && Object.keys(value).length === 0)) draft.members.add(key);
  else if (!isEmpty(below)) draft.children.set(key, below);
}

/** The fields inside a value that have owners of their own, `undefined` for a value that is owned as a whole. */
function inside(value: unknown, schema: MergeSchema | undefined, which: Which): FieldSet | undefined {
  if (isRecord(value)) return schema?.atomic === true ? undefined : fieldsOf(value, schema, which);
  const keys = schema?.listKeys;
  if (!Array.isArray(value) || keys === undefined) return undefined;
  const draft: Draft = { members: new Set(), children: new Map() };
  for (const item of value) {
    const key = itemKey(item, keys);
    draft.members.add(key);
    if (isRecord(item) && key.startsWith('k:')) add(draft, key, item, schema?.items, which);
  }
  return draft;
}

/** @returns the fields that were changed or removed between two states of an object. */
export function compare(old: Fields, now: Fields, schema: MergeSchema | undefined): Comparison {
  let found = NOTHING;
  for (const key of new Set([...Object.keys(old), ...Object.keys(now)])) {
    const rules = schema?.field(key);
    const empty = rules?.byValue === true ? {} : undefined;
    const [before, after] = [old[key] ?? empty, now[key] ?? empty];
    if (before === after) continue;
    if (before === undefined) found = merged(found, { changed: whole(key, after, schema), removed: EMPTY });
    else if (after === undefined) found = merged(found, { changed: EMPTY, removed: whole(key, before, schema) });
    else found = merged(found, under(`f:${key}`, compareValues(before, after, rules)));
  }
  return found;
}

/** A field that came or went, with all that is in it. */
function whole(key: string, value: unknown, schema: MergeSchema | undefined): FieldSet {
  return fieldsOf({ [key]: value }, schema, 'changed');
}

/** @returns 'changed' when the values differ and are owned as a whole. */
function compareValues(old: unknown, now: unknown, schema: MergeSchema | undefined): Comparison | 'changed' {
  if (isRecord(old) && isRecord(now) && schema?.atomic !== true) return compare(old, now, schema);
  const keys = schema?.listKeys;
  if (Array.isArray(old) && Array.isArray(now) && keys !== undefined) return compareItems(old, now, keys, schema);
  return equal(old, now) ? NOTHING : 'changed';
}

function compareItems(
  old: unknown[],
  now: unknown[],
  keys: readonly string[],
  schema: MergeSchema | undefined,
): Comparison {
  const before = new Map(old.map((item) => [itemKey(item, keys), item]));
  const after = new Map(now.map((item) => [itemKey(item, keys), item]));
  let found = NOTHING;
  for (const [key, item] of after) {
    const was = before.get(key);
    if (was === undefined) found = merged(found, { changed: itemSet(item, keys, schema), removed: EMPTY });
    else if (isRecord(item) && isRecord(was)) found = merged(found, under(key, compare(was, item, schema?.items)));
  }
  for (const [key, item] of before)
    if (!after.has(key)) found = merged(found, { changed: EMPTY, removed: itemSet(item, keys, schema) });
  return found;
}

function itemSet(item: unknown, keys: readonly string[], schema: MergeSchema | undefined): FieldSet {
  return inside([item], schema, 'changed') ?? { members: new Set([itemKey(item, keys)]), children: new Map() };
}

function under(key: string, found: Comparison | 'changed'): Comparison {
  if (found === 'changed') return { changed: { members: new Set([key]), children: new Map() }, removed: EMPTY };
  const place = (set: FieldSet): FieldSet =>
    isEmpty(set) ? EMPTY : { members: new Set(), children: new Map([[key, set]]) };
  return { changed: place(found.changed), removed: place(found.removed) };
}

function merged(a: Comparison, b: Comparison): Comparison {
  if (a === NOTHING) return b;
  if (b === NOTHING) return a;
  return { changed: union(a.changed, b.changed), removed: union(a.removed, b.removed) };
}
