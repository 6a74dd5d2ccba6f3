/** Upgraded requests of the kubelet's API: exec, attach, port-forward, each over SPDY/3.1 or WebSocket. */
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Pods } from '../pods.ts';
import type { Wanted } from './channels.ts';
import { attach, exec } from './exec.ts';
import { findRunner } from './find.ts';
import { forwardOverSpdy, forwardOverWebSocket } from './port-forward.ts';
import { acceptSpdy, spdyChannels } from './spdy.ts';
import { acceptWebSocket, tunnelledSpdy, webSocketChannels } from './websocket.ts';

export async function serveStreams(request: IncomingMessage, socket: Duplex, head: Buffer, pods: Pods): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://kubelet');
  const [, verb = '', namespace = '', name = '', container] = url.pathname.split('/').map(decodeURIComponent);
  const found = findRunner(pods, namespace, name, container);
  if (typeof found === 'string') {
    refuse(socket, 404, 'Not Found', found);
    return;
  }
  const webSocket = request.headers.upgrade?.toLowerCase() === 'websocket';
  if (verb === 'portForward') {
    if (webSocket) {
      const accepted = await acceptWebSocket(request, socket, head);
      const spdy = tunnelledSpdy(accepted);
      if (spdy === undefined)
        forwardOverWebSocket(accepted, found.worker, url.searchParams.getAll('ports').map(Number));
      else forwardOverSpdy(spdy, found.worker);
    } else forwardOverSpdy(acceptSpdy(request, socket, head), found.worker);
    return;
  }
  if (verb !== 'exec' && verb !== 'attach') {
    refuse(socket, 404, 'Not Found', 'not found');
    return;
  }
  if (found.runner.process === undefined) {
    refuse(socket, 500, 'Internal Server Error', `container not found ("${found.runner.container.name}")`);
    return;
  }
  const wanted = wantedStreams(url.searchParams);
  const channels = webSocket
    ? webSocketChannels(await acceptWebSocket(request, socket, head))
    : await spdyChannels(acceptSpdy(request, socket, head), wanted);
  if (verb === 'attach') attach(found.runner, wanted, channels);
  else await exec(found.runner, found.worker.hostNetwork, url.searchParams.getAll('command'), wanted, channels);
}

/** The kubelet's own parameter names, and those of the API. */
function wantedStreams(query: URLSearchParams): Wanted {
  const on = (...names: string[]): boolean => names.some((name) => ['1', 'true'].includes(query.get(name) ?? ''));
  const tty = on('tty');
  return {
    stdin: on('input', 'stdin'),
    stdout: on('output', 'stdout'),
    stderr: on('error', 'stderr') && !tty,
    tty,
  };
}

function refuse(socket: Duplex, code: number, reason: string, message: string): void {
  socket.end(
    `HTTP/1.1 ${code} ${reason}\r\nContent-Type: text/plain\r\nContent-Length: ${Buffer.byteLength(message)}\r\nConnection: close\r\n\r\n${message}`,
  );
}
