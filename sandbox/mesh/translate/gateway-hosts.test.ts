import assert from 'node:assert/strict';
import test from 'node:test';
import type { GatewayServer } from '../model/gateway.ts';
import { sharedHosts } from './gateway-hosts.ts';

function shared(offered: readonly string[], hosts: readonly string[], namespace = 'shop'): readonly string[] {
  const server: GatewayServer = { port: { number: 80, protocol: 'HTTP' }, hosts: offered };
  const gateway = {
    apiVersion: 'networking.istio.io/v1beta1',
    kind: 'Gateway',
    metadata: { name: 'front', namespace: 'edge' },
    spec: { servers: [server] },
  };
  const service = { ...gateway, kind: 'VirtualService', metadata: { name: 'web', namespace }, spec: { hosts } };
  return sharedHosts(gateway, server, service);
}

test('the narrower of the server’s and the virtual service’s name is served', () => {
  assert.deepEqual(shared(['*'], ['www.shop.test']), ['www.shop.test']);
  assert.deepEqual(shared(['*.shop.test'], ['*']), ['*.shop.test']);
  assert.deepEqual(shared(['*.shop.test'], ['*.old.shop.test', 'www.shop.test']), ['*.old.shop.test', 'www.shop.test']);
  assert.deepEqual(shared(['www.shop.test'], ['www.shop.test', 'WWW.shop.test']), ['www.shop.test']);
});

test('disjoint names serve nothing; a wildcard does not match its bare domain', () => {
  assert.deepEqual(shared(['*.shop.test'], ['shop.test']), []);
  assert.deepEqual(shared(['a.test'], ['b.test']), []);
});

test('a namespace in a server’s host limits the virtual services: a name, `.` for the gateway’s own, `*` for any', () => {
  assert.deepEqual(shared(['shop/*.test'], ['a.test']), ['a.test']);
  assert.deepEqual(shared(['other/*.test'], ['a.test']), []);
  assert.deepEqual(shared(['./*.test'], ['a.test']), []);
  assert.deepEqual(shared(['./*.test'], ['a.test'], 'edge'), ['a.test']);
  assert.deepEqual(shared(['*/*.test'], ['a.test']), ['a.test']);
});
