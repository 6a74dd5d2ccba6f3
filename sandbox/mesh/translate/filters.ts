/** Network and HTTP filters. Their access log is added with the listener. */
import type { Message, Resource } from '../../xds/encode.ts';
import { OFFER_HTTP } from './alpn.ts';
import { NOTE_PEER } from './metrics.ts';

const EXTENSIONS = 'type.googleapis.com/envoy.extensions';

const HTTP_FILTERS: readonly Message[] = [
  { name: 'envoy.filters.http.fault', typed_config: { '@type': `${EXTENSIONS}.filters.http.fault.v3.HTTPFault` } },
  { name: 'envoy.filters.http.cors', typed_config: { '@type': `${EXTENSIONS}.filters.http.cors.v3.Cors` } },
  { name: 'envoy.filters.http.router', typed_config: { '@type': `${EXTENSIONS}.filters.http.router.v3.Router` } },
];

/** Paths that an app can't distinguish are the same path to every rule. */
const NORMALIZE: Message = {
  normalize_path: true,
  path_with_escaped_slashes_action: 'KEEP_UNCHANGED',
  stream_idle_timeout: '0s',
  server_name: 'istio-envoy',
  upgrade_configs: [{ upgrade_type: 'websocket' }],
};

const HCM = `${EXTENSIONS}.filters.network.http_connection_manager.v3.HttpConnectionManager`;

function hcm(config: Message): Message {
  return {
    name: 'envoy.filters.network.http_connection_manager',
    typed_config: { '@type': HCM, ...NORMALIZE, ...config },
  };
}

const ADS = { ads: {}, initial_fetch_timeout: '0s', resource_api_version: 'V3' };

/**
 * For a gateway's listener, the first proxy that a request meets: the client's address and headers are not trusted.
 * @param guards filters that a request must pass first.
 */
export function gatewayHttp(routeName: string, guards: readonly Message[]): Message {
  return hcm({
    http_filters: [...guards, OFFER_HTTP, ...HTTP_FILTERS],
    stat_prefix: `outbound_${routeName}`,
    rds: { config_source: ADS, route_config_name: routeName },
    use_remote_address: true,
    forward_client_cert_details: 'SANITIZE_SET',
    set_current_client_cert_details: { subject: true, cert: true, dns: true, uri: true },
    // The request's id is returned to the client, so that a response can be found in this log.
    always_set_request_id_in_response: true,
  });
}

/** For outbound requests. */
export function outboundHttp(routeName: string): Message {
  return hcm({
    http_filters: [OFFER_HTTP, ...HTTP_FILTERS],
    stat_prefix: `outbound_${routeName}`,
    rds: { config_source: ADS, route_config_name: routeName },
    use_remote_address: false,
  });
}

/** For inbound requests: one route to the app itself. */
export function inboundHttp(cluster: string, operation: string, guards: readonly Message[]): Message {
  return hcm({
    http_filters: [NOTE_PEER, ...guards, ...HTTP_FILTERS],
    stat_prefix: cluster,
    use_remote_address: false,
    forward_client_cert_details: 'APPEND_FORWARD',
    set_current_client_cert_details: { subject: true, dns: true, uri: true },
    route_config: {
      name: cluster,
      validate_clusters: false,
      virtual_hosts: [
        {
          name: `inbound|http|${operation}`,
          domains: ['*'],
          routes: [
            {
              name: 'default',
              match: { prefix: '/' },
              decorator: { operation: `${operation}/*` },
              route: {
                cluster,
                timeout: '0s',
                max_stream_duration: { max_stream_duration: '0s', grpc_timeout_header_max: '0s' },
                retry_policy: { retry_on: 'reset-before-request', num_retries: 2 },
              },
            },
          ],
        },
      ],
    },
  });
}

export function tcpProxy(cluster: string, weighted?: readonly { name: string; weight: number }[]): Message {
  const typed_config: Resource = {
    '@type': `${EXTENSIONS}.filters.network.tcp_proxy.v3.TcpProxy`,
    stat_prefix: cluster,
    ...(weighted === undefined ? { cluster } : { weighted_clusters: { clusters: weighted } }),
  };
  return { name: 'envoy.filters.network.tcp_proxy', typed_config };
}

export const TLS_INSPECTOR: Message = {
  name: 'envoy.filters.listener.tls_inspector',
  typed_config: { '@type': `${EXTENSIONS}.filters.listener.tls_inspector.v3.TlsInspector` },
};
export const ORIGINAL_DST: Message = {
  name: 'envoy.filters.listener.original_dst',
  typed_config: { '@type': `${EXTENSIONS}.filters.listener.original_dst.v3.OriginalDst` },
};
/** Detects HTTP by its first bytes. */
export const HTTP_INSPECTOR: Message = {
  name: 'envoy.filters.listener.http_inspector',
  typed_config: { '@type': `${EXTENSIONS}.filters.listener.http_inspector.v3.HttpInspector` },
};
