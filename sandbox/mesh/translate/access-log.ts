/** The access log of proxies: as the control plane configures it, or the sandbox's own JSON lines. */
import { recordAt, recordsAt, text } from '../../../model/fields.ts';
import type { Message, Resource } from '../../xds/encode.ts';
import type { AccessLogConfig } from '../model/mesh-config.ts';
import type { PushContext } from '../model/push-context.ts';
import { ENDED, httpMetrics, type MetricRules, type Side, tcpMetrics } from './metrics.ts';
import { type EndTelemetry, NO_TELEMETRY, type ProxyTelemetry } from './telemetry.ts';

const LOGGERS = 'type.googleapis.com/envoy.extensions.access_loggers';
const HTTP = 'envoy.filters.network.http_connection_manager';
const TCP = 'envoy.filters.network.tcp_proxy';

/** Adds access logs and metrics to each filter of a listener that ends requests or connections. */
export function withAccessLog(
  { settings, release }: PushContext,
  listener: Resource,
  telemetry: ProxyTelemetry = NO_TELEMETRY,
): Resource {
  const inbound = listener['traffic_direction'] === 'INBOUND';
  const end = inbound ? telemetry.SERVER : telemetry.CLIENT;
  const logs = askedFor(settings.accessLog, release.minor, end);
  const metrics = telemetry === NO_TELEMETRY ? undefined : end.metrics;
  const logging = (chain: Message): Message => {
    const server = chain['transport_socket'] === undefined ? 'destination, plaintext' : 'destination, mutual';
    return logged(chain, { logs, metrics, side: inbound ? server : 'source' });
  };
  const last = recordAt(listener, 'default_filter_chain');
  return {
    ...listener,
    ...(listener['filter_chains'] === undefined
      ? {}
      : { filter_chains: recordsAt(listener, 'filter_chains').map(logging) }),
    ...(last === undefined ? {} : { default_filter_chain: logging(last) }),
  };
}

/** @returns the requested logs, or `undefined` when none is configured and the sandbox's own log is written. */
function askedFor(config: AccessLogConfig, minor: number, { logs }: EndTelemetry): readonly Logger[] | undefined {
  if (logs === undefined) return config.file === '' ? undefined : [logger(config, minor)];
  const file = config.file === '' ? '/dev/stdout' : config.file;
  return logs.map((expression) => ({
    ...logger({ ...config, file }, minor),
    ...(expression === '' ? {} : { expression }),
  }));
}

/** An access logger, and the CEL expression for its filter. */
interface Logger extends Message {
  readonly expression?: string;
}

interface Logging {
  readonly logs: readonly Logger[] | undefined;
  readonly metrics: MetricRules | undefined;
  readonly side: Side;
}

/** @param more an additional filter that must match too. */
function filtered({ expression, ...log }: Logger, more?: Message): Message {
  const own =
    expression === undefined
      ? []
      : [
          {
            extension_filter: {
              name: 'envoy.access_loggers.extension_filters.cel',
              typed_config: { '@type': `${LOGGERS}.filters.cel.v3.ExpressionFilter`, expression },
            },
          },
        ];
  const [first, ...others] = [...own, ...(more === undefined ? [] : [more])];
  if (first === undefined) return log;
  return { ...log, filter: others.length === 0 ? first : { and_filter: { filters: [first, ...others] } } };
}

function logged(chain: Message, logging: Logging): Message {
  const filters = recordsAt(chain, 'filters').map((filter) => {
    const more = logsOf(text(filter['name']), logging);
    return more === undefined ? filter : { ...filter, typed_config: { ...recordAt(filter, 'typed_config'), ...more } };
  });
  return { ...chain, filters };
}

function logsOf(filter: string, { logs, metrics, side }: Logging): Message | undefined {
  switch (filter) {
    case HTTP:
      return { access_log: [...(logs ?? OWN_HTTP).map((log) => filtered(log)), ...httpMetrics(side, metrics)] };
    case TCP: {
      const access_log = [...(logs ?? OWN_TCP).map((log) => filtered(log, ENDED)), ...tcpMetrics(side, metrics)];
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

/** The sandbox's own log, when the control plane configures none. It also has the caller and the route. */
const PEER = { downstream_peer: '%DOWNSTREAM_PEER_URI_SAN%' };
const ROUTE = { route_name: '%ROUTE_NAME%', route_config: '%METADATA(ROUTE:istio:config)%' };
const OWN_HTTP = [stdout({ json_format: { ...REQUEST, ...CONNECTION, ...ROUTE, ...PEER } })];
const OWN_TCP = [stdout({ json_format: { start_time: REQUEST.start_time, ...CONNECTION, ...PEER, ...BYTES } })];
