/** `pods/log`: streamed from the kubelet. */
import type { IncomingMessage } from 'node:http';
import https from 'node:https';
import type { WebSocket } from 'ws';
import { text } from '../../../model/fields.ts';
import type { Exchange, Upgraded } from '../http/exchange.ts';
import type { RestRequest } from '../rest/request.ts';
import { badRequest, methodNotAllowed, StatusError } from '../status.ts';
import type { KubeletContext } from './context.ts';
import { containerOf, findPod, KUBELET_TLS, kubeletOf } from './kubelet.ts';

const OPTIONS = ['follow', 'previous', 'timestamps', 'sinceSeconds', 'sinceTime', 'tailLines', 'limitBytes'];

/** Streams the log as the body of the response. @throws {StatusError} with the kubelet's message when there is no log. */
export async function serveLog(
  context: KubeletContext,
  request: RestRequest,
  { request: message, response }: Exchange,
): Promise<void> {
  if (message.method !== 'GET') throw methodNotAllowed();
  const log = await openLog(context, text(request.namespace), text(request.name), request.query);
  response.writeHead(200, { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-cache, private' });
  response.flushHeaders();
  response.on('close', () => log.destroy());
  log.on('error', () => response.destroy());
  log.pipe(response);
}

/**
 * Streams the log over a WebSocket in binary frames, or in base64 text frames for the protocol `base64.binary.k8s.io`.
 * @param accept does the handshake. @throws {StatusError} before the handshake.
 */
export async function sendLog(
  context: KubeletContext,
  { path, url }: Upgraded,
  accept: () => Promise<WebSocket>,
): Promise<void> {
  const log = await openLog(context, text(path.namespace), text(path.name), url.searchParams);
  const socket = await accept();
  const inText = socket.protocol === 'base64.binary.k8s.io';
  log.on('data', (chunk: Buffer) => socket.send(inText ? chunk.toString('base64') : chunk));
  log.on('end', () => socket.close(1000));
  log.on('error', () => socket.terminate());
  socket.on('close', () => log.destroy());
  socket.on('error', () => socket.terminate());
}

function openLog(
  { store, stopping }: KubeletContext,
  namespace: string,
  name: string,
  asked: URLSearchParams,
): Promise<IncomingMessage> {
  const pod = findPod(store, namespace, name);
  const container = containerOf(pod, asked.get('container') ?? '');
  const { host, port } = kubeletOf(store, pod);
  const query = new URLSearchParams();
  for (const option of OPTIONS) {
    const value = asked.get(option);
    if (value !== null) query.set(option, value);
  }
  const path = `/containerLogs/${namespace}/${name}/${container}?${query}`;
  return new Promise((resolve, reject) => {
    https
      .get({ host, port, path, ...KUBELET_TLS, agent: false, signal: stopping }, (answer) => {
        if (answer.statusCode === 200) resolve(answer);
        else refuse(answer, reject);
      })
      .on('error', (error) =>
        reject(new StatusError(500, 'InternalError', `Get "https://${host}:${port}${path}": ${error.message}`)),
      );
  });
}

/** The kubelet's message, e.g. `container "x" in pod "y" is waiting to start: ContainerCreating`. */
function refuse(answer: IncomingMessage, reject: (error: StatusError) => void): void {
  const chunks: Buffer[] = [];
  answer.on('data', (chunk: Buffer) => chunks.push(chunk));
  answer.on('end', () => {
    const words = Buffer.concat(chunks).toString().trim();
    const code = answer.statusCode ?? 500;
    reject(code === 400 || code === 404 ? badRequest(words) : new StatusError(code, 'InternalError', words));
  });
}
