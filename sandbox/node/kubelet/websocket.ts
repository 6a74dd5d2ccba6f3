/** WebSocket, used by newer clients: the first byte of every message is the channel. */
import type { IncomingMessage } from 'node:http';
import { type Duplex, PassThrough, Writable } from 'node:stream';
import type { SpdyConnection } from 'spdy-transport';
import { createWebSocketStream, type WebSocket, WebSocketServer } from 'ws';
import type { Channels, Outcome } from './channels.ts';
import { connectionOver } from './spdy.ts';

export const CHANNEL = { stdin: 0, stdout: 1, stderr: 2, error: 3, resize: 4, close: 255 } as const;

const TUNNEL = 'SPDY/3.1+portforward.k8s.io';
/** Browser clients send text frames: the channel as a digit, the content in base64. */
const PROTOCOLS = [
  'v5.channel.k8s.io',
  'v4.channel.k8s.io',
  'v4.base64.channel.k8s.io',
  TUNNEL,
  'channel.k8s.io',
  'base64.channel.k8s.io',
];
/** The first version of the protocol does not report success, and reports a failure by its message only. */
const FIRST_VERSION: ReadonlySet<string> = new Set(['channel.k8s.io', 'base64.channel.k8s.io']);

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
    const { channel, content } = readFrame(socket, data);
    if (channel === CHANNEL.stdin) stdin.write(content);
    if (channel === CHANNEL.close && content[0] === CHANNEL.stdin) stdin.end();
  });
  socket.on('error', () => socket.terminate());
  socket.on('close', () => stdin.end());
  return {
    stdin,
    stdout: channelWriter(socket, CHANNEL.stdout),
    stderr: channelWriter(socket, CHANNEL.stderr),
    finish: (status) => {
      if (socket.readyState !== socket.OPEN) return;
      const told = statusText(socket, status);
      if (told !== '') socket.send(frame(socket, CHANNEL.error, Buffer.from(told)));
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
      // Send nothing to a client that has disconnected.
      if (socket.readyState === socket.OPEN) socket.send(frame(socket, channel, chunk), () => done());
      else done();
    },
  });
}

/** Encodes a message for the socket's protocol. */
export function frame({ protocol }: WebSocket, channel: number, content: Buffer): Buffer | string {
  if (protocol.includes('base64')) return `${channel}${content.toString('base64')}`;
  return Buffer.concat([Buffer.from([channel]), content]);
}

/** @returns the channel and content of a message; channel -1 for an empty one. */
export function readFrame({ protocol }: WebSocket, data: Buffer): { channel: number; content: Buffer } {
  if (!protocol.includes('base64')) return { channel: data[0] ?? -1, content: data.subarray(1) };
  return { channel: Number(data.toString('latin1', 0, 1)), content: Buffer.from(data.toString('latin1', 1), 'base64') };
}

function statusText({ protocol }: WebSocket, status: Outcome): string {
  if (!FIRST_VERSION.has(protocol)) return JSON.stringify(status);
  return status.status === 'Success' ? '' : (status.message ?? '');
}
