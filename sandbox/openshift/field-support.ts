/**
 * Which fields in the kinds of OpenShift and its operators have an effect here, and which of their annotations on Kubernetes
 * kinds do. Move a path to `supported` when something acts on it.
 */

import { POD_FIELDS } from '../api/registry/kinds/pod-fields.ts';
import {
  below,
  type FieldSupport,
  type KeySupport,
  type KindSupport,
  merged,
  withoutEffect,
} from '../fields/support.ts';
import { NO_BUILDS } from './apis/builds.ts';
import { ANNOTATIONS as ANNOTATIONS_OF_ROUTES } from './router-annotations.ts';
import { SAIL_FIELDS } from './sail/field-support.ts';

const NO_METRICS = 'nothing collects metrics in the sandbox';
const STAND_IN = 'its operator is a stand-in in the sandbox';
const FIXED: FieldSupport = {
  supported: [],
  unsupported: { spec: 'the sandbox is set up by its release' },
};

const KIALI: FieldSupport = {
  supported: ['spec.deployment.instance_name', 'spec.deployment.namespace'],
  unsupported: { spec: 'its pods are stand-ins: there is no console to look at' },
};

const ROUTE: FieldSupport = {
  supported: [
    'spec.host',
    'spec.path',
    'spec.to',
    'spec.alternateBackends',
    'spec.port',
    'spec.tls.termination',
    'spec.tls.insecureEdgeTerminationPolicy',
    'spec.tls.certificate',
    'spec.tls.key',
    'spec.tls.caCertificate',
    'spec.wildcardPolicy',
  ],
  unsupported: {
    'spec.subdomain': 'a Route without a host gets one from its name and namespace',
    'spec.tls.destinationCACertificate': 'the router does not verify who answers',
  },
  keys: [
    {
      at: 'metadata.annotations',
      domains: ['haproxy.router.openshift.io/', 'router.openshift.io/'],
      supported: Object.values(ANNOTATIONS_OF_ROUTES),
    },
  ],
};

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

const SUBSCRIPTION: FieldSupport = {
  supported: [
    'spec.channel',
    'spec.name',
    'spec.source',
    'spec.sourceNamespace',
    'spec.startingCSV',
    'spec.installPlanApproval',
  ],
  unsupported: { 'spec.config': 'operators run as their ClusterServiceVersion says' },
};

const OPERATOR_GROUP: FieldSupport = {
  supported: ['spec.targetNamespaces', 'spec.upgradeStrategy=Default'],
  unsupported: { 'spec.selector': 'name the namespaces in targetNamespaces' },
};

const CONSTRAINT: FieldSupport = {
  supported: [
    'allowHostDirVolumePlugin',
    'allowHostIPC',
    'allowHostNetwork',
    'allowHostPID',
    'allowHostPorts',
    'allowPrivilegeEscalation',
    'allowPrivilegedContainer',
    'allowedCapabilities',
    'defaultAddCapabilities',
    'defaultAllowPrivilegeEscalation',
    'fsGroup',
    'groups',
    'priority',
    'readOnlyRootFilesystem',
    'requiredDropCapabilities',
    'runAsUser',
    'seLinuxContext',
    'seccompProfiles',
    'supplementalGroups',
    'users',
    'volumes',
  ],
  unsupported: {},
};

const NO_HOOKS = 'no pod is started for a hook';

