/** exec, attach and port-forward: tunnels the client's upgrade (SPDY or WebSocket) to the pod's kubelet unchanged. */
import type { IncomingMessage } from 'node:http';
import net from 'node:net';
import type { Duplex } from 'node:stream';
import tls from 'node:tls';
import type { ResourcePath } from '../http/path.ts';
import { badRequest, noSuchPath, StatusError } from '../status.ts';
import type { ApiObject } from '../types.ts';
import type { KubeletContext } from './context.ts';
import { containerOf, findPod, KUBELET_TLS, kubeletOf } from './kubelet.ts';

export function refuseWithoutUpgrade(): never {
  throw badRequest('Upgrade request required');
}

/** An upgrade that has passed the handler chain. */
export interface Upgrade {
  readonly request: IncomingMessage;
  readonly socket: Duplex;
  readonly head: Buffer;
  readonly url: URL;
  readonly path: ResourcePath;
}

/** Answers an upgrade with an error in plain HTTP, and closes the connection. */
export function refuseUpgrade(socket: Duplex, error: StatusError): void {
  const body = JSON.stringify(error.toStatus());
  socket.end(
    `HTTP/1.1 ${error.code} ${error.reason}\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
  );
}

/** @throws {StatusError} when the path is not such a subresource of a pod, or the pod has no kubelet. */
export function tunnel({ store, stopping }: KubeletContext, { request, socket, head, url, path }: Upgrade): void {
  if (path.group !== '' || path.resource !== 'pods') throw noSuchPath();
  const pod = findPod(store, path.namespace ?? '', path.name ?? '');
  const target = kubeletPath(path, pod, url.searchParams);
  const { host, port } = kubeletOf(store, pod);
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
      refuseUpgrade(
        socket,
        new StatusError(500, 'InternalError', `error dialing backend: dial tcp ${host}:${port}: ${error.message}`),
      );
  });
  const stop = () => socket.destroy();
  stopping.addEventListener('abort', stop);
  socket.on('close', () => {
    stopping.removeEventListener('abort', stop);
    upstream.destroy();
  });
  upstream.on('close', () => socket.end());
}

/** The path on the kubelet for a pod's subresource. @throws {StatusError} when the pod has no such container. */
function kubeletPath(path: ResourcePath, pod: ApiObject, query: URLSearchParams): string {
  const place = `${path.namespace}/${pod.metadata.name}`;
  switch (path.subresource) {
    case 'exec':
    case 'attach':
      return `/${path.subresource}/${place}/${containerOf(pod, query.get('container') ?? '')}?${streams(query)}`;
    case 'portforward': {
      // WebSocket clients send the ports in the query, SPDY clients in the headers of each stream.
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

/** The client's headers, without its token, which the kubelet must not see. */
function headers(request: IncomingMessage): string {
  const lines: string[] = [];
  for (let index = 0; index + 1 < request.rawHeaders.length; index += 2) {
    const name = request.rawHeaders[index] ?? '';
    if (name.toLowerCase() !== 'authorization') lines.push(`${name}: ${request.rawHeaders[index + 1] ?? ''}\r\n`);
  }
  return lines.join('');
}
