/**
 * The guestbook web application as its users see it, for the sandbox: `GUESTBOOK_VERSION` is v1 or v2. Entries are kept
 * in Redis (writes to `redis-master`, reads from `redis-slave` and from the master when that fails), or in memory where
 * no Redis Service existed when the pod started. v2 asks a tone analyzer first, which the lab never deploys.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { hostname } from 'node:os';
import { page } from './page.ts';
import { redis } from './redis.ts';

const PORT = 3000;
const version = process.env['GUESTBOOK_VERSION'] ?? 'v1';
const persistent = process.env['REDIS_MASTER_PORT'] !== undefined;
const master = { host: 'redis-master', port: 6379 };
const replica = { host: 'redis-slave', port: 6379 };
const memory = new Map<string, string[]>();

async function entriesOf(list: string): Promise<string[]> {
  if (!persistent) return memory.get(list) ?? [];
  const command = ['LRANGE', list, '0', '-1'];
  const reply = await redis(replica, command).catch(() => redis(master, command));
  return Array.isArray(reply) ? reply.map(String) : [];
}

async function append(list: string, entry: string): Promise<string[]> {
  const text = version === 'v2' ? `${entry} : ${await toneOf(entry)}` : entry;
  if (persistent) await redis(master, ['RPUSH', list, text]);
  else memory.set(list, [...(memory.get(list) ?? []), text]);
  return entriesOf(list);
}

async function toneOf(text: string): Promise<string> {
  try {
    const response = await fetch('http://analyzer:80/tone', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ input_text: text }),
      signal: AbortSignal.timeout(2_000),
    });
    return response.ok
      ? await response.text()
      : `Error - unable to detect Tone from the Analyzer service (${response.status})`;
  } catch {
    return 'Error - unable to detect Tone from the Analyzer service';
  }
}

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const [route = '', ...rest] = (new URL(request.url ?? '/', 'http://localhost').pathname.slice(1) || '')
    .split('/')
    .map(decodeURIComponent);
  switch (route) {
    case '':
      return send(response, 200, 'text/html; charset=utf-8', page(version));
    case 'lrange':
      return send(response, 200, 'application/json', JSON.stringify(await entriesOf(rest[0] ?? '')));
    case 'rpush':
      return send(
        response,
        200,
        'application/json',
        JSON.stringify(await append(rest[0] ?? '', rest.slice(1).join('/'))),
      );
    case 'hello':
      return send(
        response,
        200,
        'text/plain; charset=utf-8',
        `Hello from guestbook. Your app is up! (${version} on ${hostname()})\n`,
      );
    case 'healthz':
      return send(response, 200, 'text/plain', 'ok\n');
    case 'env':
      return send(response, 200, 'application/json', JSON.stringify(process.env, null, 2));
    case 'info':
      return send(
        response,
        200,
        'text/plain',
        persistent ? String(await redis(master, ['INFO'])) : 'entries are kept in memory\n',
      );
    default:
      return send(response, 404, 'text/plain', 'not found\n');
  }
}

function send(response: ServerResponse, status: number, type: string, body: string): void {
  response.writeHead(status, { 'content-type': type, 'cache-control': 'no-cache' }).end(body);
}

const server = createServer((request, response) => {
  answer(request, response).catch((error: unknown) =>
    send(response, 500, 'text/plain', `${error instanceof Error ? error.message : String(error)}\n`),
  );
});
server.listen(PORT, () =>
  console.log(`guestbook ${version} listens on ${PORT}, entries are kept ${persistent ? 'in Redis' : 'in memory'}`),
);
process.on('SIGTERM', () => {
  server.close(() => process.exit(0));
  server.closeAllConnections();
});
