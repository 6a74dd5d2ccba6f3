/** Routes → the router's Envoy configuration. Pure. */

import type { Snapshot } from '../xds/ads.ts';
import type { Message, Resource } from '../xds/encode.ts';
import type { Route } from './kinds.ts';

export interface RouterWorld {
  /** Those that were admitted. */
  readonly routes: readonly Route[];
  /** Ready addresses behind a Route's backend; the port as the Route names it, the first when it names none. */
  addresses(
    namespace: string,
    service: string,
    port: string | number | undefined,
  ): readonly { readonly ip: string; readonly port: number }[];
}

/** For edge and re-encrypted Routes without a certificate of their own. PEM. */
export interface WildcardCertificate {
  readonly chain: string;
  readonly key: string;
}

const EXTENSIONS = 'type.googleapis.com/envoy.extensions';
const ADS = { ads: {}, initial_fetch_timeout: '0s', resource_api_version: 'V3' };
const HTTP_OPTIONS = 'envoy.extensions.upstreams.http.v3.HttpProtocolOptions';

/** What OpenShift's router answers for a name it does not know. */
const UNAVAILABLE = `<!doctype html><html><head><title>Application is not available</title></head><body><h1>Application is not available</h1>
<p>The application is currently not serving requests at this endpoint. It may not have been started or is still starting.</p>
<p>Possible reasons: the host does not exist, or there is no route for it; the host exists, but has no matching path; the route and path match, but all pods are down.</p></body></html>`;

export function routerSnapshot(world: RouterWorld, address: string, certificate: WildcardCertificate): Snapshot {
  const backends = world.routes.flatMap((route) => backendsOf(route).map((backend) => ({ route, ...backend })));
  return {
    clusters: backends.map(({ route, service }) => cluster(route, service)),
    endpoints: backends.map(({ route, service }) => assignment(world, route, service)),
    listeners: [httpListener(address), httpsListener(address, world.routes, certificate)],
    routes: [
      routeConfiguration('http', world.routes.filter(servesHttp), false),
      routeConfiguration('https', world.routes.filter(servesHttps), true),
    ],
  };
}

function backendsOf(route: Route): readonly { service: string; weight: number }[] {
  return [route.spec.to, ...(route.spec.alternateBackends ?? [])].map(({ name, weight }) => ({
    service: name,
    weight: weight ?? 100,
  }));
}

function clusterName(route: Route, service: string): string {
  return `${route.metadata.namespace}|${route.metadata.name}|${service}`;
}

function servesHttp({ spec }: Route): boolean {
  return (
    spec.tls === undefined ||
    spec.tls.insecureEdgeTerminationPolicy === 'Allow' ||
    spec.tls.insecureEdgeTerminationPolicy === 'Redirect'
  );
}

function servesHttps({ spec }: Route): boolean {
  return spec.tls !== undefined && spec.tls.termination !== 'passthrough';
}

function cluster(route: Route, service: string): Resource {
  const reencrypt = route.spec.tls?.termination === 'reencrypt';
  return {
    '@type': 'type.googleapis.com/envoy.config.cluster.v3.Cluster',
    name: clusterName(route, service),
    type: 'EDS',
    eds_cluster_config: { eds_config: ADS },
    connect_timeout: '5s',
    lb_policy: 'LEAST_REQUEST',
    common_lb_config: { update_merge_window: '0s' },
    typed_extension_protocol_options: {
      [HTTP_OPTIONS]: {
        '@type': `${EXTENSIONS}.upstreams.http.v3.HttpProtocolOptions`,
        explicit_http_config: { http_protocol_options: {} },
      },
    },
    ...(reencrypt
      ? {
          transport_socket: {
            name: 'envoy.transport_sockets.tls',
            typed_config: {
              '@type': `${EXTENSIONS}.transport_sockets.tls.v3.UpstreamTlsContext`,
              sni: route.spec.host ?? '',
            },
          },
        }
      : {}),
  };
}

function assignment(world: RouterWorld, route: Route, service: string): Resource {
  const found = world.addresses(route.metadata.namespace ?? '', service, route.spec.port?.targetPort);
  const lb_endpoints = found.map(({ ip, port }) => ({
    endpoint: { address: { socket_address: { address: ip, port_value: port } } },
  }));
  return {
    '@type': 'type.googleapis.com/envoy.config.endpoint.v3.ClusterLoadAssignment',
    cluster_name: clusterName(route, service),
    endpoints: lb_endpoints.length === 0 ? [] : [{ lb_endpoints }],
  };
}

