/** WebSocket, as newer clients speak it: one byte in front of every message names the channel. */
import type { IncomingMessage } from 'node:http';
import { type Duplex, PassThrough, Writable } from 'node:stream';
import type { SpdyConnection } from 'spdy-transport';
import { createWebSocketStream, type WebSocket, WebSocketServer } from 'ws';
import type { Channels } from './channels.ts';
import { connectionOver } from './spdy.ts';

export const CHANNEL = { stdin: 0, stdout: 1, stderr: 2, error: 3, resize: 4, close: 255 } as const;

const TUNNEL = 'SPDY/3.1+portforward.k8s.io';
const PROTOCOLS = ['v5.channel.k8s.io', 'v4.channel.k8s.io', TUNNEL, 'channel.k8s.io'];

const server = new WebSocketServer({
  noServer: true,
  perMessageDeflate: false,
  handleProtocols: (asked) => PROTOCOLS.find((protocol) => asked.has(protocol)) ?? false,
});

export function acceptWebSocket(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<WebSocket> {
  return new Promise((resolve) => server.handleUpgrade(request, socket, head, resolve));
}

/** Port-forward of kubectl 1.31 and later: SPDY inside the WebSocket. */
export function tunnelledSpdy(socket: WebSocket): SpdyConnection | undefined {
  return socket.protocol === TUNNEL ? connectionOver(createWebSocketStream(socket)) : undefined;
}

export function webSocketChannels(socket: WebSocket): Channels {
  const stdin = new PassThrough();
  socket.on('message', (data: Buffer) => {
    if (data[0] === CHANNEL.stdin) stdin.write(data.subarray(1));
    if (data[0] === CHANNEL.close && data[1] === CHANNEL.stdin) stdin.end();
  });
  socket.on('error', () => socket.terminate());
  socket.on('close', () => stdin.end());
  return {
    stdin,
    stdout: channelWriter(socket, CHANNEL.stdout),
    stderr: channelWriter(socket, CHANNEL.stderr),
    finish: (status) => {
      if (socket.readyState !== socket.OPEN) return;
      socket.send(message(CHANNEL.error, Buffer.from(JSON.stringify(status))));
      socket.close(1000);
    },
    onClose: (listener) => {
      socket.once('close', listener);
    },
  };
}

export function channelWriter(socket: WebSocket, channel: number): Writable {
  return new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      // A client that has gone hears nothing more.
      if (socket.readyState === socket.OPEN) socket.send(message(channel, chunk), () => done());
      else done();
    },
  });
}

export function message(channel: number, content: Buffer): Buffer {
  return Buffer.concat([Buffer.from([channel]), content]);
}
