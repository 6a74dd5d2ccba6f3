/** Turns a request to a stored kind, over HTTP or from the server's own process, into a `RestRequest`. */
import type { Kind } from '../registry/kind.ts';
import type { RestRequest } from '../rest/request.ts';
import { methodNotAllowed } from '../status.ts';
import type { User, Verb } from '../types.ts';
import type { ResourcePath } from './path.ts';

/** What a request is about, from its method and URL. */
export interface Target {
  readonly kind: Kind;
  /** `undefined` for a method without one. */
  readonly verb: Verb | undefined;
  readonly url: URL;
  readonly path: ResourcePath;
  readonly user: User;
}

/** What the client sent with it. */
export interface Sent {
  readonly body?: unknown;
  /** Media type of the body, without parameters. */
  readonly contentType?: string;
  readonly userAgent?: string | undefined;
}

/** @throws {StatusError} MethodNotAllowed. */
export function restRequest({ kind, verb, url, path, user }: Target, sent: Sent = {}): RestRequest {
  if (verb === undefined) throw methodNotAllowed();
  const { namespace, name, subresource } = path;
  const query = url.searchParams;
  return {
    kind,
    verb,
    namespace,
    name,
    subresource,
    query,
    body: sent.body,
    contentType: sent.contentType ?? 'application/json',
    user,
    fieldManager: query.get('fieldManager') || (sent.userAgent ?? '').split('/', 1)[0] || 'unknown',
    warnings: kind.deprecation === undefined ? [] : [kind.deprecation],
  };
}
