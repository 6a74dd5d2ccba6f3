/**
 * The endpoints that a proxy serves without a control plane. In Istio, they belong to the agent, a separate program. Here
 * Envoy serves them: 15021 for readiness, 15020 for readiness, the app's probes and the metrics of proxy and app, and 15090
 * for the metrics of the proxy only.
 */
import { socketAddress, staticCluster } from '../xds/address.ts';
import type { Message } from '../xds/encode.ts';

/** Endpoints of the app, on the pod's loopback. */
export interface AppTarget {
  readonly port: number;
  readonly path: string;
}

export interface AgentOptions {
  /** The port of Envoy's administration interface, on the pod's loopback. */
  readonly adminPort: number;
  /** The app's metrics, if the pod's annotations name them. */
  readonly metrics?: AppTarget;
  /** Probes by their path on the agent: `/app-health/CONTAINER/readyz`. */
  readonly probes: Readonly<Record<string, AppTarget>>;
}

const HEALTH_PORT = 15_021;
const STATUS_PORT = 15_020;
const METRICS_PORT = 15_090;
const ADMIN = 'agent';
const APP_METRICS = 'app-metrics';
const LUA = 'envoy.filters.http.lua';
const EXTENSIONS = 'type.googleapis.com/envoy.extensions.filters';
/** The maximum size of merged metrics: thousands of metrics take a few megabytes. */
const LARGEST_BODY = 67_108_864;

/** @returns static listeners and their clusters, for a bootstrap. */
export function agentParts({ adminPort, metrics, probes }: AgentOptions): {
  readonly listeners: readonly Message[];
  readonly clusters: readonly Message[];
} {
  const ready = to('/healthz/ready', ADMIN, '/ready');
  const counted = (path: string): Message => ({ ...to(path, ADMIN, '/stats/prometheus'), ...COUNTED });
  const apps = Object.entries(probes).map(([path, target]) => to(path, appCluster(target.port), target.path));
  const ports = [...new Set(Object.values(probes).map(({ port }) => port))];
  return {
    listeners: [
      healthListener(),
      listener(
        'status',
        STATUS_PORT,
        [
          ready,
          counted('/stats/prometheus'),
          counted('/metrics'),
          to('/quitquitquit', ADMIN, '/quitquitquit'),
          to('/drain', ADMIN, '/drain_listeners?inboundonly&graceful&skip_exit'),
          ...apps,
        ],
        metrics,
      ),
      listener('metrics', METRICS_PORT, [counted('/stats/prometheus')]),
    ],
    clusters: [
      cluster(ADMIN, adminPort),
      ...(metrics === undefined ? [] : [cluster(APP_METRICS, metrics.port)]),
      ...ports.map((port) => cluster(appCluster(port), port)),
    ],
  };
}

function appCluster(port: number): string {
  return `app-${port}`;
}

function to(path: string, cluster: string, rewritten: string): Message {
  const route = { cluster, timeout: '60s', regex_rewrite: { pattern: { regex: '^[^?]*' }, substitution: rewritten } };
  return { match: { path }, route, typed_per_filter_config: { [LUA]: NOT_COUNTED } };
}

const NOT_COUNTED: Message = { '@type': `${EXTENSIONS}.http.lua.v3.LuaPerRoute`, disabled: true };
const COUNTED: Message = { typed_per_filter_config: {} };

/**
 * Envoy prefixes all metrics with its own name, and writes a dash or nothing for unknown values. This restores the names and
 * the word for unknown values of Istio's metrics. The app's metrics follow unchanged.
 */
function luaCode(app: AppTarget | undefined): string {
  return `
local function unknown(name, value)
  if name ~= "response_flags" then return name .. '="unknown"' end
end
local function istio(line)
  return (line:gsub('([%a_]+)="(%-?)"', unknown))
end
function envoy_on_response(handle)
  local body = handle:body()
  if body == nil or handle:headers():get(":status") ~= "200" then return end
  local text = tostring(body:getBytes(0, body:length())):gsub("envoy_(istio_[^\\n]*)", istio)
  ${app === undefined ? '' : mergeCode(app)}
  -- What was got before a call can't be used after it.
  handle:body():setBytes(text)
end
`;
}

/** Returns the proxy's metrics even when those of the app are unavailable. */
function mergeCode({ path }: AppTarget): string {
  return `local headers, more = handle:httpCall("${APP_METRICS}",
    { [":method"] = "GET", [":path"] = ${JSON.stringify(path)}, [":authority"] = "localhost" }, "", 5000)
  if headers[":status"] == "200" and more ~= nil then text = text .. more end`;
}

/**
 * The kubelet probes this every two seconds in each pod. The listener answers by itself, and accepts connections once the
 * proxy has its first configuration. A request to the administration interface would wake a second thread.
 */
function healthListener(): Message {
  const path = { name: ':path', string_match: { prefix: '/healthz/ready' } };
  const own = {
    name: 'envoy.filters.http.health_check',
    typed_config: {
      '@type': `${EXTENSIONS}.http.health_check.v3.HealthCheck`,
      pass_through_mode: false,
      headers: [path],
    },
  };
  return listenerWith('health', HEALTH_PORT, [], [own]);
}

function listener(name: string, port: number, routes: readonly Message[], metrics?: AppTarget): Message {
  const lua = {
    name: LUA,
    typed_config: {
      '@type': `${EXTENSIONS}.http.lua.v3.Lua`,
      default_source_code: { inline_string: luaCode(metrics) },
    },
  };
  return listenerWith(name, port, routes, [lua]);
}

/** @param filters HTTP filters before the router. */
function listenerWith(name: string, port: number, routes: readonly Message[], filters: readonly Message[]): Message {
  const manager = {
    '@type': `${EXTENSIONS}.network.http_connection_manager.v3.HttpConnectionManager`,
    stat_prefix: 'agent',
    route_config: { virtual_hosts: [{ name, domains: ['*'], routes }] },
    http_filters: [
      ...filters,
      { name: 'envoy.filters.http.router', typed_config: { '@type': `${EXTENSIONS}.http.router.v3.Router` } },
    ],
  };
  return {
    name,
    address: socketAddress('0.0.0.0', port),
    per_connection_buffer_limit_bytes: LARGEST_BODY,
    filter_chains: [{ filters: [{ name: 'envoy.filters.network.http_connection_manager', typed_config: manager }] }],
  };
}

function cluster(name: string, port: number): Message {
  return {
    ...staticCluster(name, socketAddress('127.0.0.1', port)),
    per_connection_buffer_limit_bytes: LARGEST_BODY,
  };
}
