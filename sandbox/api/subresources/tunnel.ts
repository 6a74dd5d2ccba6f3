/** exec, attach and port-forward: the client's upgrade (SPDY or WebSocket) is tunnelled to the pod's kubelet byte for byte. */
import type { IncomingMessage } from 'node:http';
import net from 'node:net';
import type { Duplex } from 'node:stream';
import tls from 'node:tls';
import { attributesOf } from '../access/attributes.ts';
import { refusal } from '../access/forbidden.ts';
import type { Core } from '../core.ts';
import { parsePath, type ResourcePath } from '../http/path.ts';
import { userOf } from '../http/server.ts';
import { badRequest, noSuchPath, StatusError, toStatusError } from '../status.ts';
import type { ApiObject, User } from '../types.ts';
import { containerOf, findPod, KUBELET_TLS, kubeletOf } from './kubelet.ts';

export function refuseWithoutUpgrade(): never {
  throw badRequest('Upgrade request required');
}

/** Handles the `upgrade` event of a listener. */
export function upgradeListener(
  core: Core,
  local: boolean,
): (request: IncomingMessage, socket: Duplex, head: Buffer) => void {
  return (request, socket, head) => {
    socket.on('error', () => socket.destroy());
    try {
      mayTunnel(core, userOf(core, local, request), request);
      tunnel(core, request, socket, head);
    } catch (error) {
      refuse(socket, toStatusError(error));
    }
  };
}

/** Exec, attach and port-forward are creations of the subresource, by whichever method they come. @throws {StatusError} */
function mayTunnel(core: Core, user: User, request: IncomingMessage): void {
  const path = parsePath(new URL(request.url ?? '/', 'http://api').pathname);
  if (path === undefined) throw noSuchPath();
  const attributes = attributesOf(path, request.method === 'GET' ? 'get' : 'create');
  if (!core.authorizer.allows({ user, attributes })) throw refusal({ user, attributes });
}

function refuse(socket: Duplex, error: StatusError): void {
  const body = JSON.stringify(error.toStatus());
  socket.end(
    `HTTP/1.1 ${error.code} ${error.reason}\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
  );
}

function tunnel(core: Core, request: IncomingMessage, socket: Duplex, head: Buffer): void {
  const url = new URL(request.url ?? '/', 'http://api');
  const path = parsePath(url.pathname);
  if (path === undefined || path.group !== '' || path.resource !== 'pods') throw noSuchPath();
  const pod = findPod(core, path.namespace ?? '', path.name ?? '');
  const target = kubeletPath(path, pod, url.searchParams);
  const { host, port } = kubeletOf(core, pod);
  const upstream = tls.connect({ host, port, ...KUBELET_TLS }, () => {
    upstream.setNoDelay(true);
    upstream.write(`${request.method} ${target} HTTP/1.1\r\n${headers(request)}\r\n`);
    if (head.length > 0) upstream.write(head);
    upstream.pipe(socket);
    socket.pipe(upstream);
  });
  if (socket instanceof net.Socket) socket.setNoDelay(true);
  let answered = false;
  upstream.once('data', () => {
    answered = true;
  });
  upstream.on('error', (error) => {
    if (answered) socket.destroy();
    else
      refuse(
        socket,
        new StatusError(500, 'InternalError', `error dialing backend: dial tcp ${host}:${port}: ${error.message}`),
      );
  });
  const stop = () => socket.destroy();
  core.stopping.addEventListener('abort', stop);
  socket.on('close', () => {
    core.stopping.removeEventListener('abort', stop);
    upstream.destroy();
  });
  upstream.on('close', () => socket.end());
}

/** The kubelet's path for a subresource of a pod. @throws {StatusError} for a container that is none. */
function kubeletPath(path: ResourcePath, pod: ApiObject, query: URLSearchParams): string {
  const place = `${path.namespace}/${pod.metadata.name}`;
  switch (path.subresource) {
    case 'exec':
    case 'attach':
      return `/${path.subresource}/${place}/${containerOf(pod, query.get('container') ?? '')}?${streams(query)}`;
    case 'portforward': {
      // WebSocket clients name the ports in the query, SPDY clients in each stream's headers.
      const ports = query.getAll('ports').map((port) => `port=${port}`);
      return `/portForward/${place}${ports.length === 0 ? '' : `?${ports.join('&')}`}`;
    }
    default:
      throw noSuchPath();
  }
}

function streams(query: URLSearchParams): URLSearchParams {
  const asked = new URLSearchParams();
  const names = { stdin: 'input', stdout: 'output', stderr: 'error', tty: 'tty' };
  for (const command of query.getAll('command')) asked.append('command', command);
  for (const [name, kubelet] of Object.entries(names)) {
    if (['true', '1'].includes(query.get(name) ?? '')) asked.set(kubelet, '1');
  }
  return asked;
}

/** The client's headers but its token, which is not the kubelet's business. */
function headers(request: IncomingMessage): string {
  const lines: string[] = [];
  for (let index = 0; index + 1 < request.rawHeaders.length; index += 2) {
    const name = request.rawHeaders[index] ?? '';
    if (name.toLowerCase() !== 'authorization') lines.push(`${name}: ${request.rawHeaders[index + 1] ?? ''}\r\n`);
  }
  return lines.join('');
}
