/** GET of one object and of a list, with selectors, limit and continue. */
import { text } from '../json.ts';
import { apiVersionOf, keyOf } from '../registry/kind.ts';
import { badRequest, invalid, notFound, StatusError } from '../status.ts';
import { type Matcher, selection } from '../storage/selectors.ts';
import type { Entry, Store } from '../storage/store.ts';
import type { ApiObject } from '../types.ts';
import type { RestRequest, RestResult } from './request.ts';

export function get(store: Store, request: RestRequest): RestResult {
  const { kind } = request;
  const entry = store.get(kind.storage, keyOf(request.namespace, text(request.name)));
  if (entry === undefined) throw notFound(kind, text(request.name));
  const object = kind.fromStored?.(entry.object) ?? entry.object;
  return { code: 200, object, table: object };
}

/** What the request's selectors select. */
export function matcher({ query, kind, name }: RestRequest): Matcher | undefined {
  const selected = selection(query, kind.storage);
  if (name === undefined) return selected;
  return (object) => object.metadata.name === name && selected?.(object) !== false;
}

/** Stored entries in the request's namespace that its selectors select. */
export function matching(store: Store, request: RestRequest): Entry[] {
  const test = matcher(request);
  const entries = store.list(request.kind.storage, request.namespace);
  return test === undefined ? entries : entries.filter((entry) => test(entry.object));
}

export interface ListPage {
  readonly entries: readonly Entry[];
  readonly metadata: Record<string, unknown>;
}

/** One page of a list. @throws {StatusError} for an invalid continue token. */
export function page(store: Store, request: RestRequest): ListPage {
  const limit = limitOf(request);
  checkVersionAsked(request);
  const token = request.query.get('continue') ?? '';
  let entries = matching(store, request);
  if (token !== '') {
    const after = decodeToken(token);
    entries = entries.filter((entry) => entry.key > after);
  }
  const metadata: Record<string, unknown> = { resourceVersion: String(store.version) };
  if (limit > 0 && entries.length > limit) {
    metadata['continue'] = Buffer.from(JSON.stringify({ after: entries[limit - 1]?.key })).toString('base64url');
    metadata['remainingItemCount'] = entries.length - limit;
    entries = entries.slice(0, limit);
  }
  return { entries, metadata };
}

function limitOf({ query }: RestRequest): number {
  const written = query.get('limit') ?? '';
  if (written === '' || /^-?\d+$/.test(written)) return Number(written);
  throw badRequest(`strconv.ParseInt: parsing ${JSON.stringify(written)}: invalid syntax`);
}

/** @throws {StatusError} for an invalid resourceVersion, or a resourceVersionMatch without one. */
function checkVersionAsked({ query }: RestRequest): void {
  const version = query.get('resourceVersion') ?? '';
  const match = query.get('resourceVersionMatch') ?? '';
  if (match !== '' && version === '') {
    const message = 'Forbidden: resourceVersionMatch is forbidden unless resourceVersion is provided';
    throw invalid('meta.k8s.io', 'ListOptions', '', [
      { reason: 'FieldValueForbidden', message, field: 'resourceVersionMatch' },
    ]);
  }
  if (version !== '' && !/^\d+$/.test(version)) {
    const said = JSON.stringify(version);
    throw badRequest(
      `invalid resource version: resourceVersion: Invalid value: ${said}: strconv.ParseUint: parsing ${said}: invalid syntax`,
    );
  }
}

function decodeToken(token: string): string {
  try {
    const { after } = JSON.parse(Buffer.from(token, 'base64url').toString()) as { after?: unknown };
    if (typeof after === 'string') return after;
  } catch {
    // Answered below.
  }
  throw new StatusError(400, 'BadRequest', 'continue key is not valid');
}

/** A list as JSON text, made of the entries' cached JSON. */
export function listJson(request: RestRequest, { entries, metadata }: ListPage): string {
  const { kind } = request;
  const convert = kind.fromStored;
  const items = entries.map((entry) => (convert === undefined ? entry.json : JSON.stringify(convert(entry.object))));
  // Items of a built-in list do not repeat what the list says of them.
  const said = `{"apiVersion":"${apiVersionOf(kind)}","kind":"${kind.kind}",`;
  if (!kind.custom)
    for (const [index, item] of items.entries())
      if (item.startsWith(said)) items[index] = `{${item.slice(said.length)}`;
  const head = JSON.stringify({ kind: kind.listKind, apiVersion: apiVersionOf(kind), metadata });
  return `${head.slice(0, -1)},"items":[${items.join(',')}]}`;
}

export function shown(request: RestRequest, entry: Entry): ApiObject {
  return request.kind.fromStored?.(entry.object) ?? entry.object;
}