const DEPLOYMENT_CONFIG: FieldSupport = merged(
  {
    supported: [
      'spec.replicas',
      'spec.selector',
      'spec.paused',
      'spec.minReadySeconds',
      'spec.revisionHistoryLimit',
      'spec.strategy.type=Rolling',
      'spec.strategy.type=Recreate',
      'spec.strategy.activeDeadlineSeconds=21600',
      'spec.strategy.rollingParams.maxSurge',
      'spec.strategy.rollingParams.maxUnavailable',
      'spec.strategy.rollingParams.timeoutSeconds',
      'spec.strategy.rollingParams.intervalSeconds=1',
      'spec.strategy.rollingParams.updatePeriodSeconds=1',
      'spec.strategy.recreateParams.timeoutSeconds',
      'spec.triggers[].type',
      'spec.triggers[].imageChangeParams',
      'spec.template.metadata',
      'spec.test=false',
    ],
    unsupported: {
      'spec.strategy': 'the controller rolls out itself, without a pod for it',
      'spec.strategy.rollingParams.pre': NO_HOOKS,
      'spec.strategy.rollingParams.post': NO_HOOKS,
      'spec.strategy.recreateParams.pre': NO_HOOKS,
      'spec.strategy.recreateParams.mid': NO_HOOKS,
      'spec.strategy.recreateParams.post': NO_HOOKS,
      'spec.test': 'pods stay between two rollouts',
    },
  },
  below('spec.template', POD_FIELDS),
);

const IMAGE_STREAM: FieldSupport = {
  supported: [
    'spec.tags[].name',
    'spec.tags[].from',
    'spec.tags[].generation',
    'spec.lookupPolicy.local=false',
    'spec.tags[].referencePolicy.type=Source',
  ],
  unsupported: {
    'spec.dockerImageRepository': 'name each tag under `tags`: no registry is asked',
    'spec.lookupPolicy': 'pods name images by their whole reference',
    'spec.tags[].importPolicy': 'images are looked up when a tag is set',
    'spec.tags[].referencePolicy': 'there is no registry in the cluster to pull through',
  },
};

const ANNOTATIONS = 'metadata.annotations';
const SERVING_CERTIFICATES: KeySupport = {
  at: ANNOTATIONS,
  domains: ['service.beta.openshift.io/', 'service.alpha.openshift.io/'],
  supported: [],
};
const PROJECT: KeySupport = {
  at: ANNOTATIONS,
  domains: ['openshift.io/'],
  supported: ['openshift.io/display-name', 'openshift.io/description', 'openshift.io/requester'],
};
const TRIGGERS: KeySupport = { at: ANNOTATIONS, domains: ['image.openshift.io/'], supported: [] };

/** Annotations and labels only, for a built-in kind whose fields are in the API server's table. */
function keys(...tables: readonly KeySupport[]): FieldSupport {
  return { supported: [], unsupported: {}, keys: tables };
}

