/** Which fields of the Service Mesh 2 operator's kinds have an effect here, and which of the mesh's annotations on pods. */
import { below, type FieldSupport, type KindSupport } from '../../fields/support.ts';

const NO_TRACES = 'no traces are collected';

const CONTROL_PLANE: FieldSupport = {
  supported: [
    'spec.version',
    'spec.profiles',
    'spec.template',
    'spec.policy.type=Istiod',
    'spec.policy.type=None',
    'spec.telemetry.type=Istiod',
    'spec.telemetry.type=None',
    'spec.tracing.type',
    'spec.security.dataPlane.mtls',
    'spec.security.dataPlane.automtls',
    'spec.proxy.networking.trafficControl.outbound.policy',
    'spec.proxy.networking.protocol.autoDetect',
    'spec.proxy.accessLogging.file',
    'spec.meshConfig.discoverySelectors',
    'spec.gateways.enabled',
    'spec.gateways.ingress.enabled',
    'spec.gateways.egress.enabled',
    'spec.gateways.openshiftRoute.enabled',
    'spec.addons.prometheus.enabled',
    'spec.addons.prometheus.name',
    'spec.addons.grafana.enabled',
    'spec.addons.kiali.enabled',
    'spec.addons.kiali.name',
    'spec.addons.jaeger.name',
    'spec.addons.jaeger.install.storage.type=Memory',
  ],
  unsupported: {
    'spec.tracing.sampling': NO_TRACES,
    'spec.addons.jaeger.install': NO_TRACES,
    'spec.policy.type': 'istiod applies policies itself',
    'spec.telemetry.type': 'proxies tell their metrics themselves',
    'spec.runtime': 'its parts run as the operator sets them up',
  },
};

export const SERVICE_MESH_FIELDS: readonly KindSupport[] = [
  { group: 'maistra.io', kind: 'ServiceMeshControlPlane', plural: 'servicemeshcontrolplanes', support: CONTROL_PLANE },
  {
    group: 'maistra.io',
    kind: 'ServiceMeshMemberRoll',
    plural: 'servicemeshmemberrolls',
    support: {
      supported: ['spec.members'],
      unsupported: { 'spec.memberSelectors': 'name the namespaces in members' },
    },
  },
  {
    group: 'maistra.io',
    kind: 'ServiceMeshMember',
    plural: 'servicemeshmembers',
    support: { supported: ['spec.controlPlaneRef'], unsupported: {} },
  },
];

/** The Service Mesh's annotations on pods and pod templates. */
const INJECTION: FieldSupport = {
  supported: [],
  unsupported: {},
  keys: [
    {
      at: 'metadata.annotations',
      domains: [
        'sidecar.istio.io/',
        'traffic.sidecar.istio.io/',
        'proxy.istio.io/',
        'status.sidecar.istio.io/',
        'readiness.status.sidecar.istio.io/',
        'inject.istio.io/',
        'sidecar.maistra.io/',
        'ambient.istio.io/',
        'k8s.v1.cni.cncf.io/',
      ],
      supported: ['sidecar.istio.io/inject', 'sidecar.istio.io/status'],
    },
  ],
};

/** Where the mesh asks for several networks, or for who sees a Service. */
const SERVICE: FieldSupport = {
  supported: [],
  unsupported: {},
  keys: [
    {
      at: 'metadata.annotations',
      domains: ['networking.istio.io/', 'auth.istio.io/', 'ambient.istio.io/'],
      supported: ['networking.istio.io/service-type'],
    },
    { at: 'metadata.labels', domains: ['networking.istio.io/', 'topology.istio.io/'], supported: [] },
  ],
};
const NETWORK: FieldSupport = {
  supported: [],
  unsupported: {},
  keys: ['metadata.annotations', 'metadata.labels'].map((at) => ({
    at,
    domains: ['topology.istio.io/'],
    supported: [],
  })),
};

export const INJECTION_FIELDS: readonly KindSupport[] = [
  { group: '', kind: 'Service', plural: 'services', support: SERVICE },
  { group: '', kind: 'Namespace', plural: 'namespaces', support: NETWORK },
  { group: '', kind: 'Pod', plural: 'pods', support: INJECTION },
  ...[
    ['apps', 'Deployment', 'deployments'] as const,
    ['apps', 'ReplicaSet', 'replicasets'] as const,
    ['apps', 'StatefulSet', 'statefulsets'] as const,
    ['apps', 'DaemonSet', 'daemonsets'] as const,
    ['batch', 'Job', 'jobs'] as const,
  ].map(([group, kind, plural]) => ({ group, kind, plural, support: below('spec.template', INJECTION) })),
  {
    group: 'batch',
    kind: 'CronJob',
    plural: 'cronjobs',
    support: below('spec.jobTemplate.spec.template', INJECTION),
  },
];
