import assert from 'node:assert/strict';
import { test } from 'node:test';
import { resolve, type Zone } from './dns.ts';

const services: Record<string, string> = { web: '172.30.5.5', db: 'None' };
const ALIASES: Record<string, string> = {
  alias: 'web.shop.svc.cluster.local',
  twice: 'alias.shop.svc.cluster.local.',
  outside: 'example.com',
  loop: 'loop.shop.svc.cluster.local',
};
const zone: Zone = {
  appsDomain: 'apps.x.test',
  router: '10.0.128.10',
  service: (namespace, name) => {
    const clusterIP = services[name];
    const externalName = ALIASES[name];
    if (externalName !== undefined)
      return { apiVersion: 'v1', kind: 'Service', metadata: { name }, spec: { type: 'ExternalName', externalName } };
    if (namespace !== 'shop' || clusterIP === undefined) return undefined;
    return {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name },
      spec: { clusterIP, ports: [{ name: 'http', port: 80 }] },
    };
  },
  endpoints: (_namespace, name) => ({
    apiVersion: 'v1',
    kind: 'Endpoints',
    metadata: { name },
    subsets: [{ addresses: [{ ip: '10.128.0.5', hostname: 'db-0' }, { ip: '10.128.0.6' }] }],
  }),
};
const addresses = (name: string) => resolve(name, 'A', zone)?.map((answer) => answer.data);

test('a Service has its address, a headless one those of its endpoints', () => {
  assert.deepEqual(addresses('web.shop.svc.cluster.local'), ['172.30.5.5']);
  assert.deepEqual(addresses('db.shop.svc.cluster.local'), ['10.128.0.5', '10.128.0.6']);
  assert.deepEqual(addresses('db-0.db.shop.svc.cluster.local'), ['10.128.0.5']);
});

test('a name without records of a type differs from a name that does not exist', () => {
  assert.deepEqual(resolve('web.shop.svc.cluster.local', 'AAAA', zone), []);
  assert.equal(resolve('web.shop.svc.cluster.local.shop.svc.cluster.local', 'A', zone), undefined);
  assert.equal(resolve('example.com', 'A', zone), undefined);
});

test('Routes resolve to the router, and ports are found by SRV', () => {
  assert.deepEqual(addresses('shop.apps.x.test'), ['10.0.128.10']);
  assert.deepEqual(
    resolve('_http._tcp.web.shop.svc.cluster.local', 'SRV', zone)?.map((answer) => answer.data),
    [{ priority: 0, weight: 100, port: 80, target: 'web.shop.svc.cluster.local' }],
  );
});

test('an alias is answered with the addresses of its target', () => {
  const records = (name: string, type = 'A') =>
    resolve(`${name}.shop.svc.cluster.local`, type, zone)?.map((answer) => `${answer.type} ${answer.data}`);
  assert.deepEqual(records('alias'), ['CNAME web.shop.svc.cluster.local', 'A 172.30.5.5']);
  assert.deepEqual(records('twice'), [
    'CNAME alias.shop.svc.cluster.local.',
    'CNAME web.shop.svc.cluster.local',
    'A 172.30.5.5',
  ]);
  assert.deepEqual(records('alias', 'CNAME'), ['CNAME web.shop.svc.cluster.local']);
  assert.deepEqual(records('outside'), ['CNAME example.com']);
  assert.deepEqual(records('loop'), ['CNAME loop.shop.svc.cluster.local']);
});
