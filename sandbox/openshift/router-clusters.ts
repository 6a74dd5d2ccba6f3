/** A Route's pods as one Envoy cluster, even with several Services, like the single HAProxy backend of a Route. Pure. */
import { socketAddress } from '../xds/address.ts';
import type { Message, Resource } from '../xds/encode.ts';
import type { Route } from './kinds.ts';
import { balanceOf } from './router-annotations.ts';

interface Address {
  readonly ip: string;
  readonly port: number;
}

/** The ready addresses of a Service. @param port as in the Route; by default the first port. */
export type AddressesOf = (namespace: string, service: string, port: string | number | undefined) => readonly Address[];

const EXTENSIONS = 'type.googleapis.com/envoy.extensions';
const ADS = { ads: {}, initial_fetch_timeout: '0s', resource_api_version: 'V3' };
const HTTP_OPTIONS = 'envoy.extensions.upstreams.http.v3.HttpProtocolOptions';
/** The maximum weight of a server in HAProxy. */
const LARGEST_WEIGHT = 256;

export function clusterName({ metadata }: Route): string {
  return `${metadata.namespace}|${metadata.name}`;
}

export function cluster(route: Route): Resource {
  return {
    '@type': 'type.googleapis.com/envoy.config.cluster.v3.Cluster',
    name: clusterName(route),
    type: 'EDS',
    eds_cluster_config: { eds_config: ADS },
    connect_timeout: '5s',
    lb_policy: balancing(route),
    common_lb_config: { update_merge_window: '0s' },
    typed_extension_protocol_options: {
      [HTTP_OPTIONS]: {
        '@type': `${EXTENSIONS}.upstreams.http.v3.HttpProtocolOptions`,
        explicit_http_config: { http_protocol_options: {} },
      },
    },
    ...(route.spec.tls?.termination === 'reencrypt' ? { transport_socket: tlsTo(route.spec.host ?? '') } : {}),
  };
}

/** The router's default: round robin with several Services, by source address for passthrough. */
function balancing(route: Route): string {
  const { tls, alternateBackends = [] } = route.spec;
  const balance = alternateBackends.length > 0 ? 'roundrobin' : balanceOf(route);
  switch (balance ?? (tls?.termination === 'passthrough' ? 'source' : 'leastconn')) {
    case 'source':
      return 'RING_HASH';
    case 'roundrobin':
      return 'ROUND_ROBIN';
    case 'random':
      return 'RANDOM';
    default:
      return 'LEAST_REQUEST';
  }
}

function tlsTo(host: string): Message {
  return {
    name: 'envoy.transport_sockets.tls',
    typed_config: { '@type': `${EXTENSIONS}.transport_sockets.tls.v3.UpstreamTlsContext`, sni: host },
  };
}

/** Divides a Service's weight among its pods. With weight 0 they get no requests. */
export function assignment(route: Route, addressesOf: AddressesOf): Resource {
  const { namespace = '' } = route.metadata;
  const backends = [route.spec.to, ...(route.spec.alternateBackends ?? [])]
    .map(({ name, weight = 100 }) => ({ weight, found: addressesOf(namespace, name, route.spec.port?.targetPort) }))
    .filter(({ weight, found }) => weight > 0 && found.length > 0);
  const largest = Math.max(...backends.map(({ weight, found }) => weight / found.length));
  const lb_endpoints = backends.flatMap(({ weight, found }) =>
    found.map(({ ip, port }) => ({
      endpoint: { address: socketAddress(ip, port) },
      load_balancing_weight: Math.max(1, Math.round((weight / found.length / largest) * LARGEST_WEIGHT)),
    })),
  );
  return {
    '@type': 'type.googleapis.com/envoy.config.endpoint.v3.ClusterLoadAssignment',
    cluster_name: clusterName(route),
    endpoints: lb_endpoints.length === 0 ? [] : [{ lb_endpoints }],
  };
}
