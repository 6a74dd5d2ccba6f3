/** An Envoy's bootstrap: its identity, its two sockets, and its static listeners. */
import { pipeAddress, socketAddress, staticCluster } from '../xds/address.ts';
import type { Message } from '../xds/encode.ts';
import { type AgentOptions, agentParts } from './agent-listeners.ts';

export interface BootstrapOptions {
  /** `sidecar~IP~POD.NAMESPACE~DOMAIN` or `router~…`. */
  readonly id: string;
  readonly cluster: string;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly xdsSocket: string;
  readonly sdsSocket?: string;
  readonly adminPort: number;
  /** Static listeners on the pod's address, for the proxy's own endpoints and those of its app. */
  readonly agent?: Omit<AgentOptions, 'adminPort'>;
  /** Lets the proxy's own connections out of the pod instead of redirecting them to itself. */
  readonly mark?: number;
}

const SOL_SOCKET = 1;
const SO_MARK = 36;
const HTTP2 = {
  'envoy.extensions.upstreams.http.v3.HttpProtocolOptions': {
    '@type': 'type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions',
    explicit_http_config: { http2_protocol_options: {} },
  },
};

/** Envoy logs threads that hang for this long. The check wakes each thread twice in that time. */
const HANGS_AFTER = { miss_timeout: '10s', megamiss_timeout: '20s' };

/** Flags of every Envoy in the sandbox. Drain times are short, so that changes show at once. */
export const ENVOY_FLAGS = [
  '--concurrency',
  '1',
  '--disable-hot-restart',
  '--drain-time-s',
  '1',
  '--drain-strategy',
  'immediate',
  '--file-flush-interval-msec',
  '250',
  '--log-level',
  'warning',
];

export function bootstrap(options: BootstrapOptions): Message {
  const { id, cluster, metadata, xdsSocket, sdsSocket, adminPort, agent, mark } = options;
  const own = agent === undefined ? undefined : agentParts({ ...agent, adminPort });
  return {
    node: { id, cluster, metadata },
    admin: { address: socketAddress('127.0.0.1', adminPort) },
    // An idle proxy should sleep, because dozens of them share a few cores.
    watchdogs: { main_thread_watchdog: HANGS_AFTER, worker_watchdog: HANGS_AFTER },
    stats_flush_on_admin: true,
    layered_runtime: {
      layers: [
        // Istio's regular expressions are larger than Envoy's default allows.
        { name: 'static', static_layer: { 're2.max_program_size.error_level': 32_768 } },
        { name: 'admin', admin_layer: {} },
      ],
    },
    dynamic_resources: {
      ads_config: {
        api_type: 'GRPC',
        transport_api_version: 'V3',
        set_node_on_first_message_only: true,
        grpc_services: [{ envoy_grpc: { cluster_name: 'xds' } }],
      },
      cds_config: { ads: {}, resource_api_version: 'V3', initial_fetch_timeout: '0s' },
      lds_config: { ads: {}, resource_api_version: 'V3', initial_fetch_timeout: '0s' },
    },
    ...(mark === undefined
      ? {}
      : {
          cluster_manager: {
            upstream_bind_config: {
              socket_options: [
                { description: 'mark', level: SOL_SOCKET, name: SO_MARK, int_value: mark, state: 'STATE_PREBIND' },
              ],
            },
          },
        }),
    static_resources: {
      clusters: [
        pipeCluster('xds', xdsSocket),
        ...(sdsSocket === undefined ? [] : [pipeCluster('sds-grpc', sdsSocket)]),
        ...(own?.clusters ?? []),
      ],
      listeners: own?.listeners ?? [],
    },
  };
}

function pipeCluster(name: string, path: string): Message {
  return { ...staticCluster(name, pipeAddress(path)), typed_extension_protocol_options: HTTP2 };
}
