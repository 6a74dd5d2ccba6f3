/** Clusters: one for each Service port and each subset of it, with the destination rule's policy. */
import type { Message, Resource } from '../xds/encode.ts';
import type { DestinationRule, Pod, TrafficPolicy } from './kinds.ts';
import { outboundCluster, selects, serverName, spiffe } from './names.ts';
import { plainUpstreamTls, rawBuffer, upstreamTls } from './tls.ts';
import {
  type Address,
  addressesOf,
  destinationRuleOf,
  hasProxy,
  isHeadless,
  isHttp2,
  type MeshPort,
  meshPorts,
  type World,
} from './world.ts';

const TYPE = 'type.googleapis.com/envoy.config.cluster.v3.Cluster';
const ENDPOINTS = 'type.googleapis.com/envoy.config.endpoint.v3.ClusterLoadAssignment';
const HTTP_OPTIONS = 'type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions';
const NO_LIMIT = 4_294_967_295;
const ADS = { ads: {}, initial_fetch_timeout: '0s', resource_api_version: 'V3' };

/** Envoy's own limits (1024) are not Istio's, which has none. */
const UNLIMITED = {
  max_connections: NO_LIMIT,
  max_pending_requests: NO_LIMIT,
  max_requests: NO_LIMIT,
  max_retries: NO_LIMIT,
};

interface Target {
  readonly port: MeshPort;
  readonly subset: string;
  readonly policy: TrafficPolicy | undefined;
  readonly addresses: readonly Address[];
}

/** @param from the client's namespace, which decides which rules it sees. */
export function outboundClusters(
  world: World,
  from: string,
): { clusters: readonly Resource[]; endpoints: readonly Resource[] } {
  const targets = meshPorts(world).flatMap((port) => targetsOf(world, port, from));
  return { clusters: targets.map(clusterOf), endpoints: targets.map(assignmentOf) };
}

function targetsOf(world: World, port: MeshPort, from: string): readonly Target[] {
  const rule = destinationRuleOf(world, port.host, port.namespace, from);
  const addresses = addressesOf(world, port);
  const whole: Target = { port, subset: '', policy: policyFor(rule, undefined, port), addresses };
  const subsets = (rule?.spec.subsets ?? []).map((subset) => ({
    port,
    subset: subset.name,
    policy: policyFor(rule, subset.trafficPolicy, port),
    addresses: addresses.filter(({ pod }) => selects(subset.labels, pod?.metadata.labels)),
  }));
  return [whole, ...subsets];
}

/** A subset's policy replaces the rule's part by part; a port's settings replace the four traffic parts wholesale. */
export function policyFor(
  rule: DestinationRule | undefined,
  subset: TrafficPolicy | undefined,
  { port }: MeshPort,
): TrafficPolicy | undefined {
  const base = rule?.spec.trafficPolicy;
  if (base === undefined && subset === undefined) return undefined;
  const merged: TrafficPolicy = { ...base, ...subset };
  const level = merged.portLevelSettings?.find((settings) => settings.port?.number === port.port);
  return level ?? merged;
}

function clusterOf(target: Target): Resource {
  const { port, subset, policy } = target;
  const name = outboundCluster(port.port.port, subset, port.host);
  return {
    '@type': TYPE,
    name,
    connect_timeout: policy?.connectionPool?.tcp?.connectTimeout ?? '10s',
    circuit_breakers: { thresholds: [thresholds(policy)] },
    ...discovery(name, target),
    ...loadBalancing(target),
    ...outlier(policy),
    ...protocol(policy, port),
    ...security(target),
  };
}

/** A headless Service has no address to balance over: the client's choice of pod stands. */
function discovery(name: string, target: Target): Message {
  if (clientChooses(target)) return { type: 'ORIGINAL_DST' };
  return { type: 'EDS', eds_cluster_config: { eds_config: ADS, service_name: name } };
}

function clientChooses({ port, policy }: Target): boolean {
  return isHeadless(port) || policy?.loadBalancer?.simple === 'PASSTHROUGH';
}

const SIMPLE: Readonly<Record<string, string>> = {
  ROUND_ROBIN: 'ROUND_ROBIN',
  LEAST_CONN: 'LEAST_REQUEST',
  LEAST_REQUEST: 'LEAST_REQUEST',
  RANDOM: 'RANDOM',
};

function loadBalancing(target: Target): Message {
  const { policy } = target;
  const common = {
    common_lb_config: {
      update_merge_window: '0s',
      healthy_panic_threshold: { value: policy?.outlierDetection?.minHealthPercent ?? 0 },
    },
  };
  if (clientChooses(target)) return { lb_policy: 'CLUSTER_PROVIDED' };
  const hash = policy?.loadBalancer?.consistentHash;
  if (hash !== undefined)
    return {
      ...common,
      lb_policy: 'RING_HASH',
      ring_hash_lb_config: { minimum_ring_size: hash.minimumRingSize ?? 1_024 },
    };
  // Service Mesh 2.0 is Istio 1.6, whose default is to take turns.
  return { ...common, lb_policy: SIMPLE[policy?.loadBalancer?.simple ?? 'ROUND_ROBIN'] ?? 'ROUND_ROBIN' };
}

function thresholds(policy: TrafficPolicy | undefined): Message {
  const { tcp, http } = policy?.connectionPool ?? {};
  return {
    ...UNLIMITED,
    ...(tcp?.maxConnections === undefined ? {} : { max_connections: tcp.maxConnections }),
    ...(http?.http1MaxPendingRequests === undefined ? {} : { max_pending_requests: http.http1MaxPendingRequests }),
    ...(http?.http2MaxRequests === undefined ? {} : { max_requests: http.http2MaxRequests }),
    ...(http?.maxRetries === undefined ? {} : { max_retries: http.maxRetries }),
  };
}

