import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { startServer } from '../testing.ts';
import type { ApiRequest } from '../types.ts';

const server = await startServer();
after(() => server.api.stop());
const seen: ApiRequest[] = [];
const thing = (name: string, labels: Record<string, string>) => ({
  apiVersion: 'things.example.com/v1',
  kind: 'Thing',
  metadata: { name, labels },
});
const items = [thing('a', { size: 's' }), thing('b', { size: 'l' })];
server.api.aggregate({
  group: 'things.example.com',
  version: 'v1',
  resources: [
    { name: 'things', singularName: 'thing', namespaced: false, kind: 'Thing', verbs: ['get', 'list', 'patch'] },
  ],
  handle: async (request) => {
    seen.push(request);
    return { body: { apiVersion: 'things.example.com/v1', kind: 'ThingList', metadata: {}, items } };
  },
});
const THINGS = '/apis/things.example.com/v1/things';

test('an aggregated API is not asked to do what its discovery does not offer', async () => {
  const { request } = server;
  const refused = [
    await request('POST', THINGS, thing('c', {})),
    await request('DELETE', `${THINGS}/a`),
    await request('GET', `${THINGS}?watch=true`),
  ];
  assert.deepEqual(
    refused.map(({ status, body }) => [status, body.reason]),
    refused.map(() => [405, 'MethodNotAllowed']),
  );
  assert.equal((await request('GET', `${THINGS}/a/status`)).status, 404);
  assert.deepEqual(seen, []);
});

test("an aggregated API's lists honour selectors by label and by field", async () => {
  const names = async (query: string) =>
    (await server.request('GET', `${THINGS}?${query}`)).body.items.map(
      (one: ReturnType<typeof thing>) => one.metadata.name,
    );
  assert.deepEqual(await names('labelSelector=size%3Ds'), ['a']);
  assert.deepEqual(await names('fieldSelector=metadata.name!%3Da'), ['b']);
  assert.equal((await server.request('GET', `${THINGS}?fieldSelector=spec.x%3D1`)).status, 400);
});

test('a patch that names another object than the URL is refused', async () => {
  const { status, body } = await server.request('PATCH', `${THINGS}/a`, { metadata: { name: 'b' } });
  assert.deepEqual([status, body.message], [400, 'the name of the object (b) does not match the name on the URL (a)']);
});
