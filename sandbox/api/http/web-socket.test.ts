/** Watches as browsers ask for them: over WebSocket, one event per text frame. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { after, test } from 'node:test';
import { WebSocket } from 'ws';
import { PODS, pod, startServer } from '../testing.ts';

const server = await startServer();
after(() => server.api.stop());
const things = '/apis/things.example.com/v1/things';
server.api.aggregate({
  group: 'things.example.com',
  version: 'v1',
  resources: [{ name: 'things', singularName: 'thing', namespaced: false, kind: 'Thing', verbs: ['list', 'watch'] }],
  handle: async () => ({ watch: one() }),
});
async function* one() {
  yield { type: 'ADDED' as const, object: { kind: 'Thing', metadata: { name: 'a' } } };
}

function open(path: string, protocols: string[] = []): WebSocket {
  return new WebSocket(server.api.url.replace('http', 'ws') + path, protocols);
}

/** The next `count` events. */
async function events(socket: WebSocket, count: number) {
  const found: [string, string][] = [];
  for await (const [data, isBinary] of on(socket)) {
    assert.equal(isBinary, false);
    const { type, object } = JSON.parse(data.toString());
    found.push([type, object.metadata.name]);
    if (found.length === count) break;
  }
  return found;
}

async function* on(socket: WebSocket): AsyncGenerator<[Buffer, boolean]> {
  const queue: [Buffer, boolean][] = [];
  let wake = () => {};
  socket.on('message', (data: Buffer, isBinary) => {
    queue.push([data, isBinary]);
    wake();
  });
  for (;;) {
    const next = queue.shift();
    if (next !== undefined) yield next;
    else
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
  }
}

test('a watch over WebSocket sends an event per text frame', async () => {
  await server.request('POST', PODS, pod('first'));
  const socket = open(`${PODS}?watch=true`, ['base64.binary.k8s.io']);
  const seen = events(socket, 2);
  await once(socket, 'open');
  assert.equal(socket.protocol, 'base64.binary.k8s.io');
  await server.request('POST', PODS, pod('second'));
  assert.deepEqual(await seen, [
    ['ADDED', 'first'],
    ['ADDED', 'second'],
  ]);
  socket.close();
});

test('an aggregated API is watched over WebSocket too, and the socket closes with the watch', async () => {
  const socket = open(`${things}?watch=1`);
  assert.deepEqual(await events(socket, 1), [['ADDED', 'a']]);
  const [code] = await once(socket, 'close');
  assert.equal(code, 1000);
});

test('what cannot be watched is refused before the handshake', async () => {
  const socket = open('/apis/nothing.example.com/v1/things?watch=true');
  const [, response] = await once(socket, 'unexpected-response');
  assert.equal(response.statusCode, 404);
});
