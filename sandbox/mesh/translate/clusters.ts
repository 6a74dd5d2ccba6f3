/** Clusters: one for each Service port and each subset of it, with the destination rule's policy. */

import type { Message, Resource } from '../../xds/encode.ts';
import type { DestinationRule, TrafficPolicy } from '../model/destination-rule.ts';
import type { Pod } from '../model/kubernetes.ts';
import { type Address, hasProxy, isHeadless, type MeshPort } from '../model/mesh-port.ts';
import { outboundCluster, selects, serverName, spiffe } from '../model/names.ts';
import { isHttp2 } from '../model/protocols.ts';
import type { PushContext } from '../model/push-context.ts';
import { byClient, byDns } from '../model/service-entry.ts';
import { outlier, thresholds, UNLIMITED } from './circuit-breaking.ts';
import { clientCredentialTls } from './credentials.ts';
import { plainUpstreamTls, rawBuffer, upstreamTls } from './tls.ts';

const TYPE = 'type.googleapis.com/envoy.config.cluster.v3.Cluster';
const ENDPOINTS = 'type.googleapis.com/envoy.config.endpoint.v3.ClusterLoadAssignment';
const HTTP_OPTIONS = 'type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions';
const ADS = { ads: {}, initial_fetch_timeout: '0s', resource_api_version: 'V3' };

interface Target {
  readonly port: MeshPort;
  readonly subset: string;
  readonly policy: TrafficPolicy | undefined;
  readonly addresses: readonly Address[];
}

/** @param from the client's namespace, which decides which rules it sees. */
export function outboundClusters(
  push: PushContext,
  from: string,
): { clusters: readonly Resource[]; endpoints: readonly Resource[] } {
  const targets = push.portsVisibleTo(from).flatMap((port) => targetsOf(push, port, from));
  const discovered = targets.filter((target) => !clientChooses(target) && !isByDns(target));
  return { clusters: targets.map(clusterOf), endpoints: discovered.map(assignmentOf) };
}

function targetsOf(push: PushContext, port: MeshPort, from: string): readonly Target[] {
  const rule = push.destinationRule(port.host, port.namespace, from);
  const addresses = push.addresses(port);
  const whole: Target = { port, subset: '', policy: policyFor(rule, undefined, port), addresses };
  const subsets = (rule?.spec.subsets ?? []).map((subset) => ({
    port,
    subset: subset.name,
    policy: policyFor(rule, subset.trafficPolicy, port),
    addresses: addresses.filter(({ pod, labels }) => selects(subset.labels, labels ?? pod?.metadata.labels)),
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
  if (isByDns(target)) {
    const type = target.port.entry?.spec.resolution === 'DNS_ROUND_ROBIN' ? 'LOGICAL_DNS' : 'STRICT_DNS';
    const { '@type': _, ...load_assignment } = assignmentOf(target);
    return { type, dns_lookup_family: 'V4_ONLY', respect_dns_ttl: true, dns_refresh_rate: '60s', load_assignment };
  }
  return { type: 'EDS', eds_cluster_config: { eds_config: ADS, service_name: name } };
}

function clientChooses({ port, policy }: Target): boolean {
  if (port.entry !== undefined && byClient(port.entry.spec)) return true;
  return isHeadless(port) || policy?.loadBalancer?.simple === 'PASSTHROUGH';
}

function isByDns({ port }: Target): boolean {
  return port.entry !== undefined && byDns(port.entry.spec);
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
    case 'MUTUAL': {
      const { credentialName, sni: name = port.host } = policy.tls;
      if (credentialName === undefined) return { transport_socket: plainUpstreamTls(name) };
      return { transport_socket: clientCredentialTls(credentialName, policy.tls, name) };
    }
    default:
      // Where the client has chosen the address, nothing is known of it by itself: it is as all of the Service are.
      if (clientChooses(target)) {
        const all = addresses.length > 0 && addresses.every(({ pod }) => hasProxy(pod));
        return all ? { transport_socket: upstreamTls(sni, identities) } : {};
      }
      if (port.entry !== undefined && !addresses.some(({ pod }) => hasProxy(pod))) return {};
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
