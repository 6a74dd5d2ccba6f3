/** WebSockets that the server answers itself: watches and logs, as browsers ask for them. */
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import { isBearerProtocol } from './bearer-protocol.ts';

/** A browser closes the connection unless one of its protocols is accepted. The one that carries a token does not count. */
const server = new WebSocketServer({
  noServer: true,
  perMessageDeflate: false,
  handleProtocols: (offered) => [...offered].find((protocol) => !isBearerProtocol(protocol)) ?? false,
});

export function acceptWebSocket(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<WebSocket> {
  return new Promise((resolve) => server.handleUpgrade(request, socket, head, resolve));
}
