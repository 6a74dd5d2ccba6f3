/** Lists in pages, all from the same resourceVersion, and lists at an earlier resourceVersion (apiserver, pkg/storage). */
import { badRequest, invalid, StatusError } from '../status.ts';
import type { Entry, Store } from '../storage/store.ts';
import { type ListPage, selected } from './read.ts';
import type { RestRequest } from './request.ts';

/** Where a list continues: after the key `start`, at resourceVersion `version`, or at the current one if undefined. */
interface Continuation {
  readonly start: string;
  readonly version: number | undefined;
}

/** One page of a list. @throws {StatusError} for contradictory options, Expired for a resourceVersion that is too old. */
export function page(store: Store, request: RestRequest): ListPage {
  const limit = limitOf(request);
  const token = request.query.get('continue') ?? '';
  const exact = versionAsked(store, request, limit, token !== '');
  const from = token === '' ? { start: '', version: exact } : decodeToken(token);
  const all = entriesOf(store, request, from);
  const version = from.version ?? store.version;
  const rest = from.start === '' ? all : all.filter((entry) => entry.key > from.start);
  const metadata: Record<string, unknown> = { resourceVersion: String(version) };
  if (limit === 0 || rest.length <= limit) return { entries: rest, metadata };
  const entries = rest.slice(0, limit);
  metadata['continue'] = encodeToken({ start: entries.at(-1)?.key ?? '', version });
  // The number of remaining items is not known when a selector filters them.
  if (!isSelecting(request)) metadata['remainingItemCount'] = rest.length - limit;
  return { entries, metadata };
}

function entriesOf(store: Store, request: RestRequest, { start, version }: Continuation): Entry[] {
  const { storage } = request.kind;
  if (version === undefined || version === store.version)
    return selected(request, store.list(storage, request.namespace));
  if (version < store.compacted) throw expired(start);
  return selected(request, store.listAt(storage, version, request.namespace));
}

/** The token in this answer continues the list with the current objects. */
function expired(start: string): StatusError {
  if (start === '') return new StatusError(410, 'Expired', 'The resourceVersion for the provided list is too old.');
  const message =
    'The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter, or use the continue token in this response to retrieve the remainder of the results. Continuing with the provided token results in an inconsistent list - objects that were created, modified, or deleted between the time the first chunk was returned and now may show up in the list.';
  return new StatusError(410, 'Expired', message, undefined, { continue: encodeToken({ start, version: undefined }) });
}

function isSelecting({ query }: RestRequest): boolean {
  return (query.get('labelSelector') ?? '') !== '' || (query.get('fieldSelector') ?? '') !== '';
}

function limitOf({ query }: RestRequest): number {
  const written = query.get('limit') ?? '';
  if (written === '' || /^-?\d+$/.test(written)) return Math.max(0, Number(written));
  throw badRequest(`strconv.ParseInt: parsing ${JSON.stringify(written)}: invalid syntax`);
}

/** @returns the exact resourceVersion to list at, `undefined` for the current one. @throws {StatusError} */
function versionAsked(store: Store, { query }: RestRequest, limit: number, continues: boolean): number | undefined {
  const given = query.get('resourceVersion') ?? '';
  const match = query.get('resourceVersionMatch') ?? '';
  checkMatch(match, given, continues);
  if (given !== '' && !/^\d+$/.test(given)) {
    const said = JSON.stringify(given);
    throw badRequest(
      `invalid resource version: resourceVersion: Invalid value: ${said}: strconv.ParseUint: parsing ${said}: invalid syntax`,
    );
  }
  const version = Number(given);
  if (version === 0) return undefined;
  if (continues) throw badRequest('specifying resource version is not allowed when using continue');
  if (version > store.version) throw tooLarge(version, store.version);
  return match === 'Exact' || (match === '' && limit > 0) ? version : undefined;
}

function checkMatch(match: string, version: string, continues: boolean): void {
  if (match === '') return;
  const refuse = (reason: string, why: string): never => {
    const cause = { reason, message: why, field: 'resourceVersionMatch' };
    throw invalid('meta.k8s.io', 'ListOptions', '', [cause]);
  };
  const forbid = (why: string): never => refuse('FieldValueForbidden', `Forbidden: ${why}`);
  if (version === '') forbid('resourceVersionMatch is forbidden unless resourceVersion is provided');
  if (continues) forbid('resourceVersionMatch is forbidden when continue is provided');
  if (match !== 'Exact' && match !== 'NotOlderThan')
    refuse(
      'FieldValueNotSupported',
      `Unsupported value: ${JSON.stringify(match)}: supported values: "Exact", "NotOlderThan", ""`,
    );
  if (match === 'Exact' && version === '0') forbid('resourceVersionMatch "exact" is forbidden for resourceVersion "0"');
}

function tooLarge(asked: number, current: number): StatusError {
  const message = `Timeout: Too large resource version: ${asked}, current: ${current}`;
  const causes = [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }];
  return new StatusError(504, 'Timeout', message, { causes, retryAfterSeconds: 1 });
}

function encodeToken({ start, version }: Continuation): string {
  const token = { v: 'meta.k8s.io/v1', rv: version ?? -1, start: `${start}\u0000` };
  return Buffer.from(JSON.stringify(token)).toString('base64url');
}

function decodeToken(token: string): Continuation {
  try {
    const { rv, start }: Record<string, unknown> = JSON.parse(Buffer.from(token, 'base64url').toString());
    if (typeof start === 'string' && typeof rv === 'number')
      return { start: start.replace(/\0$/, ''), version: rv < 0 ? undefined : rv };
  } catch {
    // Handled below.
  }
  throw new StatusError(400, 'BadRequest', 'continue key is not valid');
}