function outlier(policy: TrafficPolicy | undefined): Message {
  const settings = policy?.outlierDetection;
  if (settings === undefined) return {};
  const errors = settings.consecutive5xxErrors ?? settings.consecutiveErrors;
  const gatewayErrors = settings.consecutiveGatewayErrors;
  return {
    outlier_detection: {
      enforcing_success_rate: 0,
      ...(errors === undefined ? {} : { consecutive_5xx: errors, enforcing_consecutive_5xx: errors > 0 ? 100 : 0 }),
      ...(gatewayErrors === undefined
        ? {}
        : {
            consecutive_gateway_failure: gatewayErrors,
            enforcing_consecutive_gateway_failure: gatewayErrors > 0 ? 100 : 0,
          }),
      ...(settings.interval === undefined ? {} : { interval: settings.interval }),
      ...(settings.baseEjectionTime === undefined ? {} : { base_ejection_time: settings.baseEjectionTime }),
      max_ejection_percent: settings.maxEjectionPercent ?? 10,
      // As Istio's proxies did before Envoy 1.28: the first ejection is always allowed.
      always_eject_one_host: true,
    },
  };
}

function protocol(policy: TrafficPolicy | undefined, { port }: MeshPort): Message {
  const http = policy?.connectionPool?.http;
  const options: Message = {
    '@type': HTTP_OPTIONS,
    common_http_protocol_options: {
      ...(http?.idleTimeout === undefined ? {} : { idle_timeout: http.idleTimeout }),
      ...(http?.maxRequestsPerConnection === undefined || http.maxRequestsPerConnection === 0
        ? {}
        : { max_requests_per_connection: http.maxRequestsPerConnection }),
    },
    explicit_http_config: isHttp2(port) ? { http2_protocol_options: {} } : { http_protocol_options: {} },
  };
  return { typed_extension_protocol_options: { 'envoy.extensions.upstreams.http.v3.HttpProtocolOptions': options } };
}

/** An explicit TLS mode holds for every address; without one each address says by its label whether it has a proxy. */
function security(target: Target): Message {
  const { port, subset, policy, addresses } = target;
  const sni = serverName(port.port.port, subset, port.host);
  const identities = identitiesOf(addresses.flatMap(({ pod }) => (pod === undefined ? [] : [pod])));
  switch (policy?.tls?.mode) {
    case 'DISABLE':
      return {};
    case 'ISTIO_MUTUAL':
      return { transport_socket: upstreamTls(policy.tls.sni ?? sni, policy.tls.subjectAltNames ?? identities) };
    case 'SIMPLE':
    case 'MUTUAL':
      return { transport_socket: plainUpstreamTls(policy.tls.sni ?? port.host) };
    default:
      // Where the client has chosen the address, nothing is known of it by itself: it is as all of the Service are.
      if (clientChooses(target)) {
        const all = addresses.length > 0 && addresses.every(({ pod }) => hasProxy(pod));
        return all ? { transport_socket: upstreamTls(sni, identities) } : {};
      }
      return {
        transport_socket_matches: [
          { name: 'tlsMode-istio', match: { tlsMode: 'istio' }, transport_socket: upstreamTls(sni, identities) },
          { name: 'tlsMode-disabled', match: {}, transport_socket: rawBuffer() },
        ],
      };
  }
}

function identitiesOf(pods: readonly Pod[]): readonly string[] {
  return [
    ...new Set(pods.map((pod) => spiffe(pod.metadata.namespace ?? '', pod.spec.serviceAccountName ?? 'default'))),
  ].sort();
}

function assignmentOf({ port, subset, addresses }: Target): Resource {
  const lb_endpoints = addresses.map(({ ip, port: number, pod }) => ({
    endpoint: { address: { socket_address: { address: ip, port_value: number } } },
    health_status: 'HEALTHY',
    load_balancing_weight: 1,
    ...(hasProxy(pod)
      ? { metadata: { filter_metadata: { 'envoy.transport_socket_match': { tlsMode: 'istio' } } } }
      : {}),
  }));
  return {
    '@type': ENDPOINTS,
    cluster_name: outboundCluster(port.port.port, subset, port.host),
    endpoints: lb_endpoints.length === 0 ? [] : [{ lb_endpoints }],
  };
}

/** Where traffic goes that no rule or Service knows: on to its own destination. */
export function passthroughCluster(name: string, source?: string): Resource {
  return {
    '@type': TYPE,
    name,
    type: 'ORIGINAL_DST',
    lb_policy: 'CLUSTER_PROVIDED',
    connect_timeout: '10s',
    circuit_breakers: { thresholds: [UNLIMITED] },
    ...(source === undefined ? {} : { upstream_bind_config: { source_address: { address: source, port_value: 0 } } }),
    typed_extension_protocol_options: {
      'envoy.extensions.upstreams.http.v3.HttpProtocolOptions': {
        '@type': HTTP_OPTIONS,
        common_http_protocol_options: { idle_timeout: '300s' },
        use_downstream_protocol_config: { http_protocol_options: {}, http2_protocol_options: {} },
      },
    },
  };
}

/** Where nothing may go. */
export function blackHoleCluster(): Resource {
  return { '@type': TYPE, name: 'BlackHoleCluster', type: 'STATIC', connect_timeout: '10s' };
}
