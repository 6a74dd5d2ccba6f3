import assert from 'node:assert/strict';
import test from 'node:test';
import type { Pod } from '../../client/kinds.ts';
import type { ControlPlane, Gateway } from '../kinds.ts';
import { loadMeshFigures } from '../release.ts';
import { routeRow } from '../routes.ts';
import { render, stagesOf } from './charts/index.ts';
import type { Chart } from './charts/parts.ts';
import { mutateControlPlane, validateControlPlane } from './controlplane-admission.ts';
import { inject, wantsProxy } from './inject.ts';
import { routeName, routeOf } from './ior-route.ts';
import { planeTrouble, rollStatus } from './memberroll-status.ts';
import { finished, paused, started } from './status.ts';

const figures = await loadMeshFigures('2.0');

function plane(status?: ControlPlane['status']): ControlPlane {
  const metadata = { name: 'basic', namespace: 'mesh', generation: 1, uid: 'u' };
  const one = {
    apiVersion: 'maistra.io/v2',
    kind: 'ServiceMeshControlPlane',
    metadata,
    spec: { version: 'v2.0', profiles: ['default'] },
  };
  return status === undefined ? one : { ...one, status };
}
const chart = (of: ControlPlane): Chart => ({ plane: of, namespace: 'mesh', mesh: 'basic', figures });

test('a control plane goes 0/9, 3/9, 5/9, 9/9 with the reasons of the real operator', () => {
  const stages = stagesOf(plane().spec, figures);
  assert.equal(stages.flat().length, 9);
  let status = started(chart(plane()));
  assert.equal(status.conditions?.[0]?.message, 'Installing mesh generation 1');
  assert.equal(status.annotations?.['readyComponentCount'], undefined);
  const step = (installed: string[], ready: string[], waiting: string[]): string => {
    status = paused(chart(plane(status)), { installed, ready }, waiting);
    return `${status.annotations?.['readyComponentCount']} ${status.conditions?.find(({ type }) => type === 'Ready')?.message}`;
  };
  assert.equal(
    step(['istio-discovery'], [], ['istio-discovery']),
    '0/9 Paused until the following components become ready: [istio-discovery]',
  );
  const three = ['istio-discovery', 'mesh-config', 'telemetry-common'];
  assert.equal(
    step([...three, 'prometheus'], three, ['prometheus']),
    '3/9 Paused until the following components become ready: [prometheus]',
  );
  const five = [...three, 'prometheus', 'tracing'];
  const gateways = ['istio-ingress', 'istio-egress', 'grafana'];
  assert.equal(
    step([...five, ...gateways], five, gateways),
    '5/9 Paused until the following components become ready: [grafana istio-egress istio-ingress]',
  );
  assert.equal(status.chartVersion, undefined);
  status = finished(chart(plane(status)), { installed: stages.flat(), ready: stages.flat() });
  assert.equal(status.annotations?.['readyComponentCount'], '9/9');
  assert.equal(status.chartVersion, '2.0.7.1');
  assert.deepEqual(
    status.conditions?.map(({ type, reason }) => `${type} ${reason}`),
    ['Installed InstallSuccessful', 'Reconciled InstallSuccessful', 'Ready ComponentsReady'],
  );
});

test('a component that breaks later shows as 8/9 ComponentsNotReady, and the install stays successful', () => {
  const all = stagesOf(plane().spec, figures).flat();
  const whole = finished(chart(plane()), { installed: all, ready: all });
  const status = finished(chart(plane(whole)), { installed: all, ready: all.filter((one) => one !== 'grafana') });
  assert.equal(status.annotations?.['readyComponentCount'], '8/9');
  const ready = status.conditions?.find(({ type }) => type === 'Ready');
  assert.deepEqual(
    [ready?.reason, ready?.message],
    ['ComponentsNotReady', 'The following components are not fully available: [grafana]'],
  );
  assert.equal(status.conditions?.find(({ type }) => type === 'Reconciled')?.status, 'True');
});

test('the pods have the containers seen on a real cluster, and nothing the operator made lacks its owner', () => {
  const containers = Object.fromEntries(
    figures.stages.flat().flatMap((component) =>
      render(chart(plane()), component)
        .filter(({ kind }) => kind === 'Deployment')
        .map((one) => [
          one.metadata.name,
          (one['spec'] as { template: { spec: { containers: { name: string }[] } } }).template.spec.containers.map(
            ({ name }) => name,
          ),
        ]),
    ),
  );
  assert.deepEqual(containers, {
    'istiod-basic': ['discovery'],
    prometheus: ['prometheus-proxy', 'prometheus', 'istio-proxy'],
    jaeger: ['jaeger', 'oauth-proxy'],
    'istio-ingressgateway': ['istio-proxy'],
    'istio-egressgateway': ['istio-proxy'],
    grafana: ['grafana-proxy', 'grafana'],
    kiali: ['kiali'],
  });
  for (const component of figures.stages.flat()) {
    for (const object of render(chart(plane()), component)) {
      assert.equal(object.metadata.ownerReferences?.[0]?.uid, 'u');
      assert.equal(object.metadata.labels?.['maistra.io/owner'], 'mesh');
    }
  }
});

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

