/**
 * The HTTP proxy by which browsers and shells on the host reach Routes: what they ask for by name is passed, byte for
 * byte, to the router inside, which knows the names. There is no way on to any other place.
 */
import { connect, type Server, type Socket } from 'node:net';

const HEAD_LIMIT = 64 * 1024;

/** Serves the connections of a listening socket. @param router address of the OpenShift router. @returns how to end it. */
export function serveRouterProxy(server: Server, router: string): () => void {
  const open = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
    socket.on('error', () => socket.destroy());
    socket.setNoDelay(true);
    readHead(socket, (head) => serve(socket, head, router));
  });
  return () => {
    server.close();
    for (const socket of open) socket.destroy();
  };
}

function readHead(socket: Socket, onHead: (head: Buffer) => void): void {
  let seen = Buffer.alloc(0);
  const onData = (chunk: Buffer): void => {
    seen = Buffer.concat([seen, chunk]);
    if (seen.indexOf('\r\n') === -1 && seen.length < HEAD_LIMIT) return;
    // A CONNECT is answered only when all of its head is here; anything else is the router's to read.
    if (seen.subarray(0, 8).toString('latin1') === 'CONNECT ' && seen.indexOf('\r\n\r\n') === -1) return;
    socket.off('data', onData);
    socket.pause();
    onHead(seen);
  };
  socket.on('data', onData);
}

function serve(socket: Socket, head: Buffer, router: string): void {
  const line = head.subarray(0, head.indexOf('\r\n')).toString('latin1');
  const [method = '', target = ''] = line.split(' ');
  if (method === 'CONNECT') {
    const port = Number(target.split(':').at(-1));
    if (port !== 443 && port !== 80) {
      answer(socket, `no Route is served on port ${port}, only on 80 and 443`);
      return;
    }
    const rest = head.subarray(head.indexOf('\r\n\r\n') + 4);
    join(socket, { host: router, port }, rest, 'HTTP/1.1 200 Connection established\r\n\r\n');
    return;
  }
  join(socket, { host: router, port: 80 }, head);
}

function join(socket: Socket, to: { host: string; port: number }, first: Buffer, greeting?: string): void {
  const upstream = connect(to);
  upstream.setNoDelay(true);
  let connected = false;
  upstream.once('connect', () => {
    connected = true;
    if (greeting !== undefined) socket.write(greeting);
    if (first.length > 0) upstream.write(first);
    socket.pipe(upstream).pipe(socket);
  });
  upstream.on('error', () => {
    if (connected) socket.destroy();
    else answer(socket, 'the router of the sandbox is not running');
  });
  upstream.once('close', () => socket.destroySoon());
  socket.once('close', () => upstream.destroy());
}

function answer(socket: Socket, why: string): void {
  const body = `Bad gateway: ${why}.\n`;
  socket.end(
    `HTTP/1.1 502 Bad Gateway\r\nContent-Type: text/plain\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`,
  );
}
