/** `kubectl port-forward`: connections into a pod. */
import { spawn } from 'node:child_process';
import { connect } from 'node:net';
import { Duplex } from 'node:stream';
import type { SpdyConnection, SpdyStream } from 'spdy-transport';
import type { WebSocket } from 'ws';
import { findTool } from '../../runtime/programs.ts';
import { GATEWAY } from '../network.ts';
import type { PodWorker } from '../pod-worker.ts';
import { take } from './spdy.ts';
import { channelWriter, frame, readFrame } from './websocket.ts';

const RELAY = `
const socket = require('node:net').connect(Number(process.argv[1]), '127.0.0.1');
socket.on('error', (error) => { console.error(error.message); process.exit(1); });
process.stdin.pipe(socket).pipe(process.stdout);
`;

/** A connection to a port of a pod; programs that listen only on the pod's loopback are reached by a relay inside it. */
export function dial(worker: PodWorker, port: number): Promise<Duplex> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: worker.address, port, localAddress: GATEWAY });
    socket.once('connect', () => resolve(socket));
    socket.once('error', () => {
      const relayed = relay(worker, port);
      if (relayed === undefined) reject(new Error('the pod is not running'));
      else resolve(relayed);
    });
  });
}

function relay(worker: PodWorker, port: number): Duplex | undefined {
  if (worker.enter === undefined) return undefined;
  const args = [...worker.enter, '--', process.execPath, '-e', RELAY, String(port)];
  const child = spawn(findTool('nsenter') ?? 'nsenter', args, { stdio: 'pipe' });
  let complaint = '';
  child.stderr.on('data', (chunk: Buffer) => {
    complaint += chunk;
  });
  child.stdin.on('error', () => undefined);
  const duplex = Duplex.from({ readable: child.stdout, writable: child.stdin });
  child.once('close', (code) => {
    if (code !== 0) duplex.destroy(new Error(complaint.trim() || 'the pod ended'));
  });
  return duplex;
}

/** Streams come in pairs with one `requestid`: `error` first, then `data`. */
export function forwardOverSpdy(connection: SpdyConnection, worker: PodWorker): void {
  const errors = new Map<string, SpdyStream>();
  connection.on('stream', (stream) => {
    take(stream);
    const { streamtype, requestid = '', port = '' } = stream.headers;
    if (streamtype === 'error') {
      errors.set(requestid, stream);
      return;
    }
    const error = errors.get(requestid);
    errors.delete(requestid);
    void forward(stream, worker, Number(port), (text) => void error?.write(text)).finally(() => error?.end());
  });
}

/** Channels come in pairs too: data at 2i, errors at 2i + 1, each opened by the port's number. */
export function forwardOverWebSocket(socket: WebSocket, worker: PodWorker, ports: readonly number[]): void {
  const inputs = ports.map((port, index) => {
    const opening = Buffer.alloc(2);
    opening.writeUInt16LE(port);
    socket.send(frame(socket, index * 2, opening));
    socket.send(frame(socket, index * 2 + 1, opening));
    const output = channelWriter(socket, index * 2);
    const stream = new Duplex({
      read: () => undefined,
      write: (chunk: Buffer, encoding, done) => void output.write(chunk, encoding, done),
    });
    void forward(stream, worker, port, (text) => socket.send(frame(socket, index * 2 + 1, Buffer.from(text))));
    return stream;
  });
  socket.on('message', (data: Buffer) => {
    const { channel, content } = readFrame(socket, data);
    inputs[channel / 2]?.push(content);
  });
  socket.on('error', () => socket.terminate());
  socket.on('close', () => {
    for (const input of inputs) input.destroy();
  });
}

/** Resolves when the connection is over. */
async function forward(client: Duplex, worker: PodWorker, port: number, tell: (error: string) => void): Promise<void> {
  const failed = (error: unknown): void => {
    const why = error instanceof Error ? error.message : String(error);
    tell(`error forwarding port ${port} to pod ${worker.pod.metadata.name}: ${why}`);
  };
  try {
    const upstream = await dial(worker, port);
    await new Promise<void>((resolve) => {
      upstream.once('error', failed);
      client.on('error', () => upstream.destroy());
      client.once('close', () => upstream.destroy());
      upstream.once('close', () => {
        client.end();
        resolve();
      });
      client.pipe(upstream).pipe(client);
    });
  } catch (error) {
    failed(error);
    client.end();
  }
}
