import type { AuthorizationPolicy } from '../model/authorization-policy.ts';
import { meshOf, type World } from '../model/push-context.ts';
import type { GatewayServer, HttpRoute, Pod, TcpRoute, TrafficPolicy } from '../model/virtual-service.ts';
import type { Secret } from '../translate/credentials.ts';
import type { App } from './app.ts';

export interface Orchard {
  readonly apps: readonly App[];
  /** Of the gateway. */
  readonly port: number;
  readonly routes: readonly HttpRoute[];
  readonly policy: TrafficPolicy;
  readonly allowed?: readonly AuthorizationPolicy[];
  /** Beside the one for HTTP. */
  readonly servers?: readonly GatewayServer[];
  readonly secrets?: readonly Secret[];
  readonly tls?: readonly TcpRoute[];
  readonly tcp?: readonly TcpRoute[];
}

/** Two subsets with apps, one without, and one route list under test. */
export function orchard({
  apps,
  port,
  routes,
  policy,
  allowed = [],
  servers = [],
  secrets = [],
  tls,
  tcp,
}: Orchard): World {
  const metadata = (name: string, labels = {}) => ({ name, namespace: 'orchard', labels });
  const pod = (name: string, labels: Record<string, string>): Pod => ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: metadata(name, labels),
    spec: { containers: [] },
  });
  const rule = { apiVersion: 'networking.istio.io/v1beta1' };
  return meshOf({
    root: 'orchard',
    namespaces: [],
    services: [
      {
        apiVersion: 'v1',
        kind: 'Service',
        metadata: metadata('fruit'),
        spec: { clusterIP: '10.9.9.9', ports: [{ name: 'http-stall', port: 8111 }] },
      },
    ],
    endpoints: [
      {
        apiVersion: 'v1',
        kind: 'Endpoints',
        metadata: metadata('fruit'),
        subsets: apps.map((app) => ({
          addresses: [{ ip: '127.0.0.1', targetRef: { name: app.name } }],
          ports: [{ name: 'http-stall', port: app.port }],
        })),
      },
    ],
    pods: [pod('gate', { gate: 'north' }), ...apps.map(({ name, version }) => pod(name, { state: version }))],
    gateways: [
      {
        ...rule,
        kind: 'Gateway',
        metadata: metadata('north'),
        spec: {
          selector: { gate: 'north' },
          servers: [{ port: { number: port, name: 'http', protocol: 'HTTP' }, hosts: ['*'] }, ...servers],
        },
      },
    ],
    virtualServices: [
      {
        ...rule,
        kind: 'VirtualService',
        metadata: metadata('stall'),
        spec: {
          hosts: ['*'],
          gateways: ['north'],
          http: routes,
          ...(tls === undefined ? {} : { tls }),
          ...(tcp === undefined ? {} : { tcp }),
        },
      },
    ],
    destinationRules: [
      {
        ...rule,
        kind: 'DestinationRule',
        metadata: metadata('fruit'),
        spec: {
          host: 'fruit',
          ...(Object.keys(policy).length === 0 ? {} : { trafficPolicy: policy }),
          subsets: ['ripe', 'green', 'rotten'].map((name) => ({ name, labels: { state: name } })),
        },
      },
    ],
    peerAuthentications: [],
    authorizationPolicies: allowed,
    serviceEntries: [],
    sidecars: [],
    secrets,
  });
}
