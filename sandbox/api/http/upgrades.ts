/** Requests that upgrade the connection: watches and logs over WebSocket, and a pod's exec, attach and port-forward. */
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { ServerContext } from '../server-context.ts';
import { noSuchPath, toStatusError } from '../status.ts';
import { sendLog } from '../subresources/log.ts';
import { refuseUpgrade, tunnel } from '../subresources/tunnel.ts';
import { watchAggregated } from './aggregated.ts';
import { webSocketSink } from './event-sink.ts';
import { type Upgraded, verbOf } from './exchange.ts';
import { authorizeRequest } from './handler-chain.ts';
import { watchResource } from './resource.ts';

interface Connection {
  readonly socket: Duplex;
  readonly head: Buffer;
}

/** Handles the `upgrade` event of a listener. */
export function upgradeListener(
  context: ServerContext,
  local: boolean,
): (request: IncomingMessage, socket: Duplex, head: Buffer) => void {
  return (request, socket, head) => {
    socket.on('error', () => socket.destroy());
    upgrade(context, local, request, { socket, head }).catch((error: unknown) =>
      refuseUpgrade(socket, toStatusError(error)),
    );
  };
}

async function upgrade(
  context: ServerContext,
  local: boolean,
  request: IncomingMessage,
  { socket, head }: Connection,
): Promise<void> {
  const { url, resource, user } = authorizeRequest(context, local, request);
  if (resource === undefined) throw noSuchPath();
  const exchange: Upgraded = { request, url, path: resource, user };
  const answersItself = verbOf(exchange) === 'watch' || resource.subresource === 'log';
  if (!answersItself || request.headers.upgrade?.toLowerCase() !== 'websocket')
    return tunnel(context, { request, socket, head, url, path: resource });
  // Loaded on the first WebSocket.
  const { acceptWebSocket } = await import('./web-socket.ts');
  const accept = () => acceptWebSocket(request, socket, head);
  if (resource.subresource === 'log') return sendLog(context, exchange, accept);
  const closed = new AbortController();
  socket.on('close', () => closed.abort());
  const sink = webSocketSink(closed, accept);
  const aggregated = context.registry.answering(resource);
  if (aggregated !== undefined) return watchAggregated(context, aggregated, exchange, sink);
  watchResource(context, exchange, sink);
}
