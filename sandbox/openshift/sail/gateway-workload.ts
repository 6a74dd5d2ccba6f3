/** The objects that istiod creates for a Gateway: ServiceAccount, Deployment, Service (template `kube-gateway`). Pure. */
import { type AnyObject, DEPLOYMENTS, type Labels, type Pod, SERVICES, type ServicePort } from '../../client/kinds.ts';
import { GATEWAY_NAME_LABEL, KUBE_GATEWAYS, type KubeGateway, workloadName } from '../../mesh/model/gateway-api.ts';
import { PROXY } from '../servicemesh/overlay.ts';
import type { Installation } from './installation.ts';
import { proxy, READY, UNPRIVILEGED_PORTS, volumes } from './template.ts';

const CLASS_LABEL = 'gateway.networking.k8s.io/gateway-class-name';
const MANAGED_LABEL = 'gateway.istio.io/managed';
const SERVICE_TYPE = 'networking.istio.io/service-type';
const OWN_ANNOTATIONS = [
  'kubectl.kubernetes.io/last-applied-configuration',
  'gateway.istio.io/name-override',
  'gateway.istio.io/service-account',
  'gateway.istio.io/controller-version',
];
/** The user for the environment of the proxy. The container itself sets no user. */
const USER = 1337;

export function gatewayWorkload(gateway: KubeGateway, installation: Installation): readonly AnyObject[] {
  const name = workloadName(gateway);
  const common = commonMetadata(gateway);
  const account = { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { ...common, name: accountOf(gateway) } };
  const labels: Labels = { ...common.labels, [MANAGED_LABEL]: 'istio.io-gateway-controller' };
  return [
    account,
    {
      apiVersion: DEPLOYMENTS.apiVersion,
      kind: DEPLOYMENTS.kind,
      metadata: { ...common, name, labels },
      spec: {
        selector: { matchLabels: { [GATEWAY_NAME_LABEL]: gateway.metadata.name } },
        template: template(gateway, labels, common.annotations, installation),
      },
    },
    {
      apiVersion: SERVICES.apiVersion,
      kind: SERVICES.kind,
      metadata: { ...common, name },
      spec: {
        type: gateway.metadata.annotations?.[SERVICE_TYPE] ?? common.annotations[SERVICE_TYPE] ?? 'LoadBalancer',
        selector: { [GATEWAY_NAME_LABEL]: gateway.metadata.name },
        ports: portsOf(gateway),
      },
    },
  ];
}

function commonMetadata({ apiVersion, metadata, spec }: KubeGateway) {
  const { name, namespace = '', uid = '' } = metadata;
  const { infrastructure } = spec;
  const annotations = Object.entries(infrastructure?.annotations ?? metadata.annotations ?? {});
  return {
    namespace,
    labels: {
      ...(infrastructure?.labels ?? metadata.labels),
      [GATEWAY_NAME_LABEL]: name,
      [CLASS_LABEL]: spec.gatewayClassName,
    },
    annotations: Object.fromEntries(annotations.filter(([key]) => !OWN_ANNOTATIONS.includes(key))),
    ownerReferences: [{ apiVersion, kind: KUBE_GATEWAYS.kind, name, uid }],
  };
}

function accountOf(gateway: KubeGateway): string {
  return gateway.metadata.annotations?.['gateway.istio.io/service-account'] ?? workloadName(gateway);
}

/** The template of Gateways has probes of its own. */
const PROBES = {
  startupProbe: { httpGet: READY, initialDelaySeconds: 1, failureThreshold: 30, periodSeconds: 1, timeoutSeconds: 1 },
  readinessProbe: { httpGet: READY, failureThreshold: 4, periodSeconds: 15, timeoutSeconds: 1 },
};

function template(gateway: KubeGateway, labels: Labels, annotations: Labels, installation: Installation): object {
  const { namespace = '' } = gateway.metadata;
  const name = workloadName(gateway);
  const metadata = {
    labels: {
      'sidecar.istio.io/inject': 'false',
      'service.istio.io/canonical-name': name,
      'service.istio.io/canonical-revision': 'latest',
      ...labels,
    },
    annotations: {
      ...annotations,
      'istio.io/rev': installation.revision,
      'prometheus.io/path': '/stats/prometheus',
      'prometheus.io/port': '15020',
      'prometheus.io/scrape': 'true',
    },
  };
  const pod: Pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { ...metadata, name, namespace },
    spec: { containers: [] },
  };
  const owner = `kubernetes://apis/apps/v1/namespaces/${namespace}/deployments/${name}`;
  const container = proxy(pod, namespace, 'router', USER, installation);
  // On OpenShift, istiod uses a user from the namespace's range. The security context constraint assigns the same one.
  const { runAsUser: _user, runAsGroup: _group, ...securityContext } = container.securityContext ?? {};
  const env = (container.env ?? []).map((one) => (one.name === 'ISTIO_META_OWNER' ? { ...one, value: owner } : one));
  const ports = [
    { name: 'metrics', containerPort: 15020, protocol: 'TCP' },
    { name: 'status-port', containerPort: 15021, protocol: 'TCP' },
    { name: 'http-envoy-prom', containerPort: 15090, protocol: 'TCP' },
  ];
  return {
    metadata,
    spec: {
      serviceAccountName: accountOf(gateway),
      containers: [{ ...container, name: PROXY, env, ports, securityContext, ...PROBES }],
      volumes: volumes('router', installation),
      securityContext: { sysctls: [UNPRIVILEGED_PORTS] },
    },
  };
}

/** One Service port for each port of the listeners, with the name of its first listener. */
function portsOf({ spec }: KubeGateway): readonly ServicePort[] {
  const byPort = new Map<number, ServicePort>();
  for (const { name, port, protocol } of spec.listeners)
    if (!byPort.has(port))
      byPort.set(port, { name: portName(name), port, protocol: 'TCP', appProtocol: protocol.toLowerCase() });
  return [{ name: 'status-port', port: 15021, protocol: 'TCP', appProtocol: 'tcp' }, ...byPort.values()];
}

/** Converts a listener's name, which may contain dots and be longer than the name of a port. */
function portName(listener: string): string {
  return listener.replaceAll('.', '-').slice(0, 63).replace(/-+$/, '');
}
