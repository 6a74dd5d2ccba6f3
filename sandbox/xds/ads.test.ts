import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';
import { Client, type ClientDuplexStream, credentials } from '@grpc/grpc-js';
import { startAdsServer } from './ads.ts';
import { ADS } from './discovery.ts';
import { messageType } from './protos.ts';
import { CLUSTER, ENDPOINT, LISTENER, type ProxyNode, ROUTE, type Snapshot } from './snapshot.ts';

interface Answer {
  readonly type_url: string;
  readonly nonce: string;
  readonly resources: readonly { readonly value: Uint8Array }[];
}

/** A proxy as the protocol sees it: sends requests, collects answers in order. */
class FakeProxy {
  readonly answers: Answer[] = [];
  readonly #stream: ClientDuplexStream<object, Answer>;
  readonly #client: Client;
  #arrived = Promise.withResolvers<void>();

  constructor(socket: string, id: string) {
    const request = messageType('envoy.service.discovery.v3.DiscoveryRequest');
    const response = messageType('envoy.service.discovery.v3.DiscoveryResponse');
    this.#client = new Client(`unix:${socket}`, credentials.createInsecure());
    this.#stream = this.#client.makeBidiStreamRequest<object, Answer>(
      ADS,
      (message) => Buffer.from(request.encode(request.fromObject(message)).finish()),
      (bytes) => response.toObject(response.decode(bytes), { defaults: true, arrays: true }) as Answer,
    );
    this.#stream.on('data', (answer: Answer) => {
      this.answers.push(answer);
      this.#arrived.resolve();
      this.#arrived = Promise.withResolvers();
    });
    this.#stream.on('error', () => {});
    const labels = { structValue: { fields: { app: { stringValue: 'web' } } } };
    this.ask(CLUSTER, { node: { id, cluster: 'c', metadata: { fields: { LABELS: labels } } } });
  }

  ask(type_url: string, more: object = {}): void {
    this.#stream.write({ type_url, ...more });
  }

  /** The ACK of an answer, or a further request with its nonce. */
  acknowledge({ type_url, nonce }: Answer, resource_names: readonly string[] = []): void {
    this.ask(type_url, { response_nonce: nonce, resource_names });
  }

  /** @returns the answer number `index`, counted from 0, as soon as it is there. */
  async answer(index: number): Promise<Answer> {
    for (;;) {
      const found = this.answers[index];
      if (found !== undefined) return found;
      await this.#arrived.promise;
    }
  }

  stop(): void {
    this.#stream.cancel();
    this.#client.close();
  }
}

const cluster = (name: string, seconds = 1) => ({
  '@type': CLUSTER,
  name,
  type: 'EDS',
  connect_timeout: `${seconds}s`,
});
const endpoint = (cluster_name: string) => ({ '@type': ENDPOINT, cluster_name, endpoints: [] });
const NOTHING: Snapshot = { clusters: [], endpoints: [], listeners: [], routes: [] };

async function serve(t: test.TestContext, first: Snapshot) {
  const directory = await mkdtemp(join(tmpdir(), 'lw-ads-'));
  const socket = join(directory, 's');
  const logged: string[] = [];
  let snapshot: Snapshot | undefined = first;
  const snapshotOf = (): Snapshot | undefined => snapshot;
  const server = await startAdsServer({ socket, snapshot: snapshotOf, log: (message) => logged.push(message) });
  const proxy = new FakeProxy(socket, 'router~127.0.0.1~a.b~b.svc');
  t.after(async () => {
    proxy.stop();
    await server.stop();
    await rm(directory, { recursive: true });
  });
  const prepare = (next: Snapshot | undefined): void => {
    snapshot = next;
  };
  const change = (next: Snapshot | undefined): void => {
    prepare(next);
    server.push();
  };
  return { proxy, server, logged, prepare, change };
}

/** An unwanted answer would arrive before this one: requests of a stream are answered in order. */
async function fence(proxy: FakeProxy): Promise<number> {
  const before = proxy.answers.length;
  proxy.ask(ROUTE, { resource_names: [`fence-${before}`] });
  for (let index = 0; ; index += 1) if ((await proxy.answer(index)).type_url === ROUTE) return index;
}

test('an acknowledged answer is not repeated', async (t) => {
  const { proxy } = await serve(t, { ...NOTHING, clusters: [cluster('a')] });
  proxy.acknowledge(await proxy.answer(0));
  assert.equal(await fence(proxy), 1);
});

test('a request for endpoints that repeats the nonce after its ACK is answered, or the cluster would warm for 15 s', async (t) => {
  const { proxy } = await serve(t, { ...NOTHING, clusters: [cluster('a')], endpoints: [endpoint('a')] });
  await proxy.answer(0);
  proxy.ask(ENDPOINT, { resource_names: ['a'] });
  const first = await proxy.answer(1);
  proxy.acknowledge(first, ['a']);
  proxy.acknowledge(first, ['a']);
  const again = await proxy.answer(2);
  assert.equal(again.type_url, ENDPOINT);
  assert.notEqual(again.nonce, first.nonce);
});

