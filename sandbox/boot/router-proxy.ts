/**
 * The HTTP proxy through which browsers and shells on the host reach the sandbox. The address of a request decides where it goes:
 * host names of Routes go to the router, addresses of the cluster to themselves; everything else is refused. The `Host` header is
 * passed on, as without a proxy.
 */
import { connect, isIPv4, type Server, type Socket } from 'node:net';

export interface ProxyTargets {
  /** Address of the OpenShift router. */
  readonly router: string;
  /** Whether the router serves a host name. */
  isRouted(host: string): boolean;
  /** Whether an address belongs to the cluster. */
  isInside(address: string): boolean;
  /** The Unix socket of a host name that is served over plain HTTP from outside the sandbox. */
  socketOf?(host: string): string | undefined;
}

interface Destination {
  readonly host: string;
  readonly port: number;
}

/** Where a connection is made to. */
type Upstream = Destination | { readonly path: string };

const HEAD_LIMIT = 64 * 1024;
const END = '\r\n\r\n';

/** Serves the connections of a listening socket. @returns a function that stops it. */
export function serveRouterProxy(server: Server, targets: ProxyTargets): () => void {
  const open = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
    socket.on('error', () => socket.destroy());
    socket.setNoDelay(true);
    readHead(socket, (head, rest) => serve(socket, head, rest, targets));
  });
  return () => {
    server.close();
    for (const socket of open) socket.destroy();
  };
}

function readHead(socket: Socket, onHead: (head: string, rest: Buffer) => void): void {
  let seen = Buffer.alloc(0);
  const onData = (chunk: Buffer): void => {
    seen = Buffer.concat([seen, chunk]);
    const end = seen.indexOf(END);
    if (end === -1 && seen.length < HEAD_LIMIT) return;
    socket.off('data', onData);
    socket.pause();
    if (end === -1) refuse(socket, '431 Request Header Fields Too Large', 'the head of the request is too long');
    else onHead(seen.subarray(0, end).toString('latin1'), seen.subarray(end + END.length));
  };
  socket.on('data', onData);
}

function serve(socket: Socket, head: string, rest: Buffer, targets: ProxyTargets): void {
  const [method = '', target = ''] = head.slice(0, head.indexOf('\r\n')).split(' ');
  const tunnel = method === 'CONNECT';
  const asked = tunnel ? authorityOf(target, 443) : authorityOf(/^http:\/\/([^/?#]+)/i.exec(target)?.[1] ?? '', 80);
  if (asked === undefined) {
    refuse(socket, '400 Bad Request', 'this is an HTTP proxy: it takes absolute http:// addresses and CONNECT');
    return;
  }
  const to = destinationOf(asked, targets);
  if (typeof to === 'string') refuse(socket, '502 Bad Gateway', to);
  else if (tunnel) join(socket, to, rest, 'HTTP/1.1 200 Connection established\r\n\r\n');
  else join(socket, to, Buffer.concat([Buffer.from(requestFor(head, target, asked, 'path' in to), 'latin1'), rest]));
}

function authorityOf(text: string, defaultPort: number): Destination | undefined {
  const match = /^([^:@\s]+)(?::(\d+))?$/.exec(text);
  if (match?.[1] === undefined) return undefined;
  return { host: match[1].toLowerCase(), port: Number(match[2] ?? defaultPort) };
}

/** The destination, or why there is none. */
function destinationOf({ host, port }: Destination, targets: ProxyTargets): Upstream | string {
  const path = port === 80 ? targets.socketOf?.(host) : undefined;
  if (path !== undefined) return { path };
  if (isIPv4(host)) return targets.isInside(host) ? { host, port } : noWayOut(host);
  if (!targets.isRouted(host)) return noWayOut(host);
  return port === 80 || port === 443
    ? { host: targets.router, port }
    : `${host} is a name of the router, which listens on 80 and 443 and not on ${port}`;
}

function noWayOut(host: string): string {
  return `there is no way out of the sandbox, and ${host} is neither the name of a Route nor an address in it; see \`web:\` in lab.yaml`;
}

/**
 * Unchanged if the `Host` header matches the address: the router can then handle every request on the connection. Otherwise the
 * request as a client without a proxy would send it, for this single request.
 * @param toServer whether it goes to a server other than the router.
 */
function requestFor(head: string, target: string, asked: Destination, toServer: boolean): string {
  const host = /\r\nhost:[ \t]*([^\r\n]*)/i.exec(head)?.[1]?.trim() ?? '';
  const named = authorityOf(host, 80);
  if (!toServer && !isIPv4(asked.host) && named?.host === asked.host && named.port === asked.port) return head + END;
  const path = target.replace(/^http:\/\/[^/?#]+/i, '');
  const origin = path.startsWith('/') ? path : `/${path}`;
  const others = head.replace(/\r\n(?:proxy-)?connection:[^\r\n]*/gi, '').replace(target, () => origin);
  return `${others}\r\nConnection: close${END}`;
}

function join(socket: Socket, to: Upstream, first: Buffer, greeting?: string): void {
  const upstream = connect(to);
  upstream.setNoDelay(true);
  let connected = false;
  upstream.once('connect', () => {
    connected = true;
    if (greeting !== undefined) socket.write(greeting);
    if (first.length > 0) upstream.write(first);
    socket.pipe(upstream).pipe(socket);
  });
  upstream.on('error', (error) => {
    if (connected) socket.destroy();
    else refuse(socket, '502 Bad Gateway', `nothing answers at ${nameOf(to)} in the sandbox (${error.message})`);
  });
  upstream.once('close', () => socket.destroySoon());
  socket.once('close', () => upstream.destroy());
}

function nameOf(to: Upstream): string {
  return 'path' in to ? to.path : `${to.host}:${to.port}`;
}

function refuse(socket: Socket, status: string, why: string): void {
  const body = `Labwright: ${why}.\n`;
  const headers = ['Content-Type: text/plain; charset=utf-8', `Content-Length: ${Buffer.byteLength(body)}`];
  socket.end(`HTTP/1.1 ${[status, ...headers, 'Connection: close'].join('\r\n')}${END}${body}`);
}
