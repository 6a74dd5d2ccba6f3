/** How a control plane is installed, and which ones are refused. */
import assert from 'node:assert/strict';
import test from 'node:test';
import type { ControlPlane } from '../kinds.ts';
import { loadMeshFigures } from '../release.ts';
import { render, stagesOf } from './charts/index.ts';
import type { Chart } from './charts/parts.ts';
import { mutateControlPlane, validateControlPlane } from './controlplane-admission.ts';
import { finished, paused, started } from './status.ts';
import { plane } from './testing.ts';

const figures = await loadMeshFigures('2.0');

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