test('an ACK that asks for more names is answered', async (t) => {
  const { proxy } = await serve(t, { ...NOTHING, endpoints: [endpoint('a'), endpoint('b')] });
  await proxy.answer(0);
  proxy.ask(ENDPOINT, { resource_names: ['a'] });
  const first = await proxy.answer(1);
  assert.equal(first.resources.length, 1);
  proxy.acknowledge(first, ['a', 'b']);
  assert.equal((await proxy.answer(2)).resources.length, 2);
});

test('a reply to an answer that is no longer the last is ignored', async (t) => {
  const { proxy, change } = await serve(t, { ...NOTHING, clusters: [cluster('a')] });
  const old = await proxy.answer(0);
  change({ ...NOTHING, clusters: [cluster('b')] });
  await proxy.answer(1);
  proxy.acknowledge(old);
  assert.equal(await fence(proxy), 2);
});

test('a NACK is logged with the proxy, the type and the reason, and does not cause a loop', async (t) => {
  const { proxy, logged } = await serve(t, { ...NOTHING, clusters: [cluster('a')] });
  const { nonce } = await proxy.answer(0);
  proxy.ask(CLUSTER, { response_nonce: nonce, error_detail: { code: 13, message: 'no such thing' } });
  assert.equal(await fence(proxy), 1);
  assert.deepEqual(logged, ['router~127.0.0.1~a.b~b.svc refuses Cluster: no such thing']);
});

test('a change pushes the types that changed, in the order in which they refer to each other', async (t) => {
  const listener = { '@type': LISTENER, name: 'l' };
  const { proxy, change } = await serve(t, { ...NOTHING, listeners: [listener] });
  await proxy.answer(0);
  proxy.ask(ROUTE, { resource_names: ['r'] });
  await proxy.answer(1);
  proxy.ask(LISTENER);
  await proxy.answer(2);
  change({ ...NOTHING, clusters: [cluster('a')], listeners: [listener], routes: [{ '@type': ROUTE, name: 'r' }] });
  await proxy.answer(4);
  assert.deepEqual(
    proxy.answers.slice(3).map(({ type_url }) => type_url),
    [CLUSTER, ROUTE],
  );
});

test('a proxy has a revision once it has all of it: a request before the push is answered from the previous revision', async (t) => {
  const first = { ...NOTHING, revision: 1, clusters: [cluster('a')], endpoints: [endpoint('a')] };
  const { proxy, server, prepare } = await serve(t, first);
  proxy.acknowledge(await proxy.answer(0));
  proxy.ask(ENDPOINT, { resource_names: ['a'] });
  const endpoints = await proxy.answer(1);
  proxy.acknowledge(endpoints, ['a']);
  prepare({ ...first, revision: 2, clusters: [cluster('a', 2)] });
  proxy.acknowledge(endpoints, ['a']);
  proxy.acknowledge(await proxy.answer(2), ['a']);
  proxy.acknowledge(await proxy.answer(await fence(proxy)));
  await fence(proxy);
  assert.deepEqual(
    server.states().map(({ acknowledged }) => acknowledged),
    [1],
  );
});

test('many changes at once are one push', async (t) => {
  const { proxy, server, change } = await serve(t, { ...NOTHING, clusters: [cluster('a')] });
  await proxy.answer(0);
  for (let seconds = 2; seconds < 50; seconds += 1) change({ ...NOTHING, clusters: [cluster('a', seconds)] });
  server.push();
  await proxy.answer(1);
  assert.equal(await fence(proxy), 2);
});

test('an unknown proxy is answered as soon as it is known', async (t) => {
  const directory = await mkdtemp(join(tmpdir(), 'lw-ads-'));
  const socket = join(directory, 's');
  let known = false;
  const asked = Promise.withResolvers<ProxyNode>();
  const server = await startAdsServer({
    socket,
    log: () => {},
    snapshot: (node) => {
      asked.resolve(node);
      return known ? { ...NOTHING, clusters: [cluster('late')] } : undefined;
    },
  });
  const proxy = new FakeProxy(socket, 'sidecar~1~a.b~c');
  t.after(async () => {
    proxy.stop();
    await server.stop();
    await rm(directory, { recursive: true });
  });
  assert.deepEqual((await asked.promise).metadata, { LABELS: { app: 'web' } });
  known = true;
  server.push();
  assert.equal((await proxy.answer(0)).resources.length, 1);
});

test('a resource that does not fit its type is left out and logged, the others arrive', async (t) => {
  const { proxy, logged } = await serve(t, {
    ...NOTHING,
    clusters: [{ ...cluster('bad'), conect_timeout: '1s' }, cluster('good')],
  });
  assert.equal((await proxy.answer(0)).resources.length, 1);
  assert.match(logged.join(), /bad can't be encoded: .*conect_timeout/);
});
