import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ApiObject } from '../../kube/api.ts';
import { type Edition, editionFindings, type MeshFacts } from './edition.ts';

const NOTHING: MeshFacts = {
  openshift: '4.16.3',
  offered: [2, 3],
  subscriptions: [],
  planes: { 2: [], 3: [] },
  cnis: [],
  gatewayClasses: [],
};
const object = (kind: string, name: string, spec: Record<string, unknown> = {}, manager?: string): ApiObject => ({
  apiVersion: 'v1',
  kind,
  metadata: {
    name,
    namespace: 'openshift-operators',
    ...(manager === undefined ? {} : { managedFields: [{ manager }] }),
  },
  spec,
});
const told = (wanted: Edition, facts: Partial<MeshFacts>, options: { otherLab?: string; adopt?: boolean } = {}) =>
  editionFindings(wanted, { ...NOTHING, ...facts }, { otherLab: options.otherLab, adopt: options.adopt === true })
    .filter(({ level }) => level !== 'ok')
    .map(({ level, what, mend }) => `${level}: ${what} → ${mend}`);

test('a cluster whose catalog has the lab’s Service Mesh is fit', () => {
  assert.deepEqual(told(2, {}), []);
  assert.deepEqual(told(3, {}), []);
});

test('a lab for the other Service Mesh is refused, with the lab that fits or the cluster to use', () => {
  assert.deepEqual(told(2, { openshift: '4.20.1', offered: [3] }, { otherLab: 'mesh-3' }), [
    'problem: OpenShift 4.20.1 has Service Mesh 3 only → npx labwright certify mesh-3 --kubeconfig F',
  ]);
  assert.match(told(2, { offered: [3] })[0] ?? '', /a cluster up to OpenShift 4\.18/);
  assert.match(told(3, { offered: [2] })[0] ?? '', /has Service Mesh 2 only/);
  assert.match(told(3, { offered: [] })[0] ?? '', /has no Service Mesh/);
  assert.match(told(3, { offered: undefined })[0] ?? '', /^warning: .*can’t be read/);
});

test('an installed operator is enough, whatever the catalog offers', () => {
  const subscriptions = [object('Subscription', 'ossm', { name: 'servicemeshoperator' })];
  assert.deepEqual(told(2, { offered: [], subscriptions }), []);
});

test('the other Service Mesh beside it is a problem, and with --adopt a warning', () => {
  const planes = { 2: [object('ServiceMeshControlPlane', 'basic')], 3: [] };
  assert.match(
    told(3, { planes })[0] ?? '',
    /^problem: Service Mesh 2 is installed already: ServiceMeshControlPlane basic/,
  );
  assert.match(told(3, { planes }, { adopt: true })[0] ?? '', /^warning: /);
  const subscriptions = [
    object('Subscription', 'mesh3', { name: 'servicemeshoperator3', installPlanApproval: 'Automatic' }),
  ];
  assert.match(
    told(2, { subscriptions })[0] ?? '',
    /^problem: Service Mesh 3 is installed already: Subscription mesh3/,
  );
});

test('a subscription of the Ingress Operator is recognized by its manager and its names, and must not be changed', () => {
  const spec = {
    name: 'servicemeshoperator3',
    installPlanApproval: 'Manual',
    startingCSV: 'servicemeshoperator3.v3.1.0',
  };
  for (const subscription of [
    object('Subscription', 'servicemeshoperator3', spec),
    object('Subscription', 'x', { name: 'servicemeshoperator3' }, 'ingress-operator'),
  ]) {
    const facts = { subscriptions: [subscription], planes: { 2: [], 3: [object('Istio', 'openshift-gateway')] } };
    assert.match(told(3, facts).join('\n'), /^problem: The Ingress Operator owns the subscription/);
    assert.match(
      told(2, facts).join('\n'),
      /^problem: The Ingress Operator has installed Service Mesh 3 for Gateway API/,
    );
  }
});

/** As the Ingress Operator of OpenShift 4.20 writes it, without what no rule looks at. */
const ofIngress: ApiObject = {
  apiVersion: 'operators.coreos.com/v1alpha1',
  kind: 'Subscription',
  metadata: {
    name: 'servicemeshoperator3',
    namespace: 'openshift-operators',
    annotations: { 'ingress.operator.openshift.io/owned': '' },
  },
  spec: {
    channel: 'stable',
    installPlanApproval: 'Manual',
    name: 'servicemeshoperator3',
    source: 'redhat-operators',
    sourceNamespace: 'openshift-marketplace',
    startingCSV: 'servicemeshoperator3.v3.1.0',
  },
};

test('the Ingress Operator’s annotation tells its subscription from a person’s of the same shape', () => {
  assert.match(
    told(3, { subscriptions: [ofIngress] })[0] ?? '',
    /^problem: The Ingress Operator .*servicemeshoperator3\.v3\.1\.0/,
  );
  const managedFields = [{ manager: 'kubectl-create' }];
  const own = {
    ...ofIngress,
    metadata: { name: 'servicemeshoperator3', namespace: 'openshift-operators', managedFields },
  };
  assert.deepEqual(told(3, { subscriptions: [own] }), []);
});

test('OpenShift’s GatewayClass, which installs the operator, is a problem', () => {
  const gatewayClasses = [
    object('GatewayClass', 'openshift-default', { controllerName: 'openshift.io/gateway-controller/v1' }),
  ];
  assert.match(
    told(3, { gatewayClasses })[0] ?? '',
    /^warning: The GatewayClass openshift-default makes the Ingress Operator subscribe/,
  );
  assert.match(told(2, { gatewayClasses })[0] ?? '', /^problem: The GatewayClass openshift-default/);
  const other = [object('GatewayClass', 'istio', { controllerName: 'istio.io/gateway-controller' })];
  assert.deepEqual(told(3, { gatewayClasses: other }), []);
});

test('an existing IstioCNI is in the way of a Service Mesh 3 lab only', () => {
  const cnis = [object('IstioCNI', 'default', { namespace: 'istio-cni' })];
  assert.match(told(3, { cnis })[0] ?? '', /^problem: An IstioCNI default exists already, for the namespace istio-cni/);
  assert.match(told(3, { cnis }, { adopt: true })[0] ?? '', /^warning: .*restored afterwards/);
  assert.deepEqual(told(2, { cnis }), []);
});
