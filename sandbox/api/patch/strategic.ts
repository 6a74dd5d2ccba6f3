/** Strategic merge patch: a merge patch that merges lists by key, with `$` directives. */
import { type Fields, isRecord, items, text } from '../../../model/fields.ts';
import { equal, type MutableFields } from '../json.ts';
import type { MergeSchema } from '../registry/kind.ts';
import { StatusError } from '../status.ts';
import { goText } from '../validation/mismatch.ts';

const ORDER = '$setElementOrder/';
const DELETE_PRIMITIVE = '$deleteFromPrimitiveList/';

/** @returns the patched object; `target` is not changed. */
export function strategicPatch(target: Fields, patch: Fields, schema: MergeSchema | undefined): Fields {
  if (patch['$patch'] === 'replace') return without(patch, '$patch');
  if (patch['$patch'] === 'delete') return {};
  const result: MutableFields = { ...target };
  const retain = patch['$retainKeys'];
  if (Array.isArray(retain)) for (const key of Object.keys(result)) if (!retain.includes(key)) delete result[key];
  for (const [key, value] of Object.entries(patch)) {
    if (!key.startsWith('$')) mergeField(result, key, value, patch, schema);
    else if (key.startsWith(DELETE_PRIMITIVE)) {
      const field = key.slice(DELETE_PRIMITIVE.length);
      result[field] = items(result[field]).filter((one) => !items(value).some((gone) => equal(gone, one)));
    }
  }
  for (const key of orderedLists(patch, schema)) arrange(result, target, patch, key, schema);
  return result;
}

function without(value: Fields, key: string): Fields {
  const { [key]: _, ...rest } = value;
  return rest;
}

function mergeField(
  result: MutableFields,
  key: string,
  value: unknown,
  patch: Fields,
  schema: MergeSchema | undefined,
): void {
  if (value === null) {
    delete result[key];
    return;
  }
  if (isRecord(value)) {
    const before = result[key];
    result[key] = strategicPatch(isRecord(before) ? before : {}, value, schema?.field(key));
    return;
  }
  const keys = Array.isArray(value) ? schema?.field(key)?.listKeys : undefined;
  if (keys === undefined || !Array.isArray(value)) {
    result[key] = value;
    return;
  }
  const mergeKey = keys[0];
  if (mergeKey === undefined) result[key] = union(items(result[key]), value);
  else result[key] = mergeList(items(result[key]), value, mergeKey, schema?.field(key)?.items);
  if (items(result[key]).length === 0 && patch[ORDER + key] === undefined && items(value).length > 0)
    delete result[key];
}

function union(before: readonly unknown[], added: readonly unknown[]): unknown[] {
  return [...before, ...added.filter((one) => !before.some((other) => equal(one, other)))];
}

function mergeList(
  before: readonly unknown[],
  patch: readonly unknown[],
  mergeKey: string,
  schema: MergeSchema | undefined,
): unknown[] {
  if (patch.some((item) => isRecord(item) && item['$patch'] === 'replace')) {
    return patch.filter((item) => !(isRecord(item) && item['$patch'] === 'replace'));
  }
  let result = [...before];
  for (const item of patch) {
    if (!isRecord(item)) {
      if (before.length === 0) return [...patch];
      throw new StatusError(500, '', `list element types are not identical: [${goText(before)} ${goText(patch)}]`);
    }
    const id = item[mergeKey];
    if (id === undefined)
      throw new StatusError(500, '', `map: ${goText(item)} does not contain declared merge key: ${mergeKey}`);
    const index = result.findIndex((one) => isRecord(one) && one[mergeKey] === id);
    const present = result[index];
    if (item['$patch'] === 'delete') result = result.filter((one) => !(isRecord(one) && one[mergeKey] === id));
    else if (isRecord(present)) result[index] = strategicPatch(present, item, schema);
    else result.push(strategicPatch({}, item, schema));
  }
  return result;
}

/** The lists that the patch merges or orders. */
function orderedLists(patch: Fields, schema: MergeSchema | undefined): string[] {
  const merged = Object.keys(patch).filter((key) => schema?.field(key)?.listKeys !== undefined);
  const ordered = Object.keys(patch).filter((key) => key.startsWith(ORDER));
  return [...new Set([...merged, ...ordered.map((key) => key.slice(ORDER.length))])];
}

/**
 * Orders a merged list. Items in the patch take the patch's order (or that of `$setElementOrder`), the others keep the
 * order they had. Between the two, a new item goes before an old one (apimachinery, strategicpatch, `mergeSortedSlice`).
 */
function arrange(
  result: MutableFields,
  target: Fields,
  patch: Fields,
  field: string,
  schema: MergeSchema | undefined,
): void {
  const list = result[field];
  if (!Array.isArray(list) || items(patch[field]).some((item) => isRecord(item) && item['$patch'] === 'replace'))
    return;
  const mergeKey = schema?.field(field)?.listKeys?.[0];
  const identity = (item: unknown): string =>
    isRecord(item) && mergeKey !== undefined ? text(String(item[mergeKey])) : JSON.stringify(item);
  const order = items(patch[ORDER + field] ?? patch[field]).map(identity);
  const before = items(target[field]).map(identity);
  const named = list.filter((item) => order.includes(identity(item)));
  named.sort((a, b) => order.indexOf(identity(a)) - order.indexOf(identity(b)));
  const others = list.filter((item) => !order.includes(identity(item)));
  const arranged: unknown[] = [];
  for (const item of named) {
    const place = before.indexOf(identity(item));
    while (place >= 0 && others.length > 0 && before.indexOf(identity(others[0])) <= place)
      arranged.push(others.shift());
    arranged.push(item);
  }
  result[field] = [...arranged, ...others];
}
