/** Clusters: one per Service port and subset, with the destination rule's policy. */

import { socketAddress } from '../../xds/address.ts';
import type { Message, Resource } from '../../xds/encode.ts';
import { mtlsMode, mtlsModeOfNamespace } from '../kinds/peer-authentication.ts';
import type { DestinationRule, TrafficPolicy } from '../model/destination-rule.ts';
import type { Client } from '../model/destination-rules.ts';
import type { Pod } from '../model/kubernetes.ts';
import { type Address, hasProxy, isHeadless, type MeshPort } from '../model/mesh-port.ts';
import { outboundCluster, selects, serverName, spiffe } from '../model/names.ts';
import { peerOf } from '../model/peer.ts';
import type { PushContext } from '../model/push-context.ts';
import { byClient, byDns } from '../model/service-entry.ts';
import { connectionPool, UNLIMITED } from './connection-pool.ts';
import { clientCredentialTls } from './credentials.ts';
import { loadBalancing } from './load-balancing.ts';
import { plainUpstreamTls, rawBuffer, upstreamTls } from './tls.ts';

const TYPE = 'type.googleapis.com/envoy.config.cluster.v3.Cluster';
const ENDPOINTS = 'type.googleapis.com/envoy.config.endpoint.v3.ClusterLoadAssignment';
const HTTP_OPTIONS = 'type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions';
const ADS = { ads: {}, initial_fetch_timeout: '0s', resource_api_version: 'V3' };

interface Server extends Address {
  /** Whether a client may use mutual TLS automatically. */
  readonly mutual: boolean;
}

interface Target {
  readonly port: MeshPort;
  readonly subset: string;
  readonly policy: TrafficPolicy | undefined;
  readonly addresses: readonly Server[];
}

/** @param client its namespace and labels decide which rules it follows. */
export function outboundClusters(
  push: PushContext,
  client: Client,
): { clusters: readonly Resource[]; endpoints: readonly Resource[] } {
  const targets = push.portsVisibleTo(client.namespace).flatMap((port) => targetsOf(push, port, client));
  const discovered = targets.filter((target) => !clientChooses(target) && !isByDns(target));
  return { clusters: targets.map((target) => clusterOf(push, target)), endpoints: discovered.map(assignmentOf) };
}

function targetsOf(push: PushContext, port: MeshPort, client: Client): readonly Target[] {
  const rule = push.destinationRules.find(port.host, port.namespace, client);
  const addresses = push.addresses(port).map((address) => ({ ...address, mutual: takesMutualTls(push, address) }));
  const whole: Target = { port, subset: '', policy: policyFor(rule, undefined, port), addresses };
  const subsets = (rule?.spec.subsets ?? []).map((subset) => ({
    port,
    subset: subset.name,
    policy: policyFor(rule, subset.trafficPolicy, port),
    addresses: addresses.filter(({ pod, labels }) => selects(subset.labels, labels ?? pod?.metadata.labels)),
  }));
  return [whole, ...subsets];
}

/** Clients use plaintext if a PeerAuthentication disables mutual TLS. Since Istio 1.12 this includes rules for workloads. */
function takesMutualTls(push: PushContext, { pod, port }: Address): boolean {
  if (pod === undefined || !hasProxy(pod)) return false;
  const { namespace = '', labels = {} } = pod.metadata;
  if (mtlsModeOfNamespace(push, namespace) === 'DISABLE') return false;
  return !push.release.workloadMtls || mtlsMode(push, { namespace, labels }, port) !== 'DISABLE';
}

/** A subset's policy replaces the rule's part by part; a port's settings replace the four traffic parts as a whole. */
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

function clusterOf(push: PushContext, target: Target): Resource {
  const { port, subset, policy } = target;
  const name = outboundCluster(port.port.port, subset, port.host);
  return {
    '@type': TYPE,
    name,
    ...connectionPool(policy, port.port),
    ...discovery(name, target),
    ...(clientChooses(target) ? { lb_policy: 'CLUSTER_PROVIDED' } : loadBalancing(policy, push.release)),
    ...security(push, target),
    ...serviceMetadata(port),
  };
}

/** The Service of a cluster, for metrics. */
function serviceMetadata({ host, namespace, service, entry }: MeshPort): Message {
  const name = entry === undefined ? service.metadata.name : host;
  return { metadata: { filter_metadata: { istio: { host, name, namespace } } } };
}

/** A headless Service is not load balanced: the client's choice of pod is kept. */
function discovery(name: string, target: Target): Message {
  if (clientChooses(target)) return { type: 'ORIGINAL_DST' };
  if (isByDns(target)) {
    // Envoy's LOGICAL_DNS allows exactly one name.
    const one = target.port.entry?.spec.resolution === 'DNS_ROUND_ROBIN' && target.addresses.length === 1;
    const type = one ? 'LOGICAL_DNS' : 'STRICT_DNS';
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

/** An explicit TLS mode applies to every address; without one, each address's label says whether it has a proxy. */
function security(push: PushContext, target: Target): Message {
  const { port, subset, policy, addresses } = target;
  const sni = serverName(port.port.port, subset, port.host);
  const identities = identitiesOf(addresses.flatMap(({ pod }) => (pod === undefined ? [] : [pod])));
  const mode = policy?.tls?.mode ?? (push.settings.autoMtls ? undefined : 'DISABLE');
  switch (mode) {
    case 'DISABLE':
      return {};
    case 'ISTIO_MUTUAL':
      return { transport_socket: upstreamTls(policy?.tls?.sni ?? sni, policy?.tls?.subjectAltNames ?? identities) };
    case 'SIMPLE':
    case 'MUTUAL': {
      const settings = policy?.tls ?? {};
      const { credentialName, sni: name = port.host } = settings;
      if (credentialName === undefined) return { transport_socket: plainUpstreamTls(name) };
      return { transport_socket: clientCredentialTls(credentialName, settings, name) };
    }
    default:
      // If the client has chosen the address, it is treated like all of the Service's.
      if (clientChooses(target)) {
        const all = addresses.length > 0 && addresses.every(({ mutual }) => mutual);
        return all ? { transport_socket: upstreamTls(sni, identities) } : {};
      }
      if (port.entry !== undefined && !addresses.some(({ mutual }) => mutual)) return {};
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
  const lb_endpoints = addresses.map(({ ip, port: number, mutual, pod }) => ({
    endpoint: { address: socketAddress(ip, number) },
    health_status: 'HEALTHY',
    load_balancing_weight: 1,
    metadata: {
      filter_metadata: {
        ...(pod === undefined ? {} : { istio: peerOf(pod) }),
        ...(mutual ? { 'envoy.transport_socket_match': { tlsMode: 'istio' } } : {}),
      },
    },
  }));
  return {
    '@type': ENDPOINTS,
    cluster_name: outboundCluster(port.port.port, subset, port.host),
    endpoints: lb_endpoints.length === 0 ? [] : [{ lb_endpoints }],
  };
}

/** For destinations that no rule or Service knows: passed through. */
export function passthroughCluster(name: string, source?: string, of?: MeshPort): Resource {
  return {
    ...(of === undefined ? {} : serviceMetadata(of)),
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

/** For destinations that are not allowed. */
export function blackHoleCluster(): Resource {
  return { '@type': TYPE, name: 'BlackHoleCluster', type: 'STATIC', connect_timeout: '10s' };
}
