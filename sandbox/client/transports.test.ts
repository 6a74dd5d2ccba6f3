import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { at, recordsAt } from '../../model/fields.ts';
import { startServer } from '../api/testing.ts';
import type { ApiServer } from '../api/types.ts';
import { ApiError, Client, type KubeObject, resource, type WatchEvent } from './client.ts';
import { HttpTransport } from './http-transport.ts';
import { InProcessTransport } from './in-process-transport.ts';
import { Informer } from './informer.ts';
import type { Transport } from './transport.ts';

interface ConfigMap extends KubeObject {
  data?: Record<string, string>;
}
const CONFIG_MAPS = resource<ConfigMap>('v1', 'ConfigMap', 'configmaps');
const NONE = resource('example.com/v1', 'None', 'nones');

const TRANSPORTS: Readonly<Record<string, (api: ApiServer) => Transport>> = {
  'over HTTP': ({ url }) => new HttpTransport(url),
  'in process': (api) => new InProcessTransport(api, new HttpTransport(api.url)),
};

const refused = (code: number, reason: string) => (error: unknown) =>
  error instanceof ApiError && error.code === code && error.reason === reason;

function configMap(name: string, data: Record<string, string> = {}): ConfigMap {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace: 'default' }, data };
}

/** The next events of a watch, which goes on. */
async function take<T>(events: AsyncGenerator<WatchEvent<T>>, count: number): Promise<WatchEvent<T>[]> {
  const taken: WatchEvent<T>[] = [];
  while (taken.length < count) {
    const { value, done } = await events.next();
    if (done) break;
    taken.push(value);
  }
  return taken;
}

for (const [how, transport] of Object.entries(TRANSPORTS))
  describe(`a client ${how}`, () => {
    let server: Awaited<ReturnType<typeof startServer>>;
    let client: Client;

    before(async () => {
      server = await startServer();
      client = new Client(transport(server.api));
    });
    after(() => server[Symbol.asyncDispose]());

    const watchFrom = async (signal: AbortSignal) => {
      const { resourceVersion } = await client.list(CONFIG_MAPS);
      return client.watch(CONFIG_MAPS, { resourceVersion, signal });
    };

    test('creates, reads, lists, patches, replaces and deletes', async () => {
      const created = await client.create(CONFIG_MAPS, configMap('a', { colour: 'red' }));
      assert.equal(created.metadata.namespace, 'default');
      assert.deepEqual(await client.get(CONFIG_MAPS, 'a', 'default'), created);
      const patched = await client.patch(CONFIG_MAPS, 'a', 'default', { data: { colour: 'blue' } });
      assert.deepEqual(patched.data, { colour: 'blue' });
      const replaced = await client.replace(CONFIG_MAPS, { ...patched, data: { size: 'small' } });
      assert.deepEqual(replaced.data, { size: 'small' });
      const { items } = await client.list(CONFIG_MAPS, { namespace: 'default' });
      assert.deepEqual(
        items.filter(({ metadata }) => metadata.name === 'a'),
        [replaced],
      );
      await client.delete(CONFIG_MAPS, 'a', 'default', { uid: created.metadata.uid ?? '' });
      assert.equal(await client.find(CONFIG_MAPS, 'a', 'default'), undefined);
    });

    test('gets refusals as errors with code and reason', async () => {
      await assert.rejects(client.get(CONFIG_MAPS, 'none', 'default'), refused(404, 'NotFound'));
      await assert.rejects(client.list(NONE), refused(404, 'NotFound'));
      await assert.rejects(client.create(CONFIG_MAPS, configMap('Upper Case')), refused(422, 'Invalid'));
      const old = await client.create(CONFIG_MAPS, configMap('twice'));
      await assert.rejects(client.create(CONFIG_MAPS, configMap('twice')), refused(409, 'AlreadyExists'));
      await client.patch(CONFIG_MAPS, 'twice', 'default', { data: { changed: 'yes' } });
      await assert.rejects(client.replace(CONFIG_MAPS, old), refused(409, 'Conflict'));
      await assert.rejects(client.request('PUT', '/api/v1/configmaps'), refused(405, 'MethodNotAllowed'));
    });

    test('never changes what is stored by changing what it sent or received', async () => {
      const sent = configMap('own', { colour: 'red' });
      const created = await client.create(CONFIG_MAPS, sent);
      const read = await client.get(CONFIG_MAPS, 'own', 'default');
      const [listed] = (await client.list(CONFIG_MAPS)).items.filter(({ metadata }) => metadata.name === 'own');
      for (const one of [sent, created, read, listed]) {
        assert.ok(one?.data);
        one.data['colour'] = 'green';
        one.metadata.labels = { changed: 'yes' };
      }
      const { data, metadata } = await client.get(CONFIG_MAPS, 'own', 'default');
      assert.deepEqual([data, metadata.labels], [{ colour: 'red' }, undefined]);
    });

    test('watches changes in their order, however slowly it reads', async () => {
      const abort = new AbortController();
      const events = await watchFrom(abort.signal);
      const first = events.next();
      await client.create(CONFIG_MAPS, configMap('watched'));
      for (let turn = 0; turn < 50; turn += 1)
        await client.patch(CONFIG_MAPS, 'watched', 'default', { data: { turn: String(turn) } });
      await client.delete(CONFIG_MAPS, 'watched', 'default');
      const taken = [(await first).value, ...(await take(events, 51))];
      assert.deepEqual(
        taken.map((event) => `${event?.type} ${event?.object.data?.['turn'] ?? ''}`.trim()),
        ['ADDED', ...Array.from({ length: 50 }, (_, turn) => `MODIFIED ${turn}`), 'DELETED 49'],
      );
      abort.abort();
      await assert.rejects(events.next(), Error);
    });

    test('a watch that waits ends when it is aborted', async () => {
      const abort = new AbortController();
      const next = (await watchFrom(abort.signal)).next();
      setImmediate(() => abort.abort());
      await assert.rejects(next, Error);
    });

    test('a watch from a version that makes no sense is refused', async () => {
      const watch = client.watch(CONFIG_MAPS, { resourceVersion: 'new', signal: new AbortController().signal });
      await assert.rejects(watch.next(), refused(400, 'BadRequest'));
    });

    test('reads discovery, and asks for reviews', async () => {
      const groups = recordsAt(await client.request('GET', '/apis'), 'groups');
      assert.ok(groups.some(({ name }) => name === 'apps'));
      const review = await client.request('POST', '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews', {
        spec: { resourceAttributes: { verb: 'get', resource: 'pods' } },
      });
      assert.equal(at(review, 'status', 'allowed'), true);
    });

    test('an informer follows changes until it is stopped', async () => {
      const informer = new Informer(client, CONFIG_MAPS);
      await informer.start();
      const came = new Promise<void>((resolve) => {
        informer.onChange(({ object }) => object.metadata.name === 'followed' && resolve());
      });
      await client.create(CONFIG_MAPS, configMap('followed'));
      await came;
      await informer.stop();
    });

    test('a watch ends when the server stops', async () => {
      const events = await watchFrom(new AbortController().signal);
      const end = events.next();
      // The server must have accepted the watch.
      await client.list(CONFIG_MAPS);
      await server.api.stop();
      assert.equal((await end.catch(() => ({ done: true }))).done, true);
    });
  });
