/** SPDY/3.1, which kubectl up to 1.30 uses for exec, attach and port-forward. */
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import transport, { type SpdyConnection, type SpdyStream } from 'spdy-transport';
import type { Channels, Wanted } from './channels.ts';

const PROTOCOLS = ['v4.channel.k8s.io', 'portforward.k8s.io'];
const ALL_STREAMS_WITHIN = 10_000;

/** Answers the upgrade. */
export function acceptSpdy(request: IncomingMessage, socket: Duplex, head: Buffer): SpdyConnection {
  const asked = String(request.headers['x-stream-protocol-version'] ?? '')
    .split(',')
    .map((one) => one.trim());
  const protocol = PROTOCOLS.find((one) => asked.includes(one));
  const version = protocol === undefined ? '' : `X-Stream-Protocol-Version: ${protocol}\r\n`;
  socket.write(`HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: SPDY/3.1\r\n${version}\r\n`);
  if (head.length > 0) socket.unshift(head);
  return connectionOver(socket);
}

export function connectionOver(socket: Duplex): SpdyConnection {
  const connection = transport.connection.create(socket, { protocol: 'spdy', isServer: true });
  allowBareHeaders(connection);
  sendWithoutWindows(connection);
  connection.start(3.1);
  connection.on('error', () => socket.destroy());
  return connection;
}

/** Streams of exec and port-forward are not requests: they have neither method nor path, which the library requires. */
function allowBareHeaders(connection: SpdyConnection): void {
  const { parser } = connection._spdyState;
  const parse = parser.parseKVs.bind(parser);
  parser.parseKVs = (buffer, done) =>
    parse(buffer, (error, headers) =>
      done(error, headers === undefined ? headers : { ':method': 'POST', ':path': '/', ...headers }),
    );
}

/**
 * kubectl's SPDY library (moby/spdystream) has no flow control: it never opens a window again, so output would stop after
 * 64 KiB. So the windows are unlimited here, and only TCP slows a program down, as with a real kubelet.
 */
function sendWithoutWindows({ _spdyState: { window, streamWindow } }: SpdyConnection): void {
  for (const side of [window.send, streamWindow.send]) {
    side.limit = Number.POSITIVE_INFINITY;
    side.updateMax(Number.POSITIVE_INFINITY);
  }
}

/** Takes a stream the client opened. */
export function take(stream: SpdyStream): void {
  stream.respond(200, {});
  stream.on('error', () => undefined);
}

/** Resolves when the client has opened every stream it asked for. */
export function spdyChannels(connection: SpdyConnection, wanted: Wanted): Promise<Channels> {
  const names = ['error', ...(['stdin', 'stdout', 'stderr'] as const).filter((name) => wanted[name])];
  const streams = new Map<string, SpdyStream>();
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => {
      connection.end();
      reject(new Error('a client did not open its streams'));
    }, ALL_STREAMS_WITHIN);
    connection.on('close', () => clearTimeout(late));
    connection.on('stream', (stream) => {
      take(stream);
      streams.set(stream.headers['streamtype'] ?? '', stream);
      // Terminal sizes are ignored.
      if (stream.headers['streamtype'] === 'resize') stream.resume();
      if (!names.every((name) => streams.has(name))) return;
      clearTimeout(late);
      resolve(channelsOf(connection, streams));
    });
  });
}

function channelsOf(connection: SpdyConnection, streams: ReadonlyMap<string, SpdyStream>): Channels {
  let finished = false;
  return {
    stdin: streams.get('stdin'),
    stdout: streams.get('stdout'),
    stderr: streams.get('stderr'),
    finish: (status) => {
      if (finished) return;
      finished = true;
      for (const name of ['stdout', 'stderr']) streams.get(name)?.end();
      streams.get('error')?.end(JSON.stringify(status));
      streams.get('stdin')?.end();
      streams.get('resize')?.end();
    },
    onClose: (listener) => {
      connection.on('close', listener);
    },
  };
}
