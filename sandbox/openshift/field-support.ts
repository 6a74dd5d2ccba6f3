/**
 * Which fields in the kinds of OpenShift and its operators have an effect here. Their annotations on Kubernetes' kinds:
 * `key-support.ts`. Tables of kinds that a folder implements are in that folder. Move a path to `supported` when something acts on it.
 */
import { type FieldSupport, type KindSupport, withoutEffect } from '../fields/support.ts';
import { NO_BUILDS } from './apis/builds.ts';
import { APPS_FIELDS } from './apps/field-support.ts';
import { IMAGE_FIELDS } from './images/field-support.ts';
import { KUBERNETES_KEYS } from './key-support.ts';
import { KIALI_FIELDS } from './kiali/field-support.ts';
import { OLM_FIELDS } from './olm/field-support.ts';
import { ROUTE_FIELDS } from './routes-fields.ts';
import { SAIL_FIELDS } from './sail/field-support.ts';
import { SECURITY_FIELDS } from './security/field-support.ts';
import { INJECTION_FIELDS, SERVICE_MESH_FIELDS } from './servicemesh/field-support.ts';

const NO_METRICS = 'nothing collects metrics in the sandbox';
const STAND_IN = 'its operator is a stand-in in the sandbox';
const FIXED: FieldSupport = {
  supported: [],
  unsupported: { spec: 'the sandbox is set up by its release' },
};

export const OPENSHIFT_FIELDS: readonly KindSupport[] = [
  ...SAIL_FIELDS,
  ...ROUTE_FIELDS,
  ...SERVICE_MESH_FIELDS,
  ...OLM_FIELDS,
  ...APPS_FIELDS,
  ...IMAGE_FIELDS,
  ...SECURITY_FIELDS,
  ...KIALI_FIELDS,
  { group: 'build.openshift.io', kind: 'BuildConfig', plural: 'buildconfigs', support: withoutEffect(NO_BUILDS) },
  { group: 'build.openshift.io', kind: 'Build', plural: 'builds', support: withoutEffect(NO_BUILDS) },
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
  ...KUBERNETES_KEYS,
  ...INJECTION_FIELDS,
];
