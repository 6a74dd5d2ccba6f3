/**
 * Answers with its name and the request it received. The path controls the answer: `/status/503`, `/wait/500` (milliseconds), `/attempts/3`
 * (503 before the third attempt), `/slow-attempts/2` (a second before the second attempt), `/reset`, `/seen/ID` (what came
 * with the header `x-ask: ID`), `/open` (connections). On 7071 it answers each line of TCP with its name.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTcpServer } from 'node:net';
import { hostname } from 'node:os';

const pod = process.env['POD'] ?? hostname();
const seen = new Map<string, { host: string | undefined; url: string | undefined }[]>();

const server = createServer((request, response) => {
  const { url = '', headers } = request;
  const [, word = '', value = ''] = new URL(url, 'http://x').pathname.split('/');
  const ask = String(headers['x-ask'] ?? '');
  if (word === 'seen') return void response.end(JSON.stringify(seen.get(value) ?? []));
  if (ask !== '') seen.set(ask, [...(seen.get(ask) ?? []), { host: headers.host, url }]);
  const attempt = Number(headers['x-envoy-attempt-count'] ?? 1);
  const wait = word === 'wait' ? Number(value) : word === 'slow-attempts' && attempt < Number(value) ? 1_000 : 0;
  setTimeout(() => answer(request, response, { word, value, attempt }), wait);
});

interface Wish {
  readonly word: string;
  readonly value: string;
  readonly attempt: number;
}

function answer(request: IncomingMessage, response: ServerResponse, { word, value, attempt }: Wish): void {
  if (word === 'reset') return void request.socket.destroy();
  const early = word === 'attempts' && attempt < Number(value);
  const status = word === 'status' ? Number(value) : early ? 503 : 200;
  const { method, url, headers } = request;
  const body = JSON.stringify({ pod, method, url, attempt, headers });
  response.writeHead(status, { 'x-pod': pod, 'x-inner': 'yes', 'content-type': 'application/json' }).end(body);
}

server.listen(7070);
createTcpServer((socket) => {
  socket.on('data', () => socket.end(`${pod}\n`));
  socket.on('error', () => socket.destroy());
}).listen(7071);