test('the webhooks add the default profile and refuse a version that is not supported', () => {
  const { spec: _, ...rest } = plane();
  const request = {
    uid: '1',
    operation: 'CREATE',
    kind: { group: 'maistra.io', version: 'v2', kind: 'ServiceMeshControlPlane' },
  } as const;
  const answer = mutateControlPlane({ ...request, object: { ...rest, spec: {} } as ControlPlane }, figures);
  assert.ok(answer.allowed && JSON.stringify(answer.patch).includes('"/spec/profiles"'));
  const refused = validateControlPlane(
    { ...request, object: { ...rest, spec: { version: 'v9' } } as ControlPlane },
    figures,
  );
  assert.deepEqual(refused, { allowed: false, message: "Only '[v1.1 v2.0]' versions are supported" });
});

test('a control plane may not ask for protocol detection before 2.2', () => {
  const validate = (version: string, autoDetect: object): ReturnType<typeof validateControlPlane> =>
    validateControlPlane(
      {
        uid: '1',
        operation: 'CREATE',
        kind: { group: 'maistra.io', version: 'v2', kind: 'ServiceMeshControlPlane' },
        object: { ...plane(), spec: { version, proxy: { networking: { protocol: { autoDetect } } } } } as ControlPlane,
      },
      { ...figures, supported: ['v2.0', 'v2.2'] },
    );
  const no = (field: string): string =>
    `automatic protocol detection is not supported in v2.0; if specified, spec.proxy.networking.protocol.autoDetect.${field} must be set to false`;
  assert.deepEqual(validate('v2.0', { inbound: true }), { allowed: false, message: no('inbound') });
  assert.deepEqual(validate('v2.0', { inbound: true, outbound: true }), {
    allowed: false,
    message: `[${no('inbound')}, ${no('outbound')}]`,
  });
  assert.deepEqual(validate('v2.0', { inbound: false }), { allowed: true });
  assert.deepEqual(validate('v2.2', { inbound: true, timeout: '100ms' }), { allowed: true });
  assert.deepEqual(validate('v2.2', { timeout: 'soon' }), {
    allowed: false,
    message:
      'failed parsing spec.proxy.networking.protocol.autoDetect.timeout, not a valid duration: time: invalid duration "soon"',
  });
});

test('a member roll says which namespaces are missing, and waits for the control plane', () => {
  const roll = {
    apiVersion: 'maistra.io/v1',
    kind: 'ServiceMeshMemberRoll',
    metadata: { name: 'default', namespace: 'mesh' },
  };
  assert.equal(planeTrouble([])?.reason, 'ErrSMCPMissing');
  assert.equal(planeTrouble([plane()])?.reason, 'SMCPReconciling');
  const membership = { members: ['a', 'b'], configured: ['a'], missing: ['b'], terminating: [] };
  const installed = plane({ observedGeneration: 1, operatorVersion: 'v' });
  const status = rollStatus(roll, membership, installed, undefined, figures);
  assert.equal(status.annotations?.['configuredMemberCount'], '1/2');
  assert.equal(status.conditions?.[0]?.message, 'The following namespace(s) could not be configured: [b]');
  assert.deepEqual(status.pendingMembers, ['b']);
  assert.equal(status['members'], undefined);
});

test('from 2.1 on a member roll sums up each member, in the words of that operator', async () => {
  const roll = {
    apiVersion: 'maistra.io/v1',
    kind: 'ServiceMeshMemberRoll',
    metadata: { name: 'default', namespace: 'mesh' },
  };
  const membership = { members: ['c', 'b', 'a'], configured: ['a'], missing: ['b'], terminating: ['c'] };
  for (const release of ['2.1', '2.2', '2.3', '2.4', '2.5', '2.6']) {
    const of = await loadMeshFigures(release);
    const installed = plane({ observedGeneration: 1, operatorVersion: 'v' });
    const status = rollStatus(roll, membership, installed, undefined, of);
    assert.equal(status.conditions?.[0]?.message, 'The following namespaces are not yet configured: [b]', release);
    assert.deepEqual(status['members'], ['a', 'b', 'c']);
    assert.deepEqual(status['terminatingMembers'], ['c']);
    assert.deepEqual(status.annotations, { configuredMemberCount: '1/3', kialiName: 'kiali' });
    const told = status.memberStatuses?.map(({ namespace, conditions: [one] }) => [
      namespace,
      one?.status,
      one?.reason,
    ]);
    assert.deepEqual(told, [
      ['a', 'True', undefined],
      ['b', 'False', 'NamespaceNotExists'],
      ['c', 'Unknown', undefined],
    ]);
    assert.equal(status.memberStatuses?.[1]?.conditions[0]?.message, 'Namespace b does not exist');

    const before = plane();
    before.spec = { ...before.spec, addons: { kiali: { enabled: false } } };
    const waiting = { members: ['a'], configured: [], missing: [], terminating: [] };
    const early = rollStatus(roll, waiting, before, planeTrouble([before]), of);
    assert.equal(early.conditions?.[0]?.message, 'The following namespaces are not yet configured: [a]');
    assert.equal(early.annotations?.['kialiName'], undefined);
    const gone = rollStatus(roll, waiting, undefined, planeTrouble([]), of);
    assert.equal(gone.conditions?.[0]?.reason, 'ErrSMCPMissing');
  }
});
