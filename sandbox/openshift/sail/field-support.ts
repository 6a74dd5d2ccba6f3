/** The fields of Service Mesh 3 kinds that have an effect here. */
import { type FieldSupport, type KindSupport, withoutEffect } from '../../fields/support.ts';
import { GROUP } from './kinds.ts';

const CHARTS = 'the sandbox reads meshConfig and a few values of pilot; the rest of the charts is not there';
const VALUES: readonly string[] = [
  'spec.values.profile',
  'spec.values.meshConfig',
  'spec.values.global.istioNamespace',
  'spec.values.revision',
  'spec.values.pilot.autoscaleEnabled',
  'spec.values.pilot.autoscaleMin',
  'spec.values.pilot.replicaCount',
  'spec.values.pilot.cni.enabled',
  'spec.values.pilot.env',
];

const AMBIENT = 'there is no ambient data plane: the pods get no mutual TLS and no rules without a proxy of their own';
const ELSEWHERE = 'istiod runs in this cluster';
/** Profiles that the sandbox does not support. The others differ only in values that it does not read. */
const PROFILES: Readonly<Record<string, string>> = {
  ambient: AMBIENT,
  'openshift-ambient': AMBIENT,
  remote: ELSEWHERE,
  external: ELSEWHERE,
};
const withProfiles = (path: string): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(PROFILES).map(([profile, why]) => [`${path}=${profile}`, why]));

/** Labels that add a namespace, workload or Service to ambient mode. */
const AMBIENT_LABELS: readonly KindSupport[] = [
  { kind: 'Namespace', plural: 'namespaces', at: 'metadata.labels' },
  { kind: 'Service', plural: 'services', at: 'metadata.labels' },
  { kind: 'Pod', plural: 'pods', at: 'metadata.labels' },
  { group: 'apps', kind: 'Deployment', plural: 'deployments', at: 'spec.template.metadata.labels' },
  { group: 'apps', kind: 'StatefulSet', plural: 'statefulsets', at: 'spec.template.metadata.labels' },
].map(({ group = '', kind, plural, at }) => ({
  group,
  kind,
  plural,
  support: {
    supported: [],
    unsupported: {},
    keys: [{ at, domains: ['istio.io/'], supported: ['istio.io/rev', 'istio.io/tag'] }],
  },
}));

const ISTIO: FieldSupport = {
  supported: [
    'spec.version',
    'spec.namespace',
    'spec.profile',
    'spec.updateStrategy.type',
    'spec.updateStrategy.inactiveRevisionDeletionGracePeriodSeconds',
    'spec.updateStrategy.updateWorkloads=false',
    ...VALUES,
  ],
  unsupported: {
    ...withProfiles('spec.profile'),
    ...withProfiles('spec.values.profile'),
    'spec.updateStrategy.updateWorkloads':
      'the operator does nothing about it, here as elsewhere; restart the workloads yourself',
    'spec.values': CHARTS,
  },
};

const REVISION: FieldSupport = {
  supported: ['spec.version', 'spec.namespace', ...VALUES],
  unsupported: { ...withProfiles('spec.values.profile'), 'spec.values': CHARTS },
};

const CNI: FieldSupport = {
  supported: ['spec.version', 'spec.namespace', 'spec.profile'],
  unsupported: { 'spec.values': 'the plug-in is a stand-in; the node agent leads traffic into the proxies' },
};

export const SAIL_FIELDS: readonly KindSupport[] = [
  ...AMBIENT_LABELS,
  { group: GROUP, kind: 'Istio', plural: 'istios', support: ISTIO },
  { group: GROUP, kind: 'IstioRevision', plural: 'istiorevisions', support: REVISION },
  {
    group: GROUP,
    kind: 'IstioRevisionTag',
    plural: 'istiorevisiontags',
    support: { supported: ['spec.targetRef'], unsupported: {} },
  },
  { group: GROUP, kind: 'IstioCNI', plural: 'istiocnis', support: CNI },
  { group: GROUP, kind: 'ZTunnel', plural: 'ztunnels', support: withoutEffect(AMBIENT) },
];