function routeConfiguration(name: string, routes: readonly Route[], secure: boolean): Resource {
  const hosts = new Map<string, Route[]>();
  for (const route of routes) {
    const host = domainOf(route);
    hosts.set(host, [...(hosts.get(host) ?? []), route]);
  }
  const unknown = { name: 'unknown', domains: ['*'], routes: [unavailable()] };
  const virtualHosts = [...hosts].map(([host, of]) => ({
    name: host,
    domains: [host],
    routes: [...of].sort(longestPathFirst).map((route) => routeOf(route, secure)),
  }));
  return {
    '@type': 'type.googleapis.com/envoy.config.route.v3.RouteConfiguration',
    name,
    validate_clusters: false,
    ignore_port_in_host_matching: true,
    virtual_hosts: [...virtualHosts, unknown],
  };
}

function domainOf({ spec }: Route): string {
  const host = spec.host ?? '';
  return spec.wildcardPolicy === 'Subdomain' ? `*${host.slice(host.indexOf('.'))}` : host;
}

function longestPathFirst(a: Route, b: Route): number {
  return (b.spec.path ?? '').length - (a.spec.path ?? '').length;
}

function routeOf(route: Route, secure: boolean): Message {
  const match = { prefix: route.spec.path ?? '/' };
  if (!secure && route.spec.tls?.insecureEdgeTerminationPolicy === 'Redirect')
    return { match, redirect: { https_redirect: true, response_code: 'FOUND' } };
  const backends = backendsOf(route);
  const [first] = backends;
  const options = { timeout: '30s', retry_policy: { retry_on: 'connect-failure', num_retries: 2 } };
  if (backends.length === 1 && first !== undefined)
    return { match, route: { cluster: clusterName(route, first.service), ...options } };
  const clusters = backends
    .filter(({ weight }) => weight > 0)
    .map(({ service, weight }) => ({ name: clusterName(route, service), weight }));
  return clusters.length === 0
    ? { ...unavailable(), match }
    : { match, route: { weighted_clusters: { clusters }, ...options } };
}

function unavailable(): Message {
  return {
    match: { prefix: '/' },
    direct_response: { status: 503, body: { inline_string: UNAVAILABLE } },
    response_headers_to_add: [
      { header: { key: 'content-type', value: 'text/html' }, append_action: 'OVERWRITE_IF_EXISTS_OR_ADD' },
    ],
  };
}

function manager(name: string): Message {
  return {
    name: 'envoy.filters.network.http_connection_manager',
    typed_config: {
      '@type': `${EXTENSIONS}.filters.network.http_connection_manager.v3.HttpConnectionManager`,
      stat_prefix: name,
      rds: { config_source: ADS, route_config_name: name },
      use_remote_address: true,
      // What the mesh behind says of a request's id is passed on to the browser.
      preserve_external_request_id: true,
      stream_idle_timeout: '0s',
      upgrade_configs: [{ upgrade_type: 'websocket' }],
      http_filters: [
        { name: 'envoy.filters.http.router', typed_config: { '@type': `${EXTENSIONS}.filters.http.router.v3.Router` } },
      ],
    },
  };
}

function httpListener(address: string): Resource {
  return {
    '@type': 'type.googleapis.com/envoy.config.listener.v3.Listener',
    name: 'http',
    address: { socket_address: { address, port_value: 80 } },
    filter_chains: [{ filters: [manager('http')] }],
  };
}

function httpsListener(address: string, routes: readonly Route[], certificate: WildcardCertificate): Resource {
  const passthrough = routes
    .filter(({ spec }) => spec.tls?.termination === 'passthrough')
    .map((route) => ({
      filter_chain_match: { server_names: [route.spec.host ?? ''] },
      filters: [
        {
          name: 'envoy.filters.network.tcp_proxy',
          typed_config: {
            '@type': `${EXTENSIONS}.filters.network.tcp_proxy.v3.TcpProxy`,
            stat_prefix: 'passthrough',
            cluster: clusterName(route, route.spec.to.name),
          },
        },
      ],
    }));
  const tls = {
    '@type': `${EXTENSIONS}.transport_sockets.tls.v3.DownstreamTlsContext`,
    common_tls_context: {
      alpn_protocols: ['http/1.1'],
      tls_certificates: [
        { certificate_chain: { inline_string: certificate.chain }, private_key: { inline_string: certificate.key } },
      ],
    },
  };
  return {
    '@type': 'type.googleapis.com/envoy.config.listener.v3.Listener',
    name: 'https',
    address: { socket_address: { address, port_value: 443 } },
    listener_filters: [
      {
        name: 'envoy.filters.listener.tls_inspector',
        typed_config: { '@type': `${EXTENSIONS}.filters.listener.tls_inspector.v3.TlsInspector` },
      },
    ],
    filter_chains: [
      ...passthrough,
      {
        filter_chain_match: { transport_protocol: 'tls' },
        transport_socket: { name: 'envoy.transport_sockets.tls', typed_config: tls },
        filters: [manager('https')],
      },
    ],
  };
}
