import type { KubeObject } from '../../client/client.ts';
import type { AuthorizationPolicy } from '../kinds/authorization-policy/types.ts';
import type { TrafficPolicy } from '../model/destination-rule.ts';
import type { GatewayServer } from '../model/gateway.ts';
import type { Pod, Secret } from '../model/kubernetes.ts';
import type { PushContext } from '../model/push-context.ts';
import type { HttpRoute, TcpRoute } from '../model/virtual-service.ts';
import type { App } from './app.ts';
import { pushOf } from './push.ts';

export interface Orchard {
  readonly apps: readonly App[];
  /** The port of the gateway. */
  readonly port: number;
  readonly routes: readonly HttpRoute[];
  readonly policy: TrafficPolicy;
  readonly allowed?: readonly AuthorizationPolicy[];
  /** Objects of other mesh kinds. */
  readonly objects?: readonly KubeObject[];
  /** Servers in addition to the one for HTTP. */
  readonly servers?: readonly GatewayServer[];
  readonly secrets?: readonly Secret[];
  /** The mesh configuration in YAML. */
  readonly settings?: string;
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
  objects = [],
  servers = [],
  secrets = [],
  settings = '',
  tls,
  tcp,
}: Orchard): PushContext {
  const metadata = (name: string, labels = {}) => ({ name, namespace: 'orchard', labels });
  const pod = (name: string, labels: Record<string, string>): Pod => ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: metadata(name, labels),
    spec: { containers: [] },
  });
  const rule = { apiVersion: 'networking.istio.io/v1beta1' };
  return pushOf('orchard', [
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: metadata('fruit'),
      spec: { clusterIP: '10.9.9.9', ports: [{ name: 'http-stall', port: 8111 }] },
    },
    {
      apiVersion: 'v1',
      kind: 'Endpoints',
      metadata: metadata('fruit'),
      subsets: apps.map((app) => ({
        addresses: [{ ip: '127.0.0.1', targetRef: { name: app.name } }],
        ports: [{ name: 'http-stall', port: app.port }],
      })),
    },
    { apiVersion: 'v1', kind: 'ConfigMap', metadata: metadata('istio'), ...{ data: { mesh: settings } } },
    pod('gate', { gate: 'north' }),
    ...apps.map(({ name, version }) => pod(name, { state: version })),
    {
      ...rule,
      kind: 'Gateway',
      metadata: metadata('north'),
      spec: {
        selector: { gate: 'north' },
        servers: [{ port: { number: port, name: 'http', protocol: 'HTTP' }, hosts: ['*'] }, ...servers],
      },
    },
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
    ...allowed,
    ...objects,
    ...secrets,
  ]);
}
