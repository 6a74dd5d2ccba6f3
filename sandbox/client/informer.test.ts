import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { test } from 'node:test';
import { portOf } from '../../model/ports.ts';
import { Client } from './client.ts';
import { Informer } from './informer.ts';
import { CONFIG_MAPS } from './kinds.ts';

const FORBIDDEN = { kind: 'Status', code: 403, reason: 'Forbidden', message: 'configmaps is forbidden' };
const NOT_FOUND = { kind: 'Status', code: 404, reason: 'NotFound', message: 'no such kind' };
const LIST = {
  metadata: { resourceVersion: '7' },
  items: [{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a', namespace: 'b', resourceVersion: '6' } }],
};

/** What an informer logs until it has its first list, from an API that refuses some lists before. */
async function loggedOf(refusals: readonly { code: number }[]): Promise<readonly string[]> {
  const left = [...refusals];
  const server = createServer((request, response) => {
    // The watch stays open.
    if (request.url?.includes('watch=')) return void response.writeHead(200).flushHeaders();
    const refusal = left.shift();
    response.writeHead(refusal?.code ?? 200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(refusal ?? LIST));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const port = portOf(server);
  const logged: string[] = [];
  const informer = new Informer(new Client(`http://127.0.0.1:${port}`), CONFIG_MAPS, (line) => logged.push(line));
  await informer.start();
  assert.ok(informer.get('b/a'));
  await informer.stop();
  server.closeAllConnections();
  server.close();
  return logged;
}

test('what the API refuses is logged, once for as long as it is the same', async () => {
  assert.deepEqual(await loggedOf([FORBIDDEN, FORBIDDEN, FORBIDDEN]), [
    'configmaps: 403 Forbidden: configmaps is forbidden',
  ]);
});

test('a kind that is not served yet is awaited without a log line', async () => {
  assert.deepEqual(await loggedOf([NOT_FOUND, NOT_FOUND]), []);
});
