/** The access log of proxies: as the control plane configures it, or the sandbox's own JSON lines. */
import type { Message, Resource } from '../../xds/encode.ts';
import type { AccessLogConfig } from '../model/mesh-config.ts';
import type { PushContext } from '../model/push-context.ts';
import { ENDED, httpMetrics, type Side, tcpMetrics } from './metrics.ts';

const LOGGERS = 'type.googleapis.com/envoy.extensions.access_loggers';
const HTTP = 'envoy.filters.network.http_connection_manager';
const TCP = 'envoy.filters.network.tcp_proxy';

/** The listener, with an access log in each filter that ends a request or a connection, and what counts these for metrics. */
export function withAccessLog({ settings, release }: PushContext, listener: Resource): Resource {
  const asked = settings.accessLog.file === '' ? undefined : [logger(settings.accessLog, release.minor)];
  const inbound = listener['traffic_direction'] === 'INBOUND';
  const logging = (chain: Chain): Chain => {
    const end = chain['transport_socket'] === undefined ? 'destination, plaintext' : 'destination, mutual';
    return logged(chain, asked, inbound ? end : 'source');
  };
  const { filter_chains: chains, default_filter_chain: last } = listener as Partial<Chains>;
  return {
    ...listener,
    ...(chains === undefined ? {} : { filter_chains: chains.map(logging) }),
    ...(last === undefined ? {} : { default_filter_chain: logging(last) }),
  };
}

interface Chains {
  readonly filter_chains: readonly Chain[];
  readonly default_filter_chain: Chain;
}
interface Chain extends Message {
  readonly filters?: readonly Filter[];
}
interface Filter extends Message {
  readonly name: string;
  readonly typed_config: Message;
}

function logged(chain: Chain, asked: readonly Message[] | undefined, side: Side): Chain {
  const filters = (chain.filters ?? []).map((filter) => {
    const more = logsOf(filter.name, asked, side);
    return more === undefined ? filter : { ...filter, typed_config: { ...filter.typed_config, ...more } };
  });
  return { ...chain, filters };
}

function logsOf(filter: string, asked: readonly Message[] | undefined, side: Side): Message | undefined {
  switch (filter) {
    case HTTP:
      return { access_log: [...(asked ?? OWN_HTTP), ...httpMetrics(side)] };
    case TCP: {
      const access_log = [...(asked ?? OWN_TCP).map((log) => ({ ...log, filter: ENDED })), ...tcpMetrics(side)];
      return { access_log, access_log_options: { flush_access_log_on_connected: true } };
    }
    default:
      return undefined;
  }
}

function logger(config: AccessLogConfig, minor: number): Message {
  const log_format = formatOf(config, minor);
  if (config.file === '/dev/stdout') return stdout(log_format);
  const typed_config = { '@type': `${LOGGERS}.file.v3.FileAccessLog`, path: config.file, log_format };
  return { name: 'envoy.access_loggers.file', typed_config };
}

function stdout(log_format: Message): Message {
  const typed_config = { '@type': `${LOGGERS}.stream.v3.StdoutAccessLog`, log_format };
  return { name: 'envoy.access_loggers.stdout', typed_config };
}

function formatOf({ encoding, format }: AccessLogConfig, minor: number): Message {
  if (encoding === 'JSON') return { json_format: jsonObject(format) ?? ISTIO_JSON };
  const text = format === '' ? istioText(minor) : format;
  return { text_format_source: { inline_string: text.endsWith('\n') ? text : `${text}\n` } };
}

/** @returns undefined unless it is a JSON object: istiod then uses its default format. */
function jsonObject(format: string): Message | undefined {
  try {
    const parsed: unknown = JSON.parse(format);
    return isObject(parsed) ? parsed : undefined;
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Message {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Istio's default format. Since Mixer was removed (1.8), response details replace Mixer's status. */
function istioText(minor: number): string {
  const details =
    minor < 8 ? '"%DYNAMIC_METADATA(istio.mixer:status)%"' : '%RESPONSE_CODE_DETAILS% %CONNECTION_TERMINATION_DETAILS%';
  return [
    '[%START_TIME%] "%REQ(:METHOD)% %REQ(X-ENVOY-ORIGINAL-PATH?:PATH)% %PROTOCOL%" %RESPONSE_CODE% %RESPONSE_FLAGS%',
    `${details} "%UPSTREAM_TRANSPORT_FAILURE_REASON%" %BYTES_RECEIVED% %BYTES_SENT% %DURATION%`,
    '%RESP(X-ENVOY-UPSTREAM-SERVICE-TIME)% "%REQ(X-FORWARDED-FOR)%" "%REQ(USER-AGENT)%" "%REQ(X-REQUEST-ID)%"',
    '"%REQ(:AUTHORITY)%" "%UPSTREAM_HOST%" %UPSTREAM_CLUSTER% %UPSTREAM_LOCAL_ADDRESS% %DOWNSTREAM_LOCAL_ADDRESS%',
    '%DOWNSTREAM_REMOTE_ADDRESS% %REQUESTED_SERVER_NAME% %ROUTE_NAME%\n',
  ].join(' ');
}

const REQUEST = {
  start_time: '%START_TIME%',
  method: '%REQ(:METHOD)%',
  path: '%REQ(X-ENVOY-ORIGINAL-PATH?:PATH)%',
  authority: '%REQ(:AUTHORITY)%',
  user_agent: '%REQ(USER-AGENT)%',
  request_id: '%REQ(X-REQUEST-ID)%',
  response_code: '%RESPONSE_CODE%',
  response_code_details: '%RESPONSE_CODE_DETAILS%',
};
const CONNECTION = {
  response_flags: '%RESPONSE_FLAGS%',
  upstream_cluster: '%UPSTREAM_CLUSTER%',
  upstream_host: '%UPSTREAM_HOST%',
  duration: '%DURATION%',
};
const BYTES = { bytes_received: '%BYTES_RECEIVED%', bytes_sent: '%BYTES_SENT%' };

const ISTIO_JSON: Message = {
  ...REQUEST,
  ...CONNECTION,
  ...BYTES,
  protocol: '%PROTOCOL%',
  connection_termination_details: '%CONNECTION_TERMINATION_DETAILS%',
  upstream_transport_failure_reason: '%UPSTREAM_TRANSPORT_FAILURE_REASON%',
  upstream_service_time: '%RESP(X-ENVOY-UPSTREAM-SERVICE-TIME)%',
  x_forwarded_for: '%REQ(X-FORWARDED-FOR)%',
  upstream_local_address: '%UPSTREAM_LOCAL_ADDRESS%',
  downstream_local_address: '%DOWNSTREAM_LOCAL_ADDRESS%',
  downstream_remote_address: '%DOWNSTREAM_REMOTE_ADDRESS%',
  requested_server_name: '%REQUESTED_SERVER_NAME%',
  route_name: '%ROUTE_NAME%',
};

/** Where the control plane asks for no log: who called, and by which route, is told too. */
const PEER = { downstream_peer: '%DOWNSTREAM_PEER_URI_SAN%' };
const ROUTE = { route_name: '%ROUTE_NAME%', route_config: '%METADATA(ROUTE:istio:config)%' };
const OWN_HTTP = [stdout({ json_format: { ...REQUEST, ...CONNECTION, ...ROUTE, ...PEER } })];
const OWN_TCP = [stdout({ json_format: { start_time: REQUEST.start_time, ...CONNECTION, ...PEER, ...BYTES } })];