export const OPENSHIFT_FIELDS: readonly KindSupport[] = [
  ...SAIL_FIELDS,
  { group: 'route.openshift.io', kind: 'Route', plural: 'routes', support: ROUTE },
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
  { group: 'operators.coreos.com', kind: 'Subscription', plural: 'subscriptions', support: SUBSCRIPTION },
  { group: 'operators.coreos.com', kind: 'OperatorGroup', plural: 'operatorgroups', support: OPERATOR_GROUP },
  {
    group: 'operators.coreos.com',
    kind: 'CatalogSource',
    plural: 'catalogsources',
    support: withoutEffect('the sandbox has one catalog, which is built in'),
  },
  {
    group: 'apps.openshift.io',
    kind: 'DeploymentConfig',
    plural: 'deploymentconfigs',
    support: DEPLOYMENT_CONFIG,
  },
  { group: 'build.openshift.io', kind: 'BuildConfig', plural: 'buildconfigs', support: withoutEffect(NO_BUILDS) },
  { group: 'build.openshift.io', kind: 'Build', plural: 'builds', support: withoutEffect(NO_BUILDS) },
  { group: 'image.openshift.io', kind: 'ImageStream', plural: 'imagestreams', support: IMAGE_STREAM },
  {
    group: 'security.openshift.io',
    kind: 'SecurityContextConstraints',
    plural: 'securitycontextconstraints',
    support: CONSTRAINT,
  },
  {
    group: 'k8s.cni.cncf.io',
    kind: 'NetworkAttachmentDefinition',
    plural: 'network-attachment-definitions',
    support: withoutEffect('pods have one network'),
  },
  {
    group: 'template.openshift.io',
    kind: 'Template',
    plural: 'templates',
    support: { supported: ['objects', 'parameters', 'labels', 'message'], unsupported: {} },
  },
  { group: 'kiali.io', kind: 'Kiali', plural: 'kialis', support: KIALI },
  { group: 'kiali.io', kind: 'OSSMConsole', plural: 'ossmconsoles', support: KIALI },
  ...[
    ['ServiceMonitor', 'servicemonitors'] as const,
    ['PodMonitor', 'podmonitors'] as const,
    ['PrometheusRule', 'prometheusrules'] as const,
  ].map(([kind, plural]) => ({ group: 'monitoring.coreos.com', kind, plural, support: withoutEffect(NO_METRICS) })),
  {
    group: 'monitoring.kiali.io',
    kind: 'MonitoringDashboard',
    plural: 'monitoringdashboards',
    support: withoutEffect(STAND_IN),
  },
  { group: 'jaegertracing.io', kind: 'Jaeger', plural: 'jaegers', support: withoutEffect(STAND_IN) },
  { group: 'logging.openshift.io', kind: 'Elasticsearch', plural: 'elasticsearches', support: withoutEffect(STAND_IN) },
  { group: 'logging.openshift.io', kind: 'Kibana', plural: 'kibanas', support: withoutEffect(STAND_IN) },
  ...[
    ['ClusterVersion', 'clusterversions'] as const,
    ['Ingress', 'ingresses'] as const,
    ['Infrastructure', 'infrastructures'] as const,
    ['Network', 'networks'] as const,
    ['Console', 'consoles'] as const,
    ['Proxy', 'proxies'] as const,
    ['DNS', 'dnses'] as const,
    ['OperatorHub', 'operatorhubs'] as const,
    ['OAuth', 'oauths'] as const,
  ].map(([kind, plural]) => ({ group: 'config.openshift.io', kind, plural, support: FIXED })),
  { group: 'operator.openshift.io', kind: 'IngressController', plural: 'ingresscontrollers', support: FIXED },
  { group: 'operator.openshift.io', kind: 'Network', plural: 'networks', support: FIXED },
  {
    group: 'console.openshift.io',
    kind: 'ConsoleLink',
    plural: 'consolelinks',
    support: withoutEffect('the sandbox brings no web console'),
  },
  {
    group: 'oauth.openshift.io',
    kind: 'OAuthClient',
    plural: 'oauthclients',
    support: {
      supported: ['secret', 'additionalSecrets', 'redirectURIs', 'grantMethod=auto'],
      unsupported: {
        grantMethod: 'the sandbox’s OAuth server asks for no approval',
        respondWithChallenges: 'only oc’s own client is challenged in the sandbox',
        scopeRestrictions: 'tokens of the sandbox have all the rights of their user',
        accessTokenMaxAgeSeconds: 'tokens of the sandbox last as long as the sandbox',
        accessTokenInactivityTimeoutSeconds: 'tokens of the sandbox last as long as the sandbox',
      },
    },
  },
  { group: '', kind: 'Service', plural: 'services', support: keys(SERVING_CERTIFICATES) },
  { group: '', kind: 'ConfigMap', plural: 'configmaps', support: keys(SERVING_CERTIFICATES) },
  { group: '', kind: 'Namespace', plural: 'namespaces', support: keys(PROJECT) },
  { group: 'apps', kind: 'Deployment', plural: 'deployments', support: keys(TRIGGERS) },
];

/** The Service Mesh's annotations on pods and pod templates. */
const INJECTION: FieldSupport = keys({
  at: ANNOTATIONS,
  domains: [
    'sidecar.istio.io/',
    'traffic.sidecar.istio.io/',
    'proxy.istio.io/',
    'status.sidecar.istio.io/',
    'readiness.status.sidecar.istio.io/',
    'inject.istio.io/',
    'k8s.v1.cni.cncf.io/',
  ],
  supported: ['sidecar.istio.io/inject', 'sidecar.istio.io/status'],
});

export const INJECTION_FIELDS: readonly KindSupport[] = [
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
