/** The Routes that follow a Gateway. */
import assert from 'node:assert/strict';
import test from 'node:test';
import type { Gateway } from '../kinds.ts';
import { loadMeshFigures } from '../release.ts';
import { routeRow } from '../routes.ts';
import { routeName, routeOf } from './ior-route.ts';

const figures = await loadMeshFigures('2.0');

const gateway: Gateway = {
  apiVersion: 'networking.istio.io/v1beta1',
  kind: 'Gateway',
  metadata: {
    name: 'shop',
    namespace: 'store',
    resourceVersion: '7',
    annotations: { 'kubectl.kubernetes.io/last-applied-configuration': '{}', note: 'x' },
  },
  spec: {
    selector: { istio: 'ingressgateway' },
    servers: [{ port: { number: 80, name: 'http', protocol: 'HTTP' }, hosts: ['*'] }],
  },
};

test('the Route of host * carries the hash seen on real clusters', () => {
  assert.equal(routeName(gateway, '*', 'star'), 'store-shop-525eca1d5089dbdc');
  assert.equal(routeName(gateway, '*', '*'), 'store-shop-684888c0ebb17f37');
});

test('a Route keeps the Gateway annotations but kubectl ones, and follows the server to plain or TLS', () => {
  const target = {
    meshNamespace: 'mesh',
    service: 'istio-ingressgateway',
    figures,
    appsDomain: 'apps.test',
    hostOf: (name: string) => `${name}-mesh.apps.test`,
  };
  const [server] = gateway.spec.servers ?? [];
  assert.ok(server);
  const plain = routeOf(gateway, server, '*', target);
  assert.equal(plain.spec.host, 'store-shop-525eca1d5089dbdc-mesh.apps.test');
  assert.deepEqual(plain.metadata.annotations, {
    note: 'x',
    'maistra.io/original-host': '*',
    'openshift.io/host.generated': 'true',
  });
  assert.deepEqual(routeRow(plain).slice(3), ['istio-ingressgateway', 'http2', '', 'None']);
  const tls = routeOf(gateway, { ...server, tls: { httpsRedirect: true } }, 'a.example.com', target);
  assert.deepEqual(routeRow(tls).slice(1), [
    'a.example.com',
    '',
    'istio-ingressgateway',
    'https',
    'passthrough/Redirect',
    'None',
  ]);
  const wildcard = routeOf(gateway, server, '*.example.com', target);
  assert.deepEqual([wildcard.spec.host, wildcard.spec.wildcardPolicy], ['wildcard.example.com', 'Subdomain']);
});
