/** The settings in a control plane's spec reach the proxies of its mesh. */
import assert from 'node:assert/strict';
import test from 'node:test';
import type { AnyObject, Deployment } from '../../../client/kinds.ts';
import { type ConfigMap, isIstiod, type MeshConfig, meshConfig } from '../../../mesh/model/mesh-config.ts';
import { proxyContext } from '../../../mesh/model/proxy-context.ts';
import { pushOf } from '../../../mesh/testing/push.ts';
import { snapshotFor } from '../../../mesh/translate/snapshot.ts';
import type { ControlPlaneSpec } from '../../kinds.ts';
import { loadMeshFigures } from '../../release.ts';
import { render } from './index.ts';

const figures = await loadMeshFigures('2.0');

function rendered(spec: ControlPlaneSpec): ReturnType<typeof render> {
  const metadata = { name: 'basic', namespace: 'plane', generation: 1, uid: 'u' };
  const plane = { apiVersion: 'maistra.io/v2', kind: 'ServiceMeshControlPlane', metadata, spec };
  return render({ plane, namespace: 'plane', mesh: 'basic', figures }, 'mesh-config');
}

function settings(spec: ControlPlaneSpec): MeshConfig {
  return meshConfig(rendered(spec) as ConfigMap[], undefined, '2.0');
}

/** The cluster to which a pod's request to an unknown host goes. */
function elsewhere(spec: ControlPlaneSpec): string {
  const metadata = { name: 'picker', namespace: 'orchard', labels: {} };
  const picker = { apiVersion: 'v1', kind: 'Pod', metadata, spec: { containers: [] } };
  const push = pushOf('plane', [...rendered(spec), picker]);
  const proxy = proxyContext(push, 'sidecar~10.0.0.1~picker.orchard~orchard.svc.cluster.local');
  assert.ok(proxy !== undefined);
  const outbound = snapshotFor(push, proxy).listeners.find(({ name }) => name === 'virtualOutbound');
  return /"virtualOutbound-catchall-tcp".*?"cluster":"(\w+)"/.exec(JSON.stringify(outbound))?.[1] ?? 'nowhere';
}

test('REGISTRY_ONLY blocks unregistered hosts; ALLOW_ANY and no policy let requests through', () => {
  const policy = (name: string): ControlPlaneSpec => ({
    proxy: { networking: { trafficControl: { outbound: { policy: name } } } },
  });
  assert.equal(elsewhere(policy('REGISTRY_ONLY')), 'BlackHoleCluster');
  assert.equal(elsewhere(policy('ALLOW_ANY')), 'PassthroughCluster');
  assert.equal(elsewhere({}), 'PassthroughCluster');
});

test('the access log gets the file, encoding and format of the spec, quotes and line breaks included', () => {
  const file = { name: '/dev/stdout', encoding: 'JSON', format: '{"path": "%REQ(:PATH)%"}\n' };
  assert.deepEqual(settings({ proxy: { accessLogging: { file } } }).accessLog, {
    file: file.name,
    encoding: file.encoding,
    format: file.format,
  });
  assert.deepEqual(settings({}).accessLog, { file: '', encoding: 'TEXT', format: '' });
});

test('automtls and discovery selectors are those of the spec', () => {
  const matchLabels = { fruit: 'yes' };
  const { autoMtls, discoverySelectors } = settings({
    security: { dataPlane: { automtls: false } },
    meshConfig: { discoverySelectors: [{ matchLabels }] },
  });
  assert.deepEqual([autoMtls, discoverySelectors], [false, [{ matchLabels }]]);
  assert.equal(settings({}).autoMtls, true);
});

test('mtls makes servers STRICT and clients use mutual TLS, except to the API server', () => {
  const told = (spec: ControlPlaneSpec): readonly unknown[] =>
    rendered(spec)
      .filter(({ kind }) => kind !== 'ConfigMap')
      .map((object) => [object.kind, object.metadata.name, object['spec']]);
  assert.deepEqual(told({ security: { dataPlane: { mtls: true } } }), [
    ['PeerAuthentication', 'default', { mtls: { mode: 'STRICT' } }],
    ['DestinationRule', 'default', { host: '*.local', trafficPolicy: { tls: { mode: 'ISTIO_MUTUAL' } } }],
    [
      'DestinationRule',
      'api-server',
      { host: 'kubernetes.default.svc.cluster.local', trafficPolicy: { tls: { mode: 'DISABLE' } } },
    ],
  ]);
  assert.deepEqual(told({}), [['PeerAuthentication', 'default', { mtls: { mode: 'PERMISSIVE' } }]]);
});

test('protocols are detected where the spec asks for it; from Istio 1.19 on always', () => {
  const ask = (autoDetect: object): ControlPlaneSpec => ({ proxy: { networking: { protocol: { autoDetect } } } });
  const detection = (spec: ControlPlaneSpec, version: string): unknown => {
    const metadata = { name: 'basic', namespace: 'plane', generation: 1, uid: 'u' };
    const plane = { apiVersion: 'maistra.io/v2', kind: 'ServiceMeshControlPlane', metadata, spec };
    const istiod = render({ plane, namespace: 'plane', mesh: 'basic', figures }, 'istio-discovery').find(
      (object): object is AnyObject & Deployment => isIstiod(object),
    );
    const maps = rendered(spec).map(({ metadata: { labels: _, ...rest }, ...map }) => ({ ...map, metadata: rest }));
    return meshConfig(maps as ConfigMap[], istiod, version).protocolDetection;
  };
  assert.deepEqual(detection({}, '2.0'), { inbound: false, outbound: false, timeout: '5s' });
  assert.deepEqual(detection({}, '2.5'), { inbound: false, outbound: false, timeout: '0s' });
  assert.deepEqual(detection({}, '2.6'), { inbound: true, outbound: true, timeout: '0s' });
  assert.deepEqual(detection(ask({ inbound: true, timeout: '1s' }), '2.4'), {
    inbound: true,
    outbound: false,
    timeout: '1s',
  });
});
