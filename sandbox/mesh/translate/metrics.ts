/**
 * Istio's standard metrics. Istio's proxies have a filter for them. Here Envoy's stats access logger counts each request or
 * connection at its end, with labels from the proxy's data about both ends.
 */
import type { Message } from '../../xds/encode.ts';
import { PEER_FIELDS, PEER_HEADER, type PeerField, peerVariable } from '../model/peer.ts';
import type { MetricRule } from './telemetry.ts';

/** The side of a proxy: the client's, or the server's with mutual TLS or plaintext. */
export type Side = 'source' | 'destination, mutual' | 'destination, plaintext';

/** The metadata in which the server's proxy keeps the description of the client. */
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

/** The format command that gives a field of a workload. */
type Told = (field: PeerField) => string;
const OWN: Told = (field) => `%ENVIRONMENT(${peerVariable(field)})%`;
const UPSTREAM: Told = (field) => `%UPSTREAM_METADATA(istio:${field})%`;
const DOWNSTREAM: Told = (field) => `%DYNAMIC_METADATA(${PEER}:${field})%`;

/** The settings in Telemetry objects for single metrics, by their names in Istio's API. */
export type MetricRules = Readonly<Record<string, MetricRule>>;

const METRIC_NAMES: Readonly<Record<string, string>> = {
  requests_total: 'REQUEST_COUNT',
  request_duration_milliseconds: 'REQUEST_DURATION',
  request_bytes: 'REQUEST_SIZE',
  response_bytes: 'RESPONSE_SIZE',
  tcp_connections_opened_total: 'TCP_OPENED_CONNECTIONS',
  tcp_connections_closed_total: 'TCP_CLOSED_CONNECTIONS',
  tcp_sent_bytes_total: 'TCP_SENT_BYTES',
  tcp_received_bytes_total: 'TCP_RECEIVED_BYTES',
};

/** @returns a counter or histogram; nothing if it is disabled. */
function metric(name: string, labels: Labels, rules: MetricRules, value: Message): readonly Message[] {
  const { disabled = false, without = [] } = rules[METRIC_NAMES[name] ?? ''] ?? {};
  if (disabled) return [];
  const tags = Object.entries(labels).filter(([key]) => !without.includes(key));
  return [{ stat: { name, tags: tags.map(([key, value_format]) => ({ name: key, value_format })) }, ...value }];
}

function logger(config: Message, filter: Message): Message {
  return {
    name: 'envoy.access_loggers.stats',
    filter,
    typed_config: { '@type': CONFIG, stats_scope: { prefix: 'istio' }, ...config },
  };
}

function httpLogger(labels: Labels, filter: Message, rules: MetricRules): readonly Message[] {
  const histogram = (name: string, unit: string, value_format: string): readonly Message[] =>
    metric(name, labels, rules, { unit, value_format });
  const counters = metric('requests_total', labels, rules, { value_fixed: 1 });
  const histograms = [
    ...histogram('request_duration_milliseconds', 'Milliseconds', '%DURATION%'),
    ...histogram('request_bytes', 'Bytes', '%BYTES_RECEIVED%'),
    ...histogram('response_bytes', 'Bytes', '%BYTES_SENT%'),
  ];
  return counters.length + histograms.length === 0 ? [] : [logger({ counters, histograms }, filter)];
}

/** @returns access loggers of an HTTP connection manager. */
export function httpMetrics(side: Side, rules: MetricRules = NO_RULES): readonly Message[] {
  return rules === NO_RULES ? HTTP[side] : httpOn(side, rules);
}

/** @returns access loggers of a TCP proxy, which must log when it is connected too. */
export function tcpMetrics(side: Side, rules: MetricRules = NO_RULES): readonly Message[] {
  return rules === NO_RULES ? TCP[side] : tcpOn(side, rules);
}

function httpOn(side: Side, rules: MetricRules): readonly Message[] {
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
    ...httpLogger({ ...labels, request_protocol: 'http' }, isGrpc(true), rules),
    ...httpLogger({ ...labels, ...grpc }, isGrpc(false), rules),
  ];
}

function tcpOn(side: Side, rules: MetricRules): readonly Message[] {
  const labels = { ...labelsOf(side), request_protocol: 'tcp' };
  const opened = metric('tcp_connections_opened_total', labels, rules, { value_fixed: 1 });
  const ended = [
    ...metric('tcp_connections_closed_total', labels, rules, { value_fixed: 1 }),
    ...metric('tcp_sent_bytes_total', labels, rules, { value_format: '%BYTES_SENT%' }),
    ...metric('tcp_received_bytes_total', labels, rules, { value_format: '%BYTES_RECEIVED%' }),
  ];
  return [
    ...(opened.length === 0 ? [] : [logger({ counters: opened }, CONNECTED)]),
    ...(ended.length === 0 ? [] : [logger({ counters: ended }, ENDED)]),
  ];
}

const CONNECTED: Message = { log_type_filter: { types: ['TcpUpstreamConnected'] } };
/** The filter for loggers of a TCP proxy that log only complete connections. */
export const ENDED: Message = { log_type_filter: { types: ['TcpConnectionEnd'] } };

const NO_RULES: MetricRules = {};

/** Created once, because all listeners share them unless a Telemetry object applies. */
function onSides(
  of: (side: Side, rules: MetricRules) => readonly Message[],
): Readonly<Record<Side, readonly Message[]>> {
  return {
    source: of('source', NO_RULES),
    'destination, mutual': of('destination, mutual', NO_RULES),
    'destination, plaintext': of('destination, plaintext', NO_RULES),
  };
}
const HTTP = onSides(httpOn);
const TCP = onSides(tcpOn);

/** The header that a proxy adds to forwarded requests, for the metrics of the server's proxy. */
export const TELL_PEER: readonly Message[] = [
  {
    header: { key: PEER_HEADER, value: `%ENVIRONMENT(${peerVariable('header')})%` },
    append_action: 'OVERWRITE_IF_EXISTS_OR_ADD',
  },
];

/** Stores the header of the client's proxy, and removes it from the request before it reaches the app. */
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
