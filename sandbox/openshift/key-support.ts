/** Annotations and labels of Kubernetes' kinds that OpenShift and its operators act on, and those that act here. */
import type { FieldSupport, KeySupport, KindSupport } from '../fields/support.ts';

const ANNOTATIONS = 'metadata.annotations';
const SERVING_CERTIFICATES: KeySupport = {
  at: ANNOTATIONS,
  domains: ['service.beta.openshift.io/', 'service.alpha.openshift.io/', 'service.alpha.kubernetes.io/'],
  supported: [],
};
const PROJECT: KeySupport = {
  at: ANNOTATIONS,
  domains: [
    'openshift.io/',
    'security.openshift.io/',
    'workload.openshift.io/',
    'olm.operatorframework.io/exclude-global-namespace-resolution',
  ],
  supported: ['openshift.io/display-name', 'openshift.io/description', 'openshift.io/requester'],
};
/** Monitoring, and the labels of Pod Security that OpenShift keeps itself. */
const PROJECT_LABELS: KeySupport = {
  at: 'metadata.labels',
  domains: ['openshift.io/cluster-monitoring', 'openshift.io/user-monitoring', 'security.openshift.io/'],
  supported: [],
};
const TRUSTED_AUTHORITIES: KeySupport = { at: 'metadata.labels', domains: ['config.openshift.io/'], supported: [] };
const OAUTH_CLIENT: KeySupport = {
  at: ANNOTATIONS,
  domains: ['serviceaccounts.openshift.io/', 'kubernetes.io/enforce-mountable-secrets'],
  supported: [],
};
const OTHER_PROXY: KeySupport = {
  at: 'metadata.labels',
  domains: ['service.kubernetes.io/service-proxy-name'],
  supported: [],
};
const OLD_METRICS: KeySupport = { at: ANNOTATIONS, domains: ['autoscaling.alpha.kubernetes.io/'], supported: [] };
/** Annotations of workloads by which the operators of Jaeger and OpenTelemetry add their agents; both are stand-ins. */
export const AGENTS: KeySupport = {
  at: ANNOTATIONS,
  domains: ['sidecar.jaegertracing.io/', 'sidecar.opentelemetry.io/', 'instrumentation.opentelemetry.io/'],
  supported: [],
};
const TRIGGERS: KeySupport = { at: ANNOTATIONS, domains: ['image.openshift.io/'], supported: [] };

/** Annotations and labels only, for a built-in kind whose fields are in the API server's table. */
function keys(...tables: readonly KeySupport[]): FieldSupport {
  return { supported: [], unsupported: {}, keys: tables };
}

export const KUBERNETES_KEYS: readonly KindSupport[] = [
  { group: '', kind: 'Service', plural: 'services', support: keys(SERVING_CERTIFICATES, OTHER_PROXY) },
  { group: '', kind: 'ConfigMap', plural: 'configmaps', support: keys(SERVING_CERTIFICATES, TRUSTED_AUTHORITIES) },
  { group: '', kind: 'Namespace', plural: 'namespaces', support: keys(PROJECT, PROJECT_LABELS) },
  { group: '', kind: 'ServiceAccount', plural: 'serviceaccounts', support: keys(OAUTH_CLIENT) },
  { group: 'apps', kind: 'Deployment', plural: 'deployments', support: keys(TRIGGERS, AGENTS) },
  { group: 'apps', kind: 'StatefulSet', plural: 'statefulsets', support: keys(TRIGGERS, AGENTS) },
  {
    group: 'autoscaling',
    kind: 'HorizontalPodAutoscaler',
    plural: 'horizontalpodautoscalers',
    support: keys(OLD_METRICS),
  },
  {
    group: '',
    kind: 'Pod',
    plural: 'pods',
    support: keys({ ...AGENTS, domains: [...AGENTS.domains, 'io.kubernetes.cri-o.'] }),
  },
];
