/** The built-in kinds the server stores: names, short names, subresources, as kube-apiserver's discovery gives them. */

export interface BuiltinKind {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly plural: string;
  readonly namespaced: boolean;
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
  readonly subresources: readonly string[];
  /** Name of the model in @kubernetes/client-node whose fields the kind has. */
  readonly model: string;
}

interface Extra {
  readonly short?: readonly string[];
  readonly sub?: readonly string[];
  readonly all?: boolean;
  readonly cluster?: boolean;
  readonly model?: string;
  readonly plural?: string;
}

function kind(group: string, version: string, name: string, extra: Extra = {}): BuiltinKind {
  return {
    group,
    version,
    kind: name,
    plural: extra.plural ?? plural(name),
    namespaced: extra.cluster !== true,
    shortNames: extra.short ?? [],
    categories: extra.all === true ? ['all'] : [],
    subresources: extra.sub ?? [],
    model: extra.model ?? `V1${name}`,
  };
}

function plural(name: string): string {
  const lower = name.toLowerCase();
  if (lower.endsWith('s')) return `${lower}es`;
  return lower.endsWith('y') ? `${lower.slice(0, -1)}ies` : `${lower}s`;
}

const RBAC = 'rbac.authorization.k8s.io';
const STATUS = ['status'];
const SCALABLE = ['status', 'scale'];

export const BUILTIN_KINDS: readonly BuiltinKind[] = [
  kind('', 'v1', 'ConfigMap', { short: ['cm'] }),
  kind('', 'v1', 'Endpoints', { short: ['ep'], plural: 'endpoints' }),
  kind('', 'v1', 'Event', { short: ['ev'], model: 'CoreV1Event' }),
  kind('', 'v1', 'LimitRange', { short: ['limits'] }),
  kind('', 'v1', 'Namespace', { short: ['ns'], cluster: true, sub: ['status', 'finalize'] }),
  kind('', 'v1', 'Node', { short: ['no'], cluster: true, sub: STATUS }),
  kind('', 'v1', 'PersistentVolumeClaim', { short: ['pvc'], sub: STATUS }),
  kind('', 'v1', 'PersistentVolume', { short: ['pv'], sub: STATUS, cluster: true }),
  kind('', 'v1', 'Pod', {
    short: ['po'],
    all: true,
    sub: ['status', 'log', 'exec', 'attach', 'portforward', 'binding', 'eviction'],
  }),
  kind('', 'v1', 'PodTemplate'),
  kind('', 'v1', 'ReplicationController', { short: ['rc'], all: true, sub: SCALABLE }),
  kind('', 'v1', 'ResourceQuota', { short: ['quota'], sub: STATUS }),
  kind('', 'v1', 'Secret'),
  kind('', 'v1', 'ServiceAccount', { short: ['sa'], sub: ['token'] }),
  kind('', 'v1', 'Service', { short: ['svc'], all: true, sub: STATUS }),
  kind('apps', 'v1', 'ControllerRevision'),
  kind('apps', 'v1', 'DaemonSet', { short: ['ds'], all: true, sub: STATUS }),
  kind('apps', 'v1', 'Deployment', { short: ['deploy'], all: true, sub: SCALABLE }),
  kind('apps', 'v1', 'ReplicaSet', { short: ['rs'], all: true, sub: SCALABLE }),
  kind('apps', 'v1', 'StatefulSet', { short: ['sts'], all: true, sub: SCALABLE }),
  kind('events.k8s.io', 'v1', 'Event', { short: ['ev'], model: 'EventsV1Event' }),
  kind('batch', 'v1', 'CronJob', { short: ['cj'], all: true, sub: STATUS }),
  kind('batch', 'v1', 'Job', { all: true, sub: STATUS }),
  kind('autoscaling', 'v1', 'HorizontalPodAutoscaler', { short: ['hpa'], all: true, sub: STATUS }),
  kind('networking.k8s.io', 'v1', 'Ingress', { short: ['ing'], sub: STATUS }),
  kind('networking.k8s.io', 'v1', 'IngressClass', { cluster: true }),
  kind('networking.k8s.io', 'v1', 'NetworkPolicy', { short: ['netpol'] }),
  kind('policy', 'v1', 'PodDisruptionBudget', { short: ['pdb'], sub: STATUS }),
  kind(RBAC, 'v1', 'ClusterRole', { cluster: true }),
  kind(RBAC, 'v1', 'ClusterRoleBinding', { cluster: true }),
  kind(RBAC, 'v1', 'Role'),
  kind(RBAC, 'v1', 'RoleBinding'),
  kind('storage.k8s.io', 'v1', 'StorageClass', { short: ['sc'], cluster: true }),
  kind('scheduling.k8s.io', 'v1', 'PriorityClass', { short: ['pc'], cluster: true }),
  kind('coordination.k8s.io', 'v1', 'Lease'),
  kind('discovery.k8s.io', 'v1', 'EndpointSlice'),
  kind('apiextensions.k8s.io', 'v1', 'CustomResourceDefinition', {
    short: ['crd', 'crds'],
    cluster: true,
    sub: STATUS,
  }),
  kind('apiregistration.k8s.io', 'v1', 'APIService', { cluster: true, sub: STATUS }),
  kind('admissionregistration.k8s.io', 'v1', 'MutatingWebhookConfiguration', { cluster: true }),
  kind('admissionregistration.k8s.io', 'v1', 'ValidatingWebhookConfiguration', { cluster: true }),
];

/** Stored kinds, as `group/plural`, that nothing in the sandbox acts on: whoever makes one is warned. */
export const WITHOUT_CONTROLLER: ReadonlySet<string> = new Set([
  '/limitranges',
  '/replicationcontrollers',
  '/resourcequotas',
  'autoscaling/horizontalpodautoscalers',
  'networking.k8s.io/ingresses',
  'policy/poddisruptionbudgets',
]);

/** Kinds that are only created and answered, never stored. */
export const REVIEW_KINDS: readonly BuiltinKind[] = [
  kind('authentication.k8s.io', 'v1', 'TokenReview', { cluster: true }),
  kind('authentication.k8s.io', 'v1', 'SelfSubjectReview', { cluster: true }),
  kind('authorization.k8s.io', 'v1', 'SubjectAccessReview', { cluster: true }),
  kind('authorization.k8s.io', 'v1', 'SelfSubjectAccessReview', { cluster: true }),
  kind('authorization.k8s.io', 'v1', 'SelfSubjectRulesReview', { cluster: true }),
  kind('authorization.k8s.io', 'v1', 'LocalSubjectAccessReview'),
];

/** Models that are no stored kinds but bodies of requests. */
export const EXTRA_MODELS: readonly string[] = [
  'V1DeleteOptions',
  'V1Scale',
  'V1Binding',
  'V1Eviction',
  'AuthenticationV1TokenRequest',
];
