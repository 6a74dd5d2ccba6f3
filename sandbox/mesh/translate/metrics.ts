/**
 * Istio's standard metrics. Istio's own proxies have a filter for them; here Envoy's access logger that counts does it: at
 * the end of each request or connection it takes the labels from what the proxy knows of both ends.
 */
import type { Message } from '../../xds/encode.ts';
import { PEER_FIELDS, PEER_HEADER, type PeerField, peerVariable } from '../model/peer.ts';

/** Where a proxy stands: at the client's side, or at the server's behind mutual TLS or plaintext. */
export type Side = 'source' | 'destination, mutual' | 'destination, plaintext';

/** Where the server's proxy keeps what the client's has told. */
const PEER = 'istio.peer';
const CONFIG = 'type.googleapis.com/envoy.extensions.access_loggers.stats.v3.Config';

type Labels = Readonly<Record<string, string>>;

function labelsOf(side: Side): Labels {
  const [source, destination] = side === 'source' ? [OWN, UPSTREAM] : [DOWNSTREAM, OWN];
  const of = (end: string, value: Told): Labels =>
    Object.fromEntries(PEER_FIELDS.map((field) => [`${end}_${field}`, value(field)]));
  const [here, there] = ['LOCAL', 'PEER'].map((which) =>
    side === 'source' ? `%UPSTREAM_${which}_URI_SAN%` : `%DOWNSTREAM_${which}_URI_SAN%`,
  );
  const [client = '', server = ''] = side === 'source' ? [here, there] : [there, here];
  return {
    reporter: side === 'source' ? 'source' : 'destination',
    ...of('source', source),
    source_principal: client,
    ...of('destination', destination),
    destination_principal: server,
    destination_service: '%CLUSTER_METADATA(istio:host)%',
    destination_service_name: '%CLUSTER_METADATA(istio:name)%',
    destination_service_namespace: '%CLUSTER_METADATA(istio:namespace)%',
    response_flags: '%RESPONSE_FLAGS%',
    connection_security_policy: SECURITY[side],
  };
}

const SECURITY: Readonly<Record<Side, string>> = {
  source: 'unknown',
  'destination, mutual': 'mutual_tls',
  'destination, plaintext': 'none',
};

/** Where a proxy has a field of a workload's from. */
type Told = (field: PeerField) => string;
const OWN: Told = (field) => `%ENVIRONMENT(${peerVariable(field)})%`;
const UPSTREAM: Told = (field) => `%UPSTREAM_METADATA(istio:${field})%`;
const DOWNSTREAM: Told = (field) => `%DYNAMIC_METADATA(${PEER}:${field})%`;

function stat(name: string, labels: Labels): Message {
  return { name, tags: Object.entries(labels).map(([key, value_format]) => ({ name: key, value_format })) };
}

function logger(config: Message, filter: Message): Message {
  return {
    name: 'envoy.access_loggers.stats',
    filter,
    typed_config: { '@type': CONFIG, stats_scope: { prefix: 'istio' }, ...config },
  };
}

function httpLogger(labels: Labels, filter: Message): Message {
  const histogram = (name: string, unit: string, value_format: string): Message => ({
    stat: stat(name, labels),
    unit,
    value_format,
  });
  const config = {
    counters: [{ stat: stat('requests_total', labels), value_fixed: 1 }],
    histograms: [
      histogram('request_duration_milliseconds', 'Milliseconds', '%DURATION%'),
      histogram('request_bytes', 'Bytes', '%BYTES_RECEIVED%'),
      histogram('response_bytes', 'Bytes', '%BYTES_SENT%'),
    ],
  };
  return logger(config, filter);
}

/** @returns access loggers of an HTTP connection manager. */
export function httpMetrics(side: Side): readonly Message[] {
  return HTTP[side];
}

/** @returns access loggers of a TCP proxy, which must log when it is connected too. */
export function tcpMetrics(side: Side): readonly Message[] {
  return TCP[side];
}

function httpOn(side: Side): readonly Message[] {
  const labels = { ...labelsOf(side), response_code: '%RESPONSE_CODE%' };
  const isGrpc = (invert_match: boolean): Message => ({
    header_filter: {
      header: {
        name: 'content-type',
        string_match: { prefix: 'application/grpc' },
        treat_missing_header_as_empty: true,
        invert_match,
      },
    },
  });
  const grpc = { request_protocol: 'grpc', grpc_response_status: '%GRPC_STATUS_NUMBER%' };
  return [
    httpLogger({ ...labels, request_protocol: 'http' }, isGrpc(true)),
    httpLogger({ ...labels, ...grpc }, isGrpc(false)),
  ];
}

function tcpOn(side: Side): readonly Message[] {
  const labels = { ...labelsOf(side), request_protocol: 'tcp' };
  const count = (name: string, value: Message): Message => ({ stat: stat(name, labels), ...value });
  return [
    logger({ counters: [count('tcp_connections_opened_total', { value_fixed: 1 })] }, CONNECTED),
    logger(
      {
        counters: [
          count('tcp_connections_closed_total', { value_fixed: 1 }),
          count('tcp_sent_bytes_total', { value_format: '%BYTES_SENT%' }),
          count('tcp_received_bytes_total', { value_format: '%BYTES_RECEIVED%' }),
        ],
      },
      ENDED,
    ),
  ];
}

const CONNECTED: Message = { log_type_filter: { types: ['TcpUpstreamConnected'] } };
/** For loggers of a TCP proxy that are to tell of whole connections. */
export const ENDED: Message = { log_type_filter: { types: ['TcpConnectionEnd'] } };

/** Made once: every listener of every proxy has them. */
function onSides(of: (side: Side) => readonly Message[]): Readonly<Record<Side, readonly Message[]>> {
  return {
    source: of('source'),
    'destination, mutual': of('destination, mutual'),
    'destination, plaintext': of('destination, plaintext'),
  };
}
const HTTP = onSides(httpOn);
const TCP = onSides(tcpOn);

/** What a proxy adds to the requests it passes on, for the metrics of the server's. */
export const TELL_PEER: readonly Message[] = [
  {
    header: { key: PEER_HEADER, value: `%ENVIRONMENT(${peerVariable('header')})%` },
    append_action: 'OVERWRITE_IF_EXISTS_OR_ADD',
  },
];

/** Keeps what the client's proxy has told, and takes it from the request before the app sees it. */
export const NOTE_PEER: Message = {
  name: 'envoy.filters.http.header_to_metadata',
  typed_config: {
    '@type': 'type.googleapis.com/envoy.extensions.filters.http.header_to_metadata.v3.Config',
    request_rules: PEER_FIELDS.map((field, index) => ({
      header: PEER_HEADER,
      on_header_present: {
        metadata_namespace: PEER,
        key: field,
        type: 'STRING',
        regex_value_rewrite: { pattern: { regex: `.*;${field}=([^;]*);.*` }, substitution: '\\1' },
      },
      remove: index === PEER_FIELDS.length - 1,
    })),
  },
};
