/**
 * Handlers that every request passes before it is dispatched, including upgrades: authentication, impersonation and
 * authorization, in the order of apiserver's `DefaultBuildHandlerChain`.
 */
import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { type Attributes, attributesOf } from '../access/attributes.ts';
import { refusal } from '../access/forbidden.ts';
import { actingAs } from '../access/impersonation.ts';
import type { ServerContext } from '../server-context.ts';
import { StatusError } from '../status.ts';
import type { User } from '../types.ts';
import { authorizationOf } from './bearer-protocol.ts';
import { verbOf } from './exchange.ts';
import { parsePath, type ResourcePath } from './path.ts';

type Gatekeepers = Pick<ServerContext, 'authenticator' | 'authorizer'>;

/** A request that has passed authorization. */
export interface AuthorizedRequest {
  readonly url: URL;
  /** Without a trailing slash. */
  readonly path: string;
  /** `undefined` for a path that names no resource. */
  readonly resource: ResourcePath | undefined;
  /** After impersonation. */
  readonly user: User;
}

export function urlOf(request: IncomingMessage): { readonly url: URL; readonly path: string } {
  const url = new URL(request.url ?? '/', 'http://api');
  return { url, path: url.pathname.length > 1 ? url.pathname.replace(/\/+$/, '') : url.pathname };
}

/**
 * @param local whether the request came through the internal listener, which serves administrators without a token.
 * @throws {StatusError} Unauthorized, Forbidden.
 */
export function authorizeRequest(context: Gatekeepers, local: boolean, request: IncomingMessage): AuthorizedRequest {
  const { authorizer } = context;
  const { url, path } = urlOf(request);
  const user = actingAs(request.headers, authenticate(context, local, request), authorizer);
  const resource = parsePath(path);
  const attributes = attributesFor(request, url, path, resource);
  if (!authorizer.allows({ user, attributes })) throw refusal({ user, attributes });
  return { url, path, resource, user };
}

function authenticate({ authenticator }: Gatekeepers, local: boolean, request: IncomingMessage): User {
  const user = local
    ? authenticator.local
    : (userOfCertificate(request.socket) ?? authenticator.authenticate(authorizationOf(request)));
  if (user === undefined) throw new StatusError(401, 'Unauthorized', 'Unauthorized');
  return user;
}

/** The user in a verified client certificate: the common name, with the organizations as groups. */
function userOfCertificate(socket: Socket): User | undefined {
  if (!(socket instanceof TLSSocket) || !socket.authorized) return undefined;
  const { CN: name, O: organizations = [] } = socket.getPeerCertificate().subject;
  if (typeof name !== 'string') return undefined;
  return { name, groups: [organizations].flat().concat('system:authenticated') };
}

function attributesFor(
  request: IncomingMessage,
  url: URL,
  path: string,
  resource: ResourcePath | undefined,
): Attributes {
  const method = (request.method ?? 'GET').toLowerCase();
  if (resource === undefined) return { verb: method, path };
  return attributesOf(resource, verbOf({ request, url, path: resource }) ?? method);
}
