/** Nothing is accepted and then ignored: annotations and labels that labs set act, or are told. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { BUILTIN_KINDS } from '../api/registry/kinds/index.ts';
import { merged } from '../fields/support.ts';
import { unsupportedFields } from '../fields/unsupported.ts';
import { MESH_FIELDS } from '../mesh/kinds/index.ts';
import { OPENSHIFT_FIELDS } from './field-support.ts';
import { ANNOTATIONS as ROUTER } from './router-annotations.ts';

/** The router's own table. */
const OF_ROUTER = new Set<string>(Object.values(ROUTER));
const SANDBOX = join(import.meta.dirname, '..');
const TABLES = [
  ...BUILTIN_KINDS.flatMap(({ kind, fields }) => (fields === undefined ? [] : [{ kind, support: fields }])),
  ...OPENSHIFT_FIELDS,
  ...MESH_FIELDS,
];

/** Keys without effect here, by kind. Real clusters act on each of them. */
const TOLD: Readonly<
  Record<string, { readonly annotations?: readonly string[]; readonly labels?: readonly string[] }>
> = {
  Pod: {
    annotations: [
      'sidecar.istio.io/proxyCPU',
      'sidecar.istio.io/proxyMemory',
      'sidecar.istio.io/rewriteAppHTTPProbers',
      'sidecar.istio.io/logLevel',
      'sidecar.maistra.io/proxyEnv',
      'proxy.istio.io/config',
      'traffic.sidecar.istio.io/includeInboundPorts',
      'traffic.sidecar.istio.io/excludeOutboundPorts',
      'traffic.sidecar.istio.io/includeOutboundIPRanges',
      'inject.istio.io/templates',
      'k8s.v1.cni.cncf.io/networks',
      'instrumentation.opentelemetry.io/inject-java',
      'kubernetes.io/ingress-bandwidth',
      'cluster-autoscaler.kubernetes.io/safe-to-evict',
      'container.apparmor.security.beta.kubernetes.io/main',
      'seccomp.security.alpha.kubernetes.io/pod',
      'io.kubernetes.cri-o.userns-mode',
    ],
    labels: ['istio.io/use-waypoint'],
  },
  Deployment: { annotations: ['image.openshift.io/triggers', 'sidecar.jaegertracing.io/inject'] },
  StatefulSet: { annotations: ['image.openshift.io/triggers', 'sidecar.opentelemetry.io/inject'] },
  DeploymentConfig: { annotations: ['sidecar.jaegertracing.io/inject'] },
  Service: {
    annotations: [
      'service.beta.openshift.io/serving-cert-secret-name',
      'service.beta.kubernetes.io/aws-load-balancer-type',
      'service.kubernetes.io/topology-mode',
      'service.alpha.kubernetes.io/tolerate-unready-endpoints',
      'metallb.universe.tf/address-pool',
      'cloud.google.com/neg',
      'networking.istio.io/exportTo',
      'networking.istio.io/traffic-distribution',
    ],
    labels: ['service.kubernetes.io/service-proxy-name', 'networking.istio.io/gatewayPort', 'istio.io/use-waypoint'],
  },
  Namespace: {
    annotations: [
      'openshift.io/node-selector',
      'openshift.io/sa.scc.uid-range',
      'workload.openshift.io/allowed',
      'scheduler.alpha.kubernetes.io/node-selector',
      'topology.istio.io/controlPlaneClusters',
    ],
    labels: [
      'istio.io/dataplane-mode',
      'pod-security.kubernetes.io/enforce',
      'openshift.io/cluster-monitoring',
      'security.openshift.io/scc.podSecurityLabelSync',
      'topology.istio.io/network',
    ],
  },
  ConfigMap: {
    annotations: ['service.beta.openshift.io/inject-cabundle'],
    labels: ['config.openshift.io/inject-trusted-cabundle'],
  },
  ServiceAccount: { annotations: ['serviceaccounts.openshift.io/oauth-redirectreference.main'] },
  HorizontalPodAutoscaler: { annotations: ['autoscaling.alpha.kubernetes.io/metrics'] },
  PersistentVolumeClaim: { annotations: ['volume.beta.kubernetes.io/storage-class'] },
  Route: {
    annotations: [
      'haproxy.router.openshift.io/rate-limit-connections',
      'haproxy.router.openshift.io/ip_whitelist',
      'haproxy.router.openshift.io/set-forwarded-headers',
      'haproxy.router.openshift.io/pod-concurrent-connections',
      'router.openshift.io/haproxy.health.check.interval',
    ],
  },
  Gateway: { annotations: ['networking.istio.io/service-account'] },
};

/** Keys that act, by kind: a part of the sandbox reads each by its name. */
const ACTING: Readonly<Record<string, readonly string[]>> = {
  Pod: [
    'sidecar.istio.io/inject',
    'openshift.io/required-scc',
    'controller.kubernetes.io/pod-deletion-cost',
    'prometheus.io/scrape',
  ],
  Deployment: ['deployment.kubernetes.io/revision'],
  Namespace: ['istio-injection', 'istio.io/rev', 'openshift.io/display-name', 'openshift.io/requester'],
  Route: [
    'haproxy.router.openshift.io/timeout',
    'haproxy.router.openshift.io/disable_cookies',
    'haproxy.router.openshift.io/balance',
    'haproxy.router.openshift.io/rewrite-target',
    'haproxy.router.openshift.io/hsts_header',
    'router.openshift.io/cookie_name',
  ],
  Gateway: ['maistra.io/manageRoute', 'gateway.istio.io/name-override', 'networking.istio.io/service-type'],
};

function told(kind: string, field: 'annotations' | 'labels', key: string): boolean {
  const support = merged(...TABLES.filter((table) => table.kind === kind).map((table) => table.support));
  const object = { metadata: { [field]: { [key]: 'x' } } };
  return unsupportedFields({ kind, support, object, old: undefined }).length > 0;
}

for (const [kind, { annotations = [], labels = [] }] of Object.entries(TOLD)) {
  test(`${kind}: annotations and labels without effect are reported`, () => {
    assert.deepEqual(
      annotations.filter((key) => !told(kind, 'annotations', key)),
      [],
    );
    assert.deepEqual(
      labels.filter((key) => !told(kind, 'labels', key)),
      [],
    );
  });
}

test('annotations that are not reported are read by a part of the sandbox', () => {
  const sources = readdirSync(SANDBOX, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts') && !file.endsWith('-support.ts'))
    .map((file) => readFileSync(join(SANDBOX, file), 'utf8'))
    .join('\n');
  for (const [kind, keys] of Object.entries(ACTING)) {
    assert.deepEqual(
      keys.filter((key) => told(kind, 'annotations', key) || !(sources.includes(key) || OF_ROUTER.has(key))),
      [],
      kind,
    );
  }
});
