/** Which pods get a proxy, and what they look like then. */
import assert from 'node:assert/strict';
import test from 'node:test';
import type { Pod } from '../../client/kinds.ts';
import { loadMeshFigures } from '../release.ts';
import { inject, wantsProxy } from './inject.ts';

const figures = await loadMeshFigures('2.0');

const pod: Pod = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: {
    name: '',
    generateName: 'front-5b8f9-',
    labels: { app: 'front', version: '1.0', 'pod-template-hash': '5b8f9' },
    annotations: { 'sidecar.istio.io/inject': 'true' },
    ownerReferences: [{ apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'front-5b8f9', uid: 'r', controller: true }],
  },
  spec: { containers: [{ name: 'front', image: 'x', ports: [{ name: 'http', containerPort: 3000 }] }] },
};

test('in 2.0 only the annotation requests a proxy, and never for a pod on the host network', () => {
  assert.ok(wantsProxy(pod, 'store', figures));
  const labelled = {
    ...pod,
    metadata: { ...pod.metadata, annotations: {}, labels: { 'sidecar.istio.io/inject': 'true' } },
  };
  assert.ok(!wantsProxy(labelled, 'store', figures));
  assert.ok(wantsProxy(labelled, 'store', { ...figures, injectionLabel: true }));
  assert.ok(!wantsProxy({ ...pod, spec: { ...pod.spec, hostNetwork: true } }, 'store', figures));
});

test('an injected pod has the proxy second, no init container, and what the mesh reads', () => {
  const injected = inject(pod, 'store', { name: 'basic', namespace: 'mesh', figures });
  assert.deepEqual(
    injected.spec.containers.map(({ name }) => name),
    ['front', 'istio-proxy'],
  );
  assert.equal(injected.spec['initContainers'], undefined);
  assert.equal(injected.metadata.labels?.['security.istio.io/tlsMode'], 'istio');
  assert.equal(injected.metadata.labels?.['service.istio.io/canonical-revision'], '1.0');
  const status = JSON.parse(injected.metadata.annotations?.['sidecar.istio.io/status'] ?? '{}');
  assert.deepEqual(status.volumes, ['istio-envoy', 'istio-data', 'istio-podinfo', 'istiod-ca-cert']);
  assert.match(status.version, /^[0-9a-f]{64}$/);
  assert.equal(injected.spec.containers[1]?.securityContext?.runAsUser, 1337);
  assert.ok(JSON.stringify(injected.spec.containers[1]).includes('"ISTIO_META_WORKLOAD_NAME","value":"front"'));
  assert.ok(!wantsProxy(injected, 'store', figures));
});

const withTemplates = { name: 'basic', namespace: 'mesh', figures: { ...figures, injectionTemplates: true } };

test("from 2.1 on a pod's own istio-proxy goes over the injected one; in 2.0 there are two of that name", () => {
  const own = {
    name: 'istio-proxy',
    image: 'auto',
    resources: { limits: { cpu: '1' } },
    env: [{ name: 'JWT_POLICY', value: 'third-party-jwt' }],
    lifecycle: { preStop: { exec: { command: ['sleep', '5'] } } },
  };
  const asks = { ...pod, spec: { containers: [own, ...pod.spec.containers] } };
  const injected = inject(asks, 'store', withTemplates).spec.containers;
  assert.deepEqual(
    injected.map(({ name }) => name),
    ['front', 'istio-proxy'],
  );
  const [, proxy] = injected;
  assert.match(proxy?.image ?? '', /proxyv2-rhel8/);
  assert.deepEqual([proxy?.resources, proxy?.['lifecycle']], [own.resources, own.lifecycle]);
  const policies = proxy?.env?.filter(({ name }) => name === 'JWT_POLICY').map(({ value }) => value);
  assert.deepEqual(policies, ['third-party-jwt']);
  assert.ok(
    proxy?.env?.some(({ name }) => name === 'CA_ADDR'),
    "the rest of the environment is the template's",
  );
  assert.deepEqual(proxy?.args?.slice(0, 2), ['proxy', 'sidecar']);
  const before = inject(asks, 'store', { ...withTemplates, figures });
  assert.deepEqual(
    before.spec.containers.map(({ name }) => name),
    ['istio-proxy', 'front', 'istio-proxy'],
  );
});

test('from 2.1 on a pod can be a gateway: image auto, template gateway', () => {
  const gateway: Pod = {
    ...pod,
    metadata: {
      ...pod.metadata,
      labels: { istio: 'edge' },
      annotations: { 'sidecar.istio.io/inject': 'true', 'inject.istio.io/templates': 'gateway' },
    },
    spec: { containers: [{ name: 'istio-proxy', image: 'auto' }] },
  };
  const injected = inject(gateway, 'store', withTemplates);
  assert.equal(injected.spec.containers.length, 1);
  const [proxy] = injected.spec.containers;
  assert.deepEqual(proxy?.args?.slice(0, 2), ['proxy', 'router']);
  assert.match(proxy?.image ?? '', /proxyv2-rhel8/);
  assert.equal(injected.metadata.labels?.['security.istio.io/tlsMode'], undefined);
  assert.equal(injected.metadata.labels?.['istio'], 'edge');
  assert.ok(injected.metadata.annotations?.['sidecar.istio.io/status']);
  assert.ok(!wantsProxy(injected, 'store', figures));
});
