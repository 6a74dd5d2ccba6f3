import assert from 'node:assert/strict';
import test, { after, before } from 'node:test';
import { startApiServer } from '../api/index.ts';
import type { ApiServer } from '../api/types.ts';
import type { RunningController } from '../client/builder.ts';
import { type Client, connect } from '../client/client.ts';
import { Informers } from '../client/informers.ts';
import { SERVICES, type Service } from '../client/kinds.ts';
import { eventually } from './fake-kubelet.ts';
import { startLoadBalancers } from './load-balancer.ts';

const CIDR = '172.30.0.0/16';
let api: ApiServer;
let client: Client;
let informers: Informers;
let balancers: RunningController;

before(async () => {
  api = await startApiServer({ internal: { host: '127.0.0.1', port: 0 }, tokens: new Map(), serviceCidr: CIDR });
  client = connect(api, api);
  informers = new Informers(client, () => undefined);
  balancers = startLoadBalancers({ client, informers, log: () => undefined }, CIDR);
});
after(async () => {
  await balancers.stop();
  await informers.stop();
  await api.stop();
});

const service = (name: string, spec: Partial<Service['spec']> = {}): Promise<Service> =>
  client.create(SERVICES, {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, namespace: 'default' },
    spec: { type: 'LoadBalancer', ports: [{ port: 80 }], ...spec },
  });
const ingress = async (name: string): Promise<string> => {
  const { status } = await client.get(SERVICES, name, 'default');
  return (status?.loadBalancer?.ingress ?? []).map(({ ip }) => ip).join();
};

test('each Service of type LoadBalancer gets an address of its own; others get none', async () => {
  await service('one');
  await eventually('an address', async () => (await ingress('one')) === '172.30.255.1');
  await service('none', { type: 'ClusterIP' });
  await service('elsewhere', { loadBalancerClass: 'example.test/other' });
  await service('two');
  await eventually('an address', async () => (await ingress('two')) === '172.30.255.2');
  assert.deepEqual([await ingress('none'), await ingress('elsewhere')], ['', '']);
});

test('an address is released with the type, and the next Service gets it', async () => {
  await client.patch(SERVICES, 'one', 'default', { spec: { type: 'ClusterIP' } });
  await eventually('no address', async () => (await ingress('one')) === '');
  await service('three');
  await eventually('an address', async () => (await ingress('three')) === '172.30.255.1');
});
