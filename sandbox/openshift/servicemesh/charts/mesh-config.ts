/** Mesh-wide settings from a control plane's spec: istiod's configuration, and mutual TLS for all workloads. Pure. */
import type { AnyObject } from '../../../client/kinds.ts';
import { type Chart, configMap, destinationRule, peerAuthentication } from './parts.ts';

export function meshConfig(chart: Chart): AnyObject[] {
  const strict = chart.plane.spec.security?.dataPlane?.mtls === true;
  return [
    configMap(`istio-${chart.mesh}`, { mesh: settings(chart), meshNetworks: 'networks: {}' }),
    peerAuthentication('default', { mtls: { mode: strict ? 'STRICT' : 'PERMISSIVE' } }),
    ...(strict ? MUTUAL_CLIENTS : []),
  ];
}

/** Clients use mutual TLS for all hosts except the API server, which has no proxy (chart enable-mesh-mtls). */
const MUTUAL_CLIENTS: readonly AnyObject[] = [
  destinationRule('default', '*.local', 'ISTIO_MUTUAL'),
  destinationRule('api-server', 'kubernetes.default.svc.cluster.local', 'DISABLE'),
];

/** The settings in YAML. Values are written as JSON, because a log format may contain quotes and line breaks. */
function settings({ mesh, namespace, plane: { spec } }: Chart): string {
  const file = spec.proxy?.accessLogging?.file;
  const policy = spec.proxy?.networking?.trafficControl?.outbound?.policy;
  const timeout = spec.proxy?.networking?.protocol?.autoDetect?.timeout ?? '';
  const selectors = spec.meshConfig?.discoverySelectors ?? [];
  const values = {
    accessLogFile: file?.name ?? '',
    accessLogFormat: file?.format ?? '',
    accessLogEncoding: file?.encoding === 'JSON' ? 'JSON' : 'TEXT',
    enableAutoMtls: spec.security?.dataPlane?.automtls !== false,
    rootNamespace: namespace,
    trustDomain: 'cluster.local',
    outboundTrafficPolicy: { mode: policy === 'REGISTRY_ONLY' ? 'REGISTRY_ONLY' : 'ALLOW_ANY' },
    ...(timeout === '' ? {} : { protocolDetectionTimeout: timeout }),
    ...(selectors.length === 0 ? {} : { discoverySelectors: selectors }),
    defaultConfig: { discoveryAddress: `istiod-${mesh}.${namespace}.svc:15012` },
  };
  return Object.entries(values)
    .map(([key, value]) => `${key}: ${JSON.stringify(value)}\n`)
    .join('');
}
