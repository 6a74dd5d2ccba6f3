import assert from 'node:assert/strict';
import test, { after, before } from 'node:test';
import { startApiServer } from '../api/index.ts';
import type { ApiServer } from '../api/types.ts';
import { type Client, connect } from '../client/client.ts';
import { Informers } from '../client/informers.ts';
import {
  DEPLOYMENTS,
  type Deployment,
  ENDPOINTS,
  NAMESPACES,
  PODS,
  REPLICA_SETS,
  SERVICE_ACCOUNTS,
  SERVICES,
} from '../client/kinds.ts';
import type { Component, SandboxSettings } from '../component.ts';
import { eventually, type FakeKubelet, startFakeKubelet } from './fake-kubelet.ts';
import { startControllers } from './index.ts';

let api: ApiServer;
let client: Client;
let informers: Informers;
let parts: (Component | FakeKubelet)[];
const log: string[] = [];

before(async () => {
  api = await startApiServer({
    internal: { host: '127.0.0.1', port: 0 },
    tokens: new Map(),
    serviceCidr: '172.30.0.0/16',
  });
  client = connect(api, api);
  informers = new Informers(client, (message) => log.push(message));
  const controllers = await startControllers({
    client,
    informers,
    settings: { tls: { authority: 'PEM' } } as SandboxSettings,
    log: (_, message) => log.push(message),
  });
  parts = [controllers, await startFakeKubelet(client)];
});
after(async () => {
  for (const part of parts) await part.stop();
  await informers.stop();
  await api.stop();
});

async function namespace(name: string): Promise<string> {
  await client.create(NAMESPACES, { apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
  return name;
}

function deployment(name: string, namespace: string, version: string, replicas = 3): Deployment {
  const labels = { app: 'web', version };
  const spec = {
    replicas,
    selector: { matchLabels: { app: 'web' } },
    template: {
      metadata: { labels },
      spec: { containers: [{ name: 'c', image: `i:${version}`, ports: [{ name: 'http', containerPort: 3000 }] }] },
    },
  };
  return { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name, namespace }, spec };
}

const available = (name: string, namespace: string, replicas: number): Promise<Deployment> =>
  eventually(`${name} available`, async () => {
    const found = await client.get(DEPLOYMENTS, name, namespace);
    const { availableReplicas, updatedReplicas, replicas: all, observedGeneration } = found.status ?? {};
    const done =
      availableReplicas === replicas &&
      updatedReplicas === replicas &&
      all === replicas &&
      observedGeneration === found.metadata.generation;
    return done && found;
  });

test('two Deployments that share a selector keep their own ReplicaSets and pods, spread over the nodes', async () => {
  const ns = await namespace('shared');
  await client.create(DEPLOYMENTS, deployment('v1', ns, '1'));
  await client.create(DEPLOYMENTS, deployment('v2', ns, '2'));
  await Promise.all([available('v1', ns, 3), available('v2', ns, 3)]);
  const { items } = await client.list(PODS, { namespace: ns });
  assert.equal(items.length, 6);
  const own = items.filter((pod) => pod.metadata.name.startsWith('v1-'));
  assert.equal(new Set(own.map((pod) => pod.spec.nodeName)).size, 3);
  assert.equal(new Set(items.map((pod) => pod.metadata.labels?.['pod-template-hash'])).size, 2);
});

test('a Service has the ready pods as endpoints, by the name of the port', async () => {
  const ns = await namespace('endpoints');
  await client.create(SERVICES, {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'web', namespace: ns },
    spec: { selector: { app: 'web' }, ports: [{ port: 80, targetPort: 'http' }] },
  });
  await client.create(DEPLOYMENTS, deployment('v1', ns, '1', 2));
  await eventually('two endpoints', async () => {
    const [subset] = (await client.find(ENDPOINTS, 'web', ns))?.subsets ?? [];
    return subset?.addresses?.length === 2 && subset.ports?.[0]?.port === 3000;
  });
});

test('a changed template rolls to a new ReplicaSet, the old one stays for a rollback', async () => {
  const ns = await namespace('rollout');
  await client.create(DEPLOYMENTS, deployment('web', ns, '1'));
  await available('web', ns, 3);
  await client.patch(DEPLOYMENTS, 'web', ns, { spec: { template: { metadata: { labels: { version: '2' } } } } });
  const rolled = await available('web', ns, 3);
  assert.equal(rolled.metadata.annotations?.['deployment.kubernetes.io/revision'], '2');
  const sets = (await client.list(REPLICA_SETS, { namespace: ns })).items;
  assert.deepEqual(sets.map((set) => set.spec.replicas).sort(), [0, 3]);
});

test('deleting a Deployment deletes its ReplicaSet and pods', async () => {
  const ns = await namespace('collected');
  await client.create(DEPLOYMENTS, deployment('web', ns, '1', 1));
  await available('web', ns, 1);
  await client.delete(DEPLOYMENTS, 'web', ns);
  await eventually('no pods', async () => (await client.list(PODS, { namespace: ns })).items.length === 0);
  assert.equal((await client.list(REPLICA_SETS, { namespace: ns })).items.length, 0);
});

test('a namespace gets its default account, and is deleted with everything in it', async () => {
  const ns = await namespace('leaving');
  await eventually('the default account', () => client.find(SERVICE_ACCOUNTS, 'default', ns));
  await client.create(DEPLOYMENTS, deployment('web', ns, '1', 2));
  await available('web', ns, 2);
  await client.delete(NAMESPACES, ns);
  await eventually('the namespace gone', async () => (await client.find(NAMESPACES, ns)) === undefined);
});
