/** `kube/api.ts` against a real API server, with and without injected faults. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ApiChange } from '../../kube/types.ts';
import { TestCluster } from '../support/cluster.ts';

const CONFIG_MAPS = '/api/v1/namespaces/default/configmaps';
const kind = { apiVersion: 'v1', kind: 'ConfigMap', plural: 'configmaps', namespaced: true };
const configMap = (name: string) => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name } });

/** Follows the ConfigMaps `a`… and returns one change after the other, as `put a`. */
function following(cluster: TestCluster) {
  const stop = new AbortController();
  const signal = AbortSignal.any([stop.signal, cluster.context.signal]);
  const changes: string[] = [];
  const troubles: string[] = [];
  let wake: () => void = () => undefined;
  const onChange = (batch: readonly ApiChange[]): void => {
    const named = batch.filter(({ object }) => object.metadata.name.length === 1);
    changes.push(...named.map(({ type, object }) => `${type} ${object.metadata.name}`));
    wake();
  };
  const ended = cluster.api.follow(kind, { namespace: 'default' }, onChange, signal, (error) => {
    troubles.push(error.message);
  });
  const next = async (): Promise<string> => {
    for (;;) {
      const change = changes.shift();
      if (change !== undefined) return change;
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  };
  return { next, changes, troubles, ended, stop: () => stop.abort() };
}

test('following a kind reports what exists, then each change', async () => {
  await using cluster = await TestCluster.start();
  await cluster.send('POST', CONFIG_MAPS, configMap('a'));
  const { next, stop, ended } = following(cluster);
  assert.equal(await next(), 'put a');
  await cluster.send('POST', CONFIG_MAPS, configMap('b'));
  assert.equal(await next(), 'put b');
  await cluster.send('DELETE', `${CONFIG_MAPS}/a`);
  assert.equal(await next(), 'deleted a');
  stop();
  await ended;
});

test('changes during a broken watch are reported afterwards, also if it broke within an event', async () => {
  await using cluster = await TestCluster.start();
  await cluster.send('POST', CONFIG_MAPS, configMap('a'));
  const { next, stop, ended } = following(cluster);
  assert.equal(await next(), 'put a');
  await cluster.faults.watched();
  cluster.faults.answer = () => ({ status: 503, body: { message: 'away' } });
  cluster.faults.cut('{"type":"ADDED","object":{"kind":"Conf');
  await cluster.send('DELETE', `${CONFIG_MAPS}/a`);
  await cluster.send('POST', CONFIG_MAPS, configMap('b'));
  cluster.faults.answer = () => undefined;
  assert.deepEqual([await next(), await next()], ['deleted a', 'put b']);
  stop();
  await ended;
});

test('410 Gone, as an event or a response, causes a new list', async () => {
  await using cluster = await TestCluster.start();
  const { next, stop, ended } = following(cluster);
  await cluster.faults.watched();
  let gone = 1;
  cluster.faults.answer = (request) =>
    request.includes('watch=true') && gone-- > 0
      ? { status: 410, body: { kind: 'Status', reason: 'Expired', message: 'too old' } }
      : undefined;
  cluster.faults.cut('{"type":"ERROR","object":{"kind":"Status","code":410}}\n');
  await cluster.send('POST', CONFIG_MAPS, configMap('a'));
  assert.equal(await next(), 'put a');
  await cluster.faults.watched();
  await cluster.send('POST', CONFIG_MAPS, configMap('b'));
  let change = await next();
  while (change === 'put a') change = await next();
  assert.equal(change, 'put b');
  stop();
  await ended;
});

test('a watch that ends at once is not repeated in a tight loop', async () => {
  await using cluster = await TestCluster.start();
  cluster.faults.answer = (request) => (request.includes('watch=true') ? { status: 200, body: '' } : undefined);
  const { stop, ended } = following(cluster);
  await new Promise((resolve) => setTimeout(resolve, 400));
  stop();
  await ended;
  const watches = cluster.faults.seen.filter((request) => request.includes('watch=true'));
  assert.ok(watches.length <= 5, `${watches.length} watches in 0.4 s`);
});

test('a refused token ends the wait; an unavailable API does not, and is reported', async () => {
  await using cluster = await TestCluster.start();
  cluster.faults.answer = () => ({ status: 500, body: { message: 'etcdserver: no leader' } });
  const { troubles, ended } = following(cluster);
  while (troubles.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  assert.equal(troubles[0], 'etcdserver: no leader');
  cluster.faults.answer = () => ({ status: 401, body: { reason: 'Unauthorized', message: 'Unauthorized' } });
  await assert.rejects(ended, { code: 401 });
});

test('a request without an answer is aborted when nobody waits for it any more', async () => {
  await using cluster = await TestCluster.start();
  cluster.faults.answer = () => 'hang';
  const { stop, ended } = following(cluster);
  while (cluster.faults.seen.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  stop();
  await ended;
});

test('kinds are found by kind, plural, short name and group, and looked up again if not served yet', async () => {
  await using cluster = await TestCluster.start();
  const { api } = cluster;
  for (const name of ['Deployment', 'deploy', 'deployments', 'deployments.apps'])
    assert.equal((await api.resolve(name))?.apiVersion, 'apps/v1', name);
  assert.equal(await api.resolve('widget'), undefined);
  assert.equal(await api.resolveObject('shop.test/v1', 'Widget'), undefined);
  await cluster.send('POST', '/apis/apiextensions.k8s.io/v1/customresourcedefinitions', {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: 'widgets.shop.test' },
    spec: {
      group: 'shop.test',
      scope: 'Namespaced',
      names: { kind: 'Widget', plural: 'widgets', singular: 'widget', shortNames: ['wd'] },
      versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: { type: 'object' } } }],
    },
  });
  assert.deepEqual(
    [(await api.resolve('wd'))?.plural, (await api.resolveObject('shop.test/v1', 'Widget'))?.namespaced],
    ['widgets', true],
  );
});
