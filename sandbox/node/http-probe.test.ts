import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import { createServer as createTcpServer, type Server } from 'node:net';
import { test } from 'node:test';
import { portOf } from '../../model/ports.ts';
import { type HttpProbe, statusOf } from './http-probe.ts';

async function probing(server: Server, asked: Partial<HttpProbe>): Promise<number> {
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const port = portOf(server);
  const probe = { host: '127.0.0.1', port, path: '/', headers: {}, localAddress: '127.0.0.1', timeout: 2_000 };
  return statusOf({ ...probe, ...asked }).finally(() => server.close());
}

test('a probe asks for its path with its headers, and gets the status', async () => {
  let seen: IncomingMessage | undefined;
  const server = createServer((request, response) => {
    seen = request;
    response.writeHead(503).end('not yet');
  });
  const headers = { 'X-Why': 'probe\r\nX-Other: one', Host: 'app.test' };
  assert.equal(await probing(server, { path: '/a b?c=%2F', headers }), 503);
  assert.equal(seen?.url, '/a%20b?c=%2F');
  assert.equal(seen?.headers.host, 'app.test');
  assert.equal(seen?.headers['x-other'], undefined, 'a value makes no header of its own');
});

test('a server that takes the connection and says nothing has failed when the time is over', async () => {
  const silent = createTcpServer((socket) => void socket.on('error', () => undefined).resume());
  await assert.rejects(probing(silent, { timeout: 100 }), /deadline exceeded/);
});

test('a server that speaks something else has failed', async () => {
  const other = createTcpServer((socket) => void socket.end('SSH-2.0-OpenSSH\r\n'));
  await assert.rejects(probing(other, {}), /malformed HTTP response/);
});

test('a server that hangs up has failed', async () => {
  const rude = createTcpServer((socket) => void socket.end());
  await assert.rejects(probing(rude, {}), /EOF|ECONNRESET|EPIPE/);
});
