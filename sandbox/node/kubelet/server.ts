/** The kubelet's HTTPS API, for the API server: logs, exec, attach, port-forward. */
import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { Duplex } from 'node:stream';
import type { AgentContext } from '../agent-context.ts';
import { KUBELET_PORT } from '../nodes.ts';
import type { Pods } from '../pods.ts';
import { findRunner } from './find.ts';
import { writeLog } from './logs.ts';

/** Resolves when the kubelet answers on every node's address. */
export async function startKubelet(context: AgentContext, pods: Pods): Promise<void> {
  const server = createServer(context.settings.tls, (request, response) => {
    answer(request, response, pods).catch((error) => {
      context.log(`kubelet: ${error}`);
      response.destroy();
    });
  });
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on('error', () => socket.destroy());
    import('./streams.ts')
      .then(({ serveStreams }) => serveStreams(request, socket, head, pods))
      .catch((error) => {
        context.log(`kubelet: ${error}`);
        socket.destroy();
      });
  });
  server.keepAliveTimeout = 60_000;
  server.listen(KUBELET_PORT, '0.0.0.0');
  await once(server, 'listening');
}

async function answer(request: IncomingMessage, response: ServerResponse, pods: Pods): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://kubelet');
  const [, verb = '', namespace = '', name = '', container] = url.pathname.split('/').map(decodeURIComponent);
  if (verb === 'healthz') {
    response.end('ok');
    return;
  }
  if (verb !== 'containerLogs') {
    refuse(
      response,
      verb === 'exec' || verb === 'attach' || verb === 'portForward' ? 400 : 404,
      'Upgrade request required',
    );
    return;
  }
  const found = findRunner(pods, namespace, name, container);
  if (typeof found === 'string') {
    refuse(response, 404, found);
    return;
  }
  await writeLog(found.runner, found.worker, url.searchParams, response);
}

function refuse(response: ServerResponse, code: number, message: string): void {
  response.writeHead(code, { 'content-type': 'text/plain' });
  response.end(`${message}\n`);
}
