/** istiod, and the cacher of extensions for the proxies. Pure. */
import type { AnyObject, EnvVar } from '../../../client/kinds.ts';
import type { ControlPlane } from '../../kinds.ts';
import { type Chart, configMap, deployment, networkPolicy, port, REGISTRY, service, serviceAccount } from './parts.ts';

export function discovery({ mesh, namespace, figures, plane }: Chart): AnyObject[] {
  const name = `istiod-${mesh}`;
  const selector = { app: 'istiod', 'istio.io/rev': mesh };
  const ports = [8080, 15010, 15012, 15017, 15014].map((containerPort) => ({ containerPort, protocol: 'TCP' }));
  const container = {
    name: 'discovery',
    image: `${REGISTRY}/pilot-rhel8:${figures.imageTag}`,
    args: [
      'discovery',
      '--monitoringAddr=:15014',
      '--log_output_level=default:warn',
      '--domain',
      'cluster.local',
      '--keepaliveMaxServerConnectionAge',
      '30m',
    ],
    ports,
    env: [{ name: 'REVISION', value: mesh }, { name: 'POD_NAMESPACE', value: namespace }, ...protocolDetection(plane)],
  };
  return [
    serviceAccount(`istiod-service-account-${mesh}`),
    deployment(
      name,
      { ...selector, istio: 'pilot', 'maistra-control-plane': namespace },
      `istiod-service-account-${mesh}`,
      [container],
      { selector },
    ),
    service(name, selector, [
      port('grpc-xds', 15010),
      port('https-dns', 15012),
      port('https-webhook', 443, 15017),
      port('http-monitoring', 15014),
      port('dns-tls', 853, 15053),
    ]),
    configMap(`istio-sidecar-injector-${mesh}`, { config: 'policy: disabled\n' }),
    // istiod accepts connections from anywhere, because the API server calls its webhooks.
    networkPolicy(`istio-istiod-${mesh}`, selector, [{}]),
  ];
}

/** Protocol detection is on by default in Istio, and off in Service Mesh (smcp-templates/v2.x/base). */
function protocolDetection({ spec }: ControlPlane): EnvVar[] {
  const { outbound = false, inbound = false } = spec.proxy?.networking?.protocol?.autoDetect ?? {};
  const name = 'PILOT_ENABLE_PROTOCOL_SNIFFING_FOR';
  return [
    { name: `${name}_OUTBOUND`, value: String(outbound) },
    { name: `${name}_INBOUND`, value: String(inbound) },
  ];
}

/** Fetches extensions for the proxies. Since 2.1. */
export function wasmCacher({ mesh, namespace, figures }: Chart): AnyObject[] {
  const name = `wasm-cacher-${mesh}`;
  const selector = { app: 'wasm-cacher', 'istio.io/rev': mesh };
  const container = { name: 'wasm-cacher', image: `${REGISTRY}/pilot-rhel8:${figures.imageTag}` };
  return [
    serviceAccount(`wasm-cacher-service-account-${mesh}`),
    deployment(
      name,
      { ...selector, 'maistra-control-plane': namespace },
      `wasm-cacher-service-account-${mesh}`,
      [container],
      { selector },
    ),
  ];
}
