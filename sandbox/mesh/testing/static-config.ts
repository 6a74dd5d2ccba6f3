/** A proxy's snapshot as one bootstrap that `envoy --mode validate` checks: dynamic resources are inlined. */

import { at, text } from '../../../model/fields.ts';
import { parseGoDuration } from '../../xds/duration.ts';
import type { Message } from '../../xds/encode.ts';
import type { Snapshot } from '../../xds/snapshot.ts';

export function staticConfig(snapshot: Snapshot): Message {
  const routes = new Map(snapshot.routes.map(({ '@type': _, ...route }) => [String(route['name']), route]));
  const endpoints = new Map(snapshot.endpoints.map(({ '@type': _, ...one }) => [String(one['cluster_name']), one]));
  const clusters = snapshot.clusters
    .map(({ '@type': _, ...cluster }) => {
      if (cluster['type'] !== 'EDS') return cluster;
      const { eds_cluster_config: __, ...rest } = cluster;
      return { ...rest, type: 'STATIC', load_assignment: endpoints.get(String(cluster['name'])) };
    })
    .map((cluster) => withRoutes(cluster, routes));
  const listeners = snapshot.listeners.map(({ '@type': _, ...listener }) => withRoutes(listener, routes));
  const secrets = (snapshot.secrets ?? []).map(({ '@type': _, ...secret }) => secret);
  const sockets = ['xds', 'sds-grpc'].map((name) => ({
    name,
    type: 'STATIC',
    load_assignment: {
      cluster_name: name,
      endpoints: [{ lb_endpoints: [{ endpoint: { address: { pipe: { path: `/${name}` } } } }] }],
    },
    typed_extension_protocol_options: {
      'envoy.extensions.upstreams.http.v3.HttpProtocolOptions': {
        '@type': 'type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions',
        explicit_http_config: { http2_protocol_options: {} },
      },
    },
  }));
  return {
    node: { id: 'x', cluster: 'x' },
    layered_runtime: { layers: [{ name: 'static', static_layer: { 're2.max_program_size.error_level': 32_768 } }] },
    dynamic_resources: {
      ads_config: {
        api_type: 'GRPC',
        transport_api_version: 'V3',
        grpc_services: [{ envoy_grpc: { cluster_name: 'xds' } }],
      },
    },
    static_resources: {
      clusters: [...sockets, ...clusters].map(inSeconds),
      listeners: listeners.map(inSeconds),
      secrets,
    },
  };
}

/** Our encoder accepts durations as Istio writes them; a bootstrap needs them in seconds. */
function inSeconds(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inSeconds);
  if (typeof value === 'string') {
    const ms = /^\d/.test(value) ? parseGoDuration(value) : undefined;
    return ms === undefined ? value : `${ms / 1_000}s`;
  }
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, inSeconds(item)]));
}

const BY_STREAM: Message = {
  api_config_source: {
    api_type: 'GRPC',
    transport_api_version: 'V3',
    grpc_services: [{ envoy_grpc: { cluster_name: 'sds-grpc' } }],
  },
  resource_api_version: 'V3',
};

function withRoutes(value: unknown, routes: ReadonlyMap<string, Message>): unknown {
  if (Array.isArray(value)) return value.map((item) => withRoutes(item, routes));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, item]): [string, unknown] => {
    // No requests are made in validation, and the shared stream is not available.
    if (key === 'sds_config' && 'ads' in item) return [key, BY_STREAM];
    if (key !== 'rds') return [key, withRoutes(item, routes)];
    const name = text(at(item, 'route_config_name'));
    return ['route_config', routes.get(name) ?? { name, virtual_hosts: [] }];
  });
  return Object.fromEntries(entries);
}
