import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Pod } from '../../client/kinds.ts';
import { inject } from './inject.ts';
import type { Installation } from './installation.ts';

/** Expectations: openshift-service-mesh/istio, pkg/kube/inject/testdata/inject (hello-openshift, native-sidecar, gateway). */
const owner = { apiVersion: 'sailoperator.io/v1', kind: 'IstioRevision', name: 'default', uid: '1' };
const common = { revision: 'default', namespace: 'istio-system', values: {}, owner };
const OF_1_24: Installation = { ...common, version: 'v1.24.6', nativeSidecars: false };
const OF_1_28: Installation = { ...common, version: 'v1.28.10', nativeSidecars: true };
const controller = { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'hello-5d4f', uid: '2', controller: true };

const pod = (metadata: object, spec: object): Pod => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'hello', namespace: 'test-ns', ownerReferences: [controller], ...metadata },
  spec: { containers: [], ...spec },
});
const hello = pod(
  { labels: { app: 'hello', 'pod-template-hash': '5d4f' } },
  { containers: [{ name: 'hello', image: 'hello:1.0', ports: [{ name: 'http', containerPort: 80 }] }] },
);
const gateway = pod(
  { labels: { istio: 'ingressgateway' }, annotations: { 'inject.istio.io/templates': 'gateway' } },
  { containers: [{ name: 'istio-proxy', image: 'auto', imagePullPolicy: 'IfNotPresent' }] },
);
const VOLUMES = [
  ...['workload-socket', 'credential-socket', 'workload-certs', 'istio-envoy', 'istio-data', 'istio-podinfo'],
  ...['istio-token', 'istiod-ca-cert'],
];
const proxyOf = ({ spec }: Pod) =>
  [...(spec.initContainers ?? []), ...spec.containers].find(({ name }) => name === 'istio-proxy');
const statusOf = ({ metadata }: Pod): unknown =>
  JSON.parse(metadata.annotations?.['sidecar.istio.io/status'] ?? 'null');

test('before Istio 1.27 the proxy is a container after the app', () => {
  const injected = inject(hello, 'test-ns', OF_1_24);
  assert.deepEqual(statusOf(injected), {
    initContainers: ['istio-validation'],
    containers: ['istio-proxy'],
    volumes: VOLUMES,
    imagePullSecrets: null,
    revision: 'default',
  });
  assert.equal(proxyOf(injected)?.lifecycle, undefined);
  assert.deepEqual(
    injected.spec.volumes?.map(({ name }) => name),
    VOLUMES,
  );
});

test('from Istio 1.27 on it is a native sidecar, which is drained before it is stopped', () => {
  const injected = inject(hello, 'test-ns', OF_1_28);
  assert.deepEqual(statusOf(injected), {
    initContainers: ['istio-validation', 'istio-proxy'],
    containers: null,
    volumes: [...VOLUMES, 'istio-ca-crl'],
    imagePullSecrets: null,
    revision: 'default',
  });
  const proxy = proxyOf(injected);
  assert.equal(proxy?.restartPolicy, 'Always');
  assert.deepEqual(proxy?.lifecycle?.preStop?.exec?.command, [
    ...['pilot-agent', 'request', '--debug-port=15020', 'POST', 'drain'],
  ]);
  assert.deepEqual(
    proxy?.volumeMounts?.map(({ name }) => name),
    [
      ...['workload-socket', 'credential-socket', 'workload-certs', 'istiod-ca-cert', 'istio-ca-crl', 'istio-data'],
      ...['istio-envoy', 'istio-token', 'istio-podinfo'],
    ],
  );
});

test('the proxy of an app has the variables, in the order, that the real injector gives it', () => {
  const env = proxyOf(inject(hello, 'test-ns', OF_1_28))?.env ?? [];
  assert.deepEqual(
    env.map(({ name }) => name),
    [
      ...['PILOT_CERT_PROVIDER', 'CA_ADDR', 'POD_NAME', 'POD_NAMESPACE', 'INSTANCE_IP', 'SERVICE_ACCOUNT', 'HOST_IP'],
      ...['ISTIO_CPU_LIMIT', 'PROXY_CONFIG', 'ISTIO_META_POD_PORTS', 'ISTIO_META_APP_CONTAINERS', 'GOMEMLIMIT'],
      ...['GOMAXPROCS', 'ISTIO_META_CLUSTER_ID', 'ISTIO_META_NODE_NAME', 'ISTIO_META_INTERCEPTION_MODE'],
      ...['ISTIO_META_WORKLOAD_NAME', 'ISTIO_META_OWNER', 'ISTIO_META_MESH_ID', 'TRUST_DOMAIN'],
    ],
  );
  const value = (wanted: string) => env.find(({ name }) => name === wanted)?.value;
  assert.equal(value('ISTIO_META_POD_PORTS'), '[\n    {"name":"http","containerPort":80}\n]');
  assert.equal(value('PROXY_CONFIG'), '{}\n');
  assert.equal(value('ISTIO_META_OWNER'), 'kubernetes://apis/apps/v1/namespaces/test-ns/deployments/hello');
});

test('ports that the pod excludes are joined by the one of the agent, once', () => {
  const key = 'traffic.sidecar.istio.io/excludeInboundPorts';
  const excluded = (ports: string | undefined): string | undefined => {
    const annotations = ports === undefined ? {} : { [key]: ports };
    const asked = { ...hello, metadata: { ...hello.metadata, annotations } };
    return inject(asked, 'test-ns', OF_1_28).metadata.annotations?.[key];
  };
  assert.equal(excluded(undefined), '15020');
  assert.equal(excluded('8080,9090'), '8080,9090,15020');
  assert.equal(excluded('15020,8080'), '15020,8080');
});

test('a gateway is a proxy alone, keeps what its author wrote of it, and may listen on low ports', () => {
  const injected = inject(gateway, 'test-ns', OF_1_28);
  const { annotations = {} } = injected.metadata;
  assert.deepEqual(statusOf(injected), {
    initContainers: null,
    containers: ['istio-proxy'],
    volumes: VOLUMES,
    imagePullSecrets: null,
    revision: 'default',
  });
  assert.equal(
    annotations['proxy.istio.io/overrides'],
    '{"containers":[{"name":"istio-proxy","imagePullPolicy":"IfNotPresent"}]}',
  );
  assert.equal(annotations['kubectl.kubernetes.io/default-container'], undefined);
  assert.equal(proxyOf(injected)?.startupProbe, undefined);
  assert.deepEqual(injected.spec.securityContext?.['sysctls'], [
    { name: 'net.ipv4.ip_unprivileged_port_start', value: '0' },
  ]);
  const env = proxyOf(injected)?.env ?? [];
  assert.equal(env.find(({ name }) => name === 'ISTIO_META_POD_PORTS')?.value, '[\n]');
});
