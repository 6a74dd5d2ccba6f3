/** GET of one object and of a list, with selectors, limit and continue. */
import { text } from '../../../model/fields.ts';
import { apiVersionOf, keyOf } from '../registry/kind.ts';
import { notFound } from '../status.ts';
import { type Matcher, selection } from '../storage/selectors.ts';
import type { Entry, Store } from '../storage/store.ts';
import type { ApiObject } from '../types.ts';
import type { RestRequest, RestResult } from './request.ts';

/** @throws {StatusError} NotFound. */
export function get(store: Store, request: RestRequest): RestResult {
  const { kind } = request;
  const entry = store.get(kind.storage, keyOf(request.namespace, text(request.name)));
  if (entry === undefined) throw notFound(kind, text(request.name));
  const object = kind.fromStored?.(entry.object) ?? entry.object;
  return { code: 200, object, table: object };
}

/** Whether the request's selectors match an object; `undefined` without selectors. */
export function matcher({ query, kind, name }: RestRequest): Matcher | undefined {
  const selected = selection(query, kind.storage, kind.selectable);
  if (name === undefined) return selected;
  return (object) => object.metadata.name === name && selected?.(object) !== false;
}

/** Filters entries by the request's selectors. */
export function matching(store: Store, request: RestRequest): Entry[] {
  return selected(request, store.list(request.kind.storage, request.namespace));
}

export function selected(request: RestRequest, entries: Entry[]): Entry[] {
  const test = matcher(request);
  return test === undefined ? entries : entries.filter((entry) => test(entry.object));
}

export interface ListPage {
  readonly entries: readonly Entry[];
  readonly metadata: Record<string, unknown>;
}

/** A list as JSON text, joined from the cached JSON of its entries. */
export function listJson(request: RestRequest, { entries, metadata }: ListPage): string {
  const { kind } = request;
  const convert = kind.fromStored;
  const items = entries.map((entry) => (convert === undefined ? entry.json : JSON.stringify(convert(entry.object))));
  // Items of a built-in list do not have `kind` and `apiVersion`.
  const said = `{"apiVersion":"${apiVersionOf(kind)}","kind":"${kind.kind}",`;
  if (!kind.custom)
    for (const [index, item] of items.entries())
      if (item.startsWith(said)) items[index] = `{${item.slice(said.length)}`;
  const head = JSON.stringify({ kind: kind.listKind, apiVersion: apiVersionOf(kind), metadata });
  return `${head.slice(0, -1)},"items":[${items.join(',')}]}`;
}

/** The stored object, converted to the request's version. */
export function shown(request: RestRequest, entry: Entry): ApiObject {
  return request.kind.fromStored?.(entry.object) ?? entry.object;
}
