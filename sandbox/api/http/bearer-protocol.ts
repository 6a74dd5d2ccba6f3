/**
 * Browsers cannot set headers on a WebSocket. They offer a subprotocol whose name carries the token instead (apiserver,
 * websocket authenticator).
 */
import type { IncomingMessage } from 'node:http';

const PREFIX = 'base64url.bearer.authorization.k8s.io.';

export function isBearerProtocol(protocol: string): boolean {
  return protocol.startsWith(PREFIX);
}

/** @returns the equivalent `Authorization` header, `undefined` when the request offers no such protocol. */
export function authorizationOf({ headers }: IncomingMessage): string | undefined {
  if (headers.authorization !== undefined) return headers.authorization;
  const offered = (headers['sec-websocket-protocol'] ?? '').split(',').map((protocol) => protocol.trim());
  const bearer = offered.find(isBearerProtocol);
  return bearer === undefined
    ? undefined
    : `Bearer ${Buffer.from(bearer.slice(PREFIX.length), 'base64url').toString()}`;
}
