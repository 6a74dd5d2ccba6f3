/** `pods/log`: streamed from the kubelet. */
import type { IncomingMessage } from 'node:http';
import https from 'node:https';
import type { Exchange } from '../http/exchange.ts';
import { text } from '../json.ts';
import type { RestRequest } from '../rest/request.ts';
import { badRequest, methodNotAllowed, StatusError } from '../status.ts';
import type { KubeletContext } from './context.ts';
import { containerOf, findPod, KUBELET_TLS, kubeletOf } from './kubelet.ts';

const OPTIONS = ['follow', 'previous', 'timestamps', 'sinceSeconds', 'sinceTime', 'tailLines', 'limitBytes'];

export function serveLog(
  { store, stopping }: KubeletContext,
  request: RestRequest,
  { request: message, response }: Exchange,
): Promise<void> {
  if (message.method !== 'GET') throw methodNotAllowed();
  const namespace = text(request.namespace);
  const pod = findPod(store, namespace, text(request.name));
  const container = containerOf(pod, request.query.get('container') ?? '');
  const { host, port } = kubeletOf(store, pod);
  const query = new URLSearchParams();
  for (const option of OPTIONS) {
    const value = request.query.get(option);
    if (value !== null) query.set(option, value);
  }
  const path = `/containerLogs/${namespace}/${pod.metadata.name}/${container}?${query}`;
  return new Promise((resolve, reject) => {
    const upstream = https.get({ host, port, path, ...KUBELET_TLS, agent: false, signal: stopping }, (answer) => {
      if (answer.statusCode !== 200) return refuse(answer, reject);
      response.writeHead(200, { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-cache, private' });
      response.flushHeaders();
      answer.pipe(response);
      answer.on('error', () => response.destroy());
      response.on('close', () => {
        upstream.destroy();
        resolve();
      });
    });
    upstream.on('error', (error) =>
      reject(new StatusError(500, 'InternalError', `Get "https://${host}:${port}${path}": ${error.message}`)),
    );
  });
}

/** The kubelet's words, e.g. `container "x" in pod "y" is waiting to start: ContainerCreating`. */
function refuse(answer: IncomingMessage, reject: (error: StatusError) => void): void {
  const chunks: Buffer[] = [];
  answer.on('data', (chunk: Buffer) => chunks.push(chunk));
  answer.on('end', () => {
    const words = Buffer.concat(chunks).toString().trim();
    const code = answer.statusCode ?? 500;
    reject(code === 400 || code === 404 ? badRequest(words) : new StatusError(code, 'InternalError', words));
  });
}
