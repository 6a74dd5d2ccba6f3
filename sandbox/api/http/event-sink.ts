/** Receives the events of a watch. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { WebSocket } from 'ws';
import { warningHeaders } from './reply.ts';

export interface EventSink {
  /** Tells the client that the watch has started. Errors can no longer be sent after this. */
  open(): void;
  /** @param event JSON without a line break at its end. */
  send(event: string): void;
  end(): void;
  /** Aborts when the client disconnects or the watch ends. */
  readonly closed: AbortSignal;
}

/** A response that takes one event per line. @param warnings `Warning` headers. */
export function responseSink(
  request: IncomingMessage,
  response: ServerResponse,
  warnings: readonly string[] = [],
): EventSink {
  const closed = new AbortController();
  response.on('close', () => closed.abort());
  return {
    open: () => {
      request.socket.setNoDelay(true);
      const headers = { 'content-type': 'application/json', 'cache-control': 'no-cache, private' };
      response.writeHead(200, { ...headers, ...warningHeaders(warnings) });
      response.flushHeaders();
    },
    send: (event) => {
      if (!response.destroyed) response.write(`${event}\n`);
    },
    end: () => response.end(),
    closed: closed.signal,
  };
}

/** A WebSocket that takes one event per text frame, as browsers watch. @param accept does the handshake. */
export function webSocketSink(closed: AbortController, accept: () => Promise<WebSocket>): EventSink {
  let opened: Promise<WebSocket> | undefined;
  const whenOpen = (act: (socket: WebSocket) => void) => {
    opened ??= accept().then((socket) => {
      socket.on('close', () => closed.abort());
      socket.on('error', () => socket.terminate());
      return socket;
    });
    void opened.then((socket) => {
      if (socket.readyState === socket.OPEN) act(socket);
    });
  };
  return {
    open: () => whenOpen(() => undefined),
    send: (event) => whenOpen((socket) => socket.send(event)),
    end: () => whenOpen((socket) => socket.close(1000)),
    closed: closed.signal,
  };
}
