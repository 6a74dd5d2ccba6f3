/** Prometheus, Grafana, Jaeger and Kiali. Their programs are placeholders: the sandbox stores no metrics or traces. Pure. */
import type { AnyObject, Container } from '../../../client/kinds.ts';
import { proxyContainer, proxyVolumes } from '../proxy.ts';
import {
  type Chart,
  configMap,
  deployment,
  networkPolicy,
  OAUTH_PROXY,
  peerAuthentication,
  port,
  REGISTRY,
  route,
  service,
  serviceAccount,
} from './parts.ts';

const REENCRYPT = { termination: 'reencrypt', redirect: true };

function container(name: string, image: string, ...ports: number[]): Container {
  return {
    name,
    image,
    imagePullPolicy: 'Always',
    ports: ports.map((containerPort) => ({ containerPort, protocol: 'TCP' })),
  };
}

/** Lets routers and members reach an add-on through its OAuth proxy. */
function open(name: string, labels: Record<string, string>): AnyObject {
  return networkPolicy(`istio-${name}-ingress`, labels, [{}]);
}

export function prometheus({ mesh, namespace, figures }: Chart): AnyObject[] {
  const selector = { app: 'prometheus' };
  const containers = [
    container('prometheus-proxy', OAUTH_PROXY, 3001),
    container('prometheus', `${REGISTRY}/prometheus-rhel8:${figures.imageTag}`, 9090),
  ];
  if (figures.prometheusProxy) {
    const { readinessProbe: _, ...proxy } = proxyContainer({
      role: 'sidecar',
      mesh,
      meshNamespace: namespace,
      imageTag: figures.imageTag,
      namespace,
      workload: 'prometheus',
      app: 'istio-proxy-prometheus',
      revision: mesh,
      owner: `apis/apps/v1/namespaces/${namespace}/deployments/prometheus`,
    });
    containers.push(proxy);
  }
  return [
    serviceAccount('prometheus'),
    configMap('prometheus', { 'prometheus.yml': 'global: {}\n' }),
    deployment('prometheus', { ...selector, 'maistra-control-plane': namespace }, 'prometheus', containers, {
      selector,
      volumes: proxyVolumes(),
    }),
    service('prometheus', selector, [port('https-prometheus', 9090, 3001)]),
    route('prometheus', 'prometheus', REENCRYPT),
    open('prometheus', selector),
  ];
}

export function grafana({ namespace, figures }: Chart): AnyObject[] {
  const selector = { app: 'grafana' };
  const containers = [
    container('grafana-proxy', OAUTH_PROXY, 3001),
    container('grafana', `${REGISTRY}/grafana-rhel8:${figures.imageTag}`, 3000),
  ];
  return [
    serviceAccount('grafana'),
    deployment('grafana', { ...selector, 'maistra-control-plane': namespace }, 'grafana', containers, { selector }),
    service('grafana', selector, [port('https-grafana', 3000, 3001)]),
    route('grafana', 'grafana', REENCRYPT),
    peerAuthentication('grafana-ports-mtls-disabled', {
      selector: { matchLabels: selector },
      mtls: { mode: 'PERMISSIVE' },
      portLevelMtls: { 3001: { mode: 'DISABLE' } },
    }),
    open('grafana', selector),
  ];
}

/** The Jaeger resource of the mesh operator, and the objects that the Jaeger operator creates for it. */
export function jaeger(): AnyObject[] {
  const name = 'jaeger';
  const selector = { app: 'jaeger', 'app.kubernetes.io/component': 'all-in-one', 'app.kubernetes.io/instance': name };
  const labels = {
    ...selector,
    'app.kubernetes.io/name': name,
    'app.kubernetes.io/part-of': 'jaeger',
    'app.kubernetes.io/managed-by': 'jaeger-operator',
  };
  const image = 'registry.redhat.io/distributed-tracing/jaeger-all-in-one-rhel8:1.24.1';
  const collector = [
    port('http-zipkin', 9411),
    port('grpc-http', 14250),
    port('c-tchan-trft', 14267),
    port('http-c-binary-trft', 14268),
  ];
  const agent = [
    port('zk-compact-trft', 5775, 5775, 'UDP'),
    port('config-rest', 5778),
    port('jg-compact-trft', 6831, 6831, 'UDP'),
    port('jg-binary-trft', 6832, 6832, 'UDP'),
  ];
  return [
    {
      apiVersion: 'jaegertracing.io/v1',
      kind: 'Jaeger',
      metadata: { name },
      spec: { strategy: 'all-in-one', storage: { type: 'memory' }, ingress: { enabled: true } },
    },
    serviceAccount(name),
    deployment(
      name,
      labels,
      name,
      [container('jaeger', image, 16686, 14268), container('oauth-proxy', OAUTH_PROXY, 8443)],
      { selector },
    ),
    service('jaeger-agent', selector, agent, { headless: true }),
    service('jaeger-collector', selector, collector),
    service('jaeger-collector-headless', selector, collector, { headless: true }),
    service('jaeger-query', selector, [port('https-query', 443, 8443)]),
    service('zipkin', selector, [port('jaeger-collector-zipkin', 9411)]),
    route(name, 'jaeger-query', { termination: 'reencrypt', redirect: false }),
    peerAuthentication('disable-mtls-jaeger-collector', {
      selector: { matchLabels: { app: 'jaeger' } },
      mtls: { mode: 'PERMISSIVE' },
      portLevelMtls: { 14250: { mode: 'DISABLE' } },
    }),
    open(name, { app: 'jaeger' }),
  ];
}

/** The Kiali resource of the mesh operator, and the objects that the Kiali operator creates for it. */
export function kiali({ figures }: Chart): AnyObject[] {
  const name = 'kiali';
  const labels = {
    app: name,
    'app.kubernetes.io/name': name,
    'app.kubernetes.io/instance': name,
    version: figures.imageTag,
  };
  const selector = { app: name };
  return [
    {
      apiVersion: 'kiali.io/v1alpha1',
      kind: 'Kiali',
      metadata: { name },
      spec: { auth: { strategy: 'openshift' }, deployment: { accessible_namespaces: [] } },
    },
    serviceAccount('kiali-service-account'),
    configMap(name, { 'config.yaml': 'auth:\n  strategy: openshift\n' }),
    deployment(
      name,
      labels,
      'kiali-service-account',
      [container(name, `${REGISTRY}/kiali-rhel8:1.24.8`, 20001, 9090)],
      { selector },
    ),
    service(name, selector, [port('tcp', 20001), port('tcp-metrics', 9090)]),
    route(name, name, REENCRYPT),
    open(name, selector),
  ];
}
