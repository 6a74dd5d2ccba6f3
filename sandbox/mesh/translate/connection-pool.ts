/** A DestinationRule's connection pool: limits on connections and requests, timeouts, HTTP version. */
import { parseGoDuration } from '../../xds/duration.ts';
import type { Message } from '../../xds/encode.ts';
import type { TrafficPolicy } from '../model/destination-rule.ts';
import type { ServicePort } from '../model/kubernetes.ts';
import { isHttp, isHttp2 } from '../model/protocols.ts';

const NO_LIMIT = 4_294_967_295;
const HTTP_OPTIONS = 'type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions';

/** Envoy's default limit is 1024; Istio's is unlimited. */
export const UNLIMITED = {
  max_connections: NO_LIMIT,
  max_pending_requests: NO_LIMIT,
  max_requests: NO_LIMIT,
  max_retries: NO_LIMIT,
};

/** @returns fields of Envoy's `Cluster`. */
export function connectionPool(policy: TrafficPolicy | undefined, port: ServicePort): Message {
  const { tcp } = policy?.connectionPool ?? {};
  return {
    connect_timeout: tcp?.connectTimeout ?? '10s',
    circuit_breakers: { thresholds: [thresholds(policy)] },
    ...keepalive(tcp?.tcpKeepalive),
    typed_extension_protocol_options: {
      'envoy.extensions.upstreams.http.v3.HttpProtocolOptions': protocolOptions(policy, port),
    },
  };
}

/** In Istio, zero means no limit. */
function thresholds(policy: TrafficPolicy | undefined): Message {
  const { tcp, http } = policy?.connectionPool ?? {};
  const limits = {
    max_connections: tcp?.maxConnections,
    max_pending_requests: http?.http1MaxPendingRequests,
    max_requests: http?.http2MaxRequests,
    max_retries: http?.maxRetries,
  };
  const set = Object.entries(limits).filter(([, limit]) => limit !== undefined && limit > 0);
  return { ...UNLIMITED, ...Object.fromEntries(set) };
}

type Keepalive = NonNullable<NonNullable<TrafficPolicy['connectionPool']>['tcp']>['tcpKeepalive'];

function keepalive(settings: Keepalive): Message {
  if (settings === undefined) return {};
  const { probes, time, interval } = settings;
  return {
    upstream_connection_options: {
      tcp_keepalive: {
        ...(probes === undefined || probes === 0 ? {} : { keepalive_probes: probes }),
        ...(time === undefined ? {} : { keepalive_time: seconds(time) }),
        ...(interval === undefined ? {} : { keepalive_interval: seconds(interval) }),
      },
    },
  };
}

function protocolOptions(policy: TrafficPolicy | undefined, port: ServicePort): Message {
  const { tcp, http } = policy?.connectionPool ?? {};
  const common = {
    ...(http?.idleTimeout === undefined ? {} : { idle_timeout: http.idleTimeout }),
    ...(tcp?.maxConnectionDuration === undefined ? {} : { max_connection_duration: tcp.maxConnectionDuration }),
    ...(http?.maxRequestsPerConnection === undefined || http.maxRequestsPerConnection === 0
      ? {}
      : { max_requests_per_connection: http.maxRequestsPerConnection }),
  };
  const streams = http?.maxConcurrentStreams;
  const http2 = streams === undefined || streams === 0 ? {} : { max_concurrent_streams: streams };
  const base = { '@type': HTTP_OPTIONS, common_http_protocol_options: common };
  if (http?.useClientProtocol === true)
    return { ...base, use_downstream_protocol_config: { http_protocol_options: {}, http2_protocol_options: http2 } };
  const upgraded = http?.h2UpgradePolicy === 'UPGRADE' && isHttp(port);
  const explicit_http_config =
    isHttp2(port) || upgraded ? { http2_protocol_options: http2 } : { http_protocol_options: {} };
  return { ...base, explicit_http_config };
}

/** The kernel counts whole seconds, at least one. */
function seconds(duration: string): number {
  return Math.max(1, Math.round((parseGoDuration(duration) ?? 0) / 1_000));
}
