/** The container of a proxy, for sidecars and gateways: image, arguments, and the environment for its agent. Pure. */
import type { Container, EnvVar } from '../../client/kinds.ts';
import { REGISTRY } from './charts/parts.ts';

export interface ProxySettings {
  readonly role: 'sidecar' | 'router';
  /** The name of the control plane, e.g. `basic`. */
  readonly mesh: string;
  readonly meshNamespace: string;
  readonly imageTag: string;
  readonly namespace: string;
  readonly workload: string;
  readonly app: string;
  readonly revision: string;
  /** The path of the workload in the API, e.g. `apis/apps/v1/namespaces/x/deployments/y`. */
  readonly owner: string;
  readonly interception?: 'REDIRECT';
  readonly ports?: unknown;
  readonly user?: number;
}

export const STATUS_PORT = 15021;

export function proxyContainer(settings: ProxySettings): Container {
  const { role, imageTag, user } = settings;
  return {
    name: 'istio-proxy',
    image: `${REGISTRY}/proxyv2-rhel8:${imageTag}`,
    imagePullPolicy: 'Always',
    args: argsOf(settings),
    env: envOf(settings),
    ports:
      role === 'sidecar'
        ? [{ name: 'http-envoy-prom', containerPort: 15090, protocol: 'TCP' }]
        : [STATUS_PORT, 8080, 8443, 15443].map((containerPort) => ({ containerPort, protocol: 'TCP' })),
    readinessProbe: {
      httpGet: { path: '/healthz/ready', port: STATUS_PORT, scheme: 'HTTP' },
      failureThreshold: 30,
      initialDelaySeconds: 1,
      periodSeconds: 2,
      timeoutSeconds: 1,
    },
    resources: { requests: { cpu: '10m', memory: '128Mi' } },
    ...(user === undefined
      ? {}
      : {
          securityContext: {
            runAsUser: user,
            runAsGroup: user,
            runAsNonRoot: true,
            allowPrivilegeEscalation: false,
            readOnlyRootFilesystem: true,
          },
        }),
    volumeMounts: [
      { mountPath: '/var/run/secrets/istio', name: 'istiod-ca-cert' },
      { mountPath: '/var/lib/istio/data', name: 'istio-data' },
      { mountPath: '/etc/istio/proxy', name: 'istio-envoy' },
      { mountPath: '/etc/istio/pod', name: 'istio-podinfo' },
    ],
  };
}

function argsOf({ role, mesh, meshNamespace, app, namespace }: ProxySettings): string[] {
  return [
    'proxy',
    role,
    '--domain',
    '$(POD_NAMESPACE).svc.cluster.local',
    '--serviceCluster',
    role === 'router' ? app : `${app}.${namespace}`,
    '--proxyLogLevel=warning',
    '--proxyComponentLogLevel=misc:error',
    '--trust-domain=cluster.local',
    '--concurrency',
    '2',
    `--discoveryAddress=istiod-${mesh}.${meshNamespace}.svc:15012`,
  ];
}

function envOf(settings: ProxySettings): EnvVar[] {
  const { role, mesh, meshNamespace, workload, app, revision, owner, interception, ports } = settings;
  const field = (name: string, fieldPath: string): EnvVar => ({
    name,
    valueFrom: { fieldRef: { apiVersion: 'v1', fieldPath } },
  });
  return [
    { name: 'JWT_POLICY', value: 'first-party-jwt' },
    { name: 'PILOT_CERT_PROVIDER', value: 'istiod' },
    { name: 'CA_ADDR', value: `istiod-${mesh}.${meshNamespace}.svc:15012` },
    field('POD_NAME', 'metadata.name'),
    field('POD_NAMESPACE', 'metadata.namespace'),
    field('INSTANCE_IP', 'status.podIP'),
    field('SERVICE_ACCOUNT', 'spec.serviceAccountName'),
    field('HOST_IP', 'status.hostIP'),
    field('CANONICAL_SERVICE', "metadata.labels['service.istio.io/canonical-name']"),
    field('CANONICAL_REVISION', "metadata.labels['service.istio.io/canonical-revision']"),
    { name: 'ISTIO_META_CLUSTER_ID', value: 'Kubernetes' },
    { name: 'ISTIO_META_MESH_ID', value: 'cluster.local' },
    { name: 'ISTIO_META_WORKLOAD_NAME', value: workload },
    { name: 'ISTIO_META_OWNER', value: `kubernetes://${owner}` },
    { name: 'ISTIO_META_REVISION', value: revision },
    { name: 'ISTIO_META_APP', value: app },
    ...(interception === undefined ? [] : [{ name: 'ISTIO_META_INTERCEPTION_MODE', value: interception }]),
    ...(ports === undefined ? [] : [{ name: 'ISTIO_META_POD_PORTS', value: JSON.stringify(ports) }]),
    ...(role === 'router' ? [{ name: 'ISTIO_META_ROUTER_MODE', value: 'standard' }] : []),
  ];
}

/** The volumes that a proxy mounts. With first-party tokens there is no `istio-token`. */
export function proxyVolumes(): { name: string; [field: string]: unknown }[] {
  const item = (path: string): object => ({ path, fieldRef: { apiVersion: 'v1', fieldPath: `metadata.${path}` } });
  return [
    { name: 'istio-envoy', emptyDir: { medium: 'Memory' } },
    { name: 'istio-data', emptyDir: {} },
    { name: 'istio-podinfo', downwardAPI: { items: [item('labels'), item('annotations')] } },
    // The control plane writes this into member namespaces. Optional, so that a pod in a new member need not wait for it.
    { name: 'istiod-ca-cert', configMap: { name: 'istio-ca-root-cert', optional: true } },
  ];
}
