/** An Envoy's bootstrap: its identity, its two sockets, and its static listeners. */
import type { Message } from '../xds/encode.ts';

export interface BootstrapOptions {
  /** `sidecar~IP~POD.NAMESPACE~DOMAIN` or `router~…`. */
  readonly id: string;
  readonly cluster: string;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly xdsSocket: string;
  readonly sdsSocket?: string;
  readonly adminPort: number;
  /** Health (15021) for the kubelet, on the pod's address. */
  readonly health?: { readonly port: number };
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

/** Flags of every Envoy here; drains are short so that a lab's changes show at once. */
export const ENVOY_FLAGS = [
  '--concurrency',
  '1',
  '--disable-hot-restart',
  '--drain-time-s',
  '1',
  '--drain-strategy',
  'immediate',
  '--file-flush-interval-msec',
  '100',
  '--log-level',
  'warning',
];

export function bootstrap(options: BootstrapOptions): Message {
  const { id, cluster, metadata, xdsSocket, sdsSocket, adminPort, health, mark } = options;
  return {
    node: { id, cluster, metadata },
    admin: { address: socketAddress('127.0.0.1', adminPort) },
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
        ...(health === undefined ? [] : [agentCluster(adminPort)]),
      ],
      ...(health === undefined ? {} : { listeners: [healthListener(health.port)] }),
    },
  };
}

function pipeCluster(name: string, path: string): Message {
  const endpoints = [{ lb_endpoints: [{ endpoint: { address: { pipe: { path } } } }] }];
  return {
    name,
    type: 'STATIC',
    connect_timeout: '1s',
    typed_extension_protocol_options: HTTP2,
    load_assignment: { cluster_name: name, endpoints },
  };
}

function agentCluster(port: number): Message {
  const endpoints = [{ lb_endpoints: [{ endpoint: { address: socketAddress('127.0.0.1', port) } }] }];
  return {
    name: 'agent',
    type: 'STATIC',
    connect_timeout: '1s',
    load_assignment: { cluster_name: 'agent', endpoints },
  };
}

/** The health endpoint of Istio's agent on 15021: ready when the proxy has its configuration. */
function healthListener(port: number): Message {
  const route = { match: { path: '/healthz/ready' }, route: { cluster: 'agent', prefix_rewrite: '/ready' } };
  const manager = {
    '@type': 'type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager',
    stat_prefix: 'agent',
    route_config: { virtual_hosts: [{ name: 'health', domains: ['*'], routes: [route] }] },
    http_filters: [
      {
        name: 'envoy.filters.http.router',
        typed_config: { '@type': 'type.googleapis.com/envoy.extensions.filters.http.router.v3.Router' },
      },
    ],
  };
  return {
    name: 'health',
    address: socketAddress('0.0.0.0', port),
    filter_chains: [{ filters: [{ name: 'envoy.filters.network.http_connection_manager', typed_config: manager }] }],
  };
}

function socketAddress(address: string, port: number): Message {
  return { socket_address: { address, port_value: port } };
}
