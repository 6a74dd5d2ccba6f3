/** Translates Routes to the Envoy configuration of the router. Pure. */
import { socketAddress } from '../xds/address.ts';
import type { Message, Resource } from '../xds/encode.ts';
import type { Snapshot } from '../xds/snapshot.ts';
import type { Route } from './kinds.ts';
import { type AddressesOf, assignment, cluster, clusterName } from './router-clusters.ts';
import { routeConfiguration, STATEFUL_SESSION, UNAVAILABLE } from './router-routes.ts';

export interface RouterInput {
  /** The admitted Routes. */
  readonly routes: readonly Route[];
  readonly addresses: AddressesOf;
}

/** The certificate (PEM) for edge and re-encrypt Routes that have none of their own. */
export interface RouterCertificate {
  readonly chain: string;
  readonly key: string;
}

const EXTENSIONS = 'type.googleapis.com/envoy.extensions';
const ADS = { ads: {}, initial_fetch_timeout: '0s', resource_api_version: 'V3' };

/** @param address the router's IP address. @param certificate used for Routes without a certificate. */
export function routerSnapshot(
  { routes, addresses }: RouterInput,
  address: string,
  certificate: RouterCertificate,
): Snapshot {
  return {
    clusters: routes.map(cluster),
    endpoints: routes.map((route) => assignment(route, addresses)),
    listeners: [httpListener(address), httpsListener(address, routes, certificate)],
    routes: [
      routeConfiguration('http', routes.filter(servesHttp), false),
      routeConfiguration('https', routes.filter(servesHttps), true),
    ],
  };
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

function manager(name: string): Message {
  return {
    name: 'envoy.filters.network.http_connection_manager',
    typed_config: {
      '@type': `${EXTENSIONS}.filters.network.http_connection_manager.v3.HttpConnectionManager`,
      stat_prefix: name,
      rds: { config_source: ADS, route_config_name: name },
      use_remote_address: true,
      // Return the request ID from the mesh to the browser.
      preserve_external_request_id: true,
      stream_idle_timeout: '0s',
      upgrade_configs: [{ upgrade_type: 'websocket' }],
      local_reply_config: { mappers: [unavailablePage(), timeoutPage()] },
      http_filters: [
        {
          name: STATEFUL_SESSION,
          typed_config: { '@type': `${EXTENSIONS}.filters.http.stateful_session.v3.StatefulSession` },
        },
        { name: 'envoy.filters.http.router', typed_config: { '@type': `${EXTENSIONS}.filters.http.router.v3.Router` } },
      ],
    },
  };
}

function httpListener(address: string): Resource {
  return {
    '@type': 'type.googleapis.com/envoy.config.listener.v3.Listener',
    name: 'http',
    address: socketAddress(address, 80),
    filter_chains: [{ filters: [manager('http')] }],
  };
}

/** Replaces Envoy's own answer for the given response flags with a page of the router. */
function page(flags: readonly string[], body: string): Message {
  return {
    filter: { response_flag_filter: { flags } },
    body: { inline_string: body },
    body_format_override: {
      text_format_source: { inline_string: '%LOCAL_REPLY_BODY%' },
      content_type: 'text/html',
    },
  };
}

/** For no ready pod (`UH`), or a failed connection (`UF`). */
function unavailablePage(): Message {
  return page(['UH', 'UF'], UNAVAILABLE);
}

function timeoutPage(): Message {
  return page(
    ['UT'],
    "<html><body><h1>504 Gateway Time-out</h1>\nThe server didn't respond in time.\n</body></html>\n",
  );
}

function httpsListener(address: string, routes: readonly Route[], fallback: RouterCertificate): Resource {
  const chains = new Map<string, Message>();
  for (const route of routes) {
    const host = route.spec.host ?? '';
    const { termination, certificate, key, caCertificate } = route.spec.tls ?? {};
    if (termination === 'passthrough') chains.set(host, passthroughChain(route, host));
    else if (certificate && key && !chains.has(host)) {
      const chain = [certificate, caCertificate ?? ''].join('\n');
      chains.set(host, terminatingChain({ server_names: [host] }, { chain, key }));
    }
  }
  return {
    '@type': 'type.googleapis.com/envoy.config.listener.v3.Listener',
    name: 'https',
    address: socketAddress(address, 443),
    listener_filters: [
      {
        name: 'envoy.filters.listener.tls_inspector',
        typed_config: { '@type': `${EXTENSIONS}.filters.listener.tls_inspector.v3.TlsInspector` },
      },
    ],
    filter_chains: [...chains.values(), terminatingChain({ transport_protocol: 'tls' }, fallback)],
  };
}

function passthroughChain(route: Route, host: string): Message {
  const proxy = {
    '@type': `${EXTENSIONS}.filters.network.tcp_proxy.v3.TcpProxy`,
    stat_prefix: 'passthrough',
    cluster: clusterName(route),
    hash_policy: [{ source_ip: {} }],
  };
  return {
    filter_chain_match: { server_names: [host] },
    filters: [{ name: 'envoy.filters.network.tcp_proxy', typed_config: proxy }],
  };
}

function terminatingChain(filter_chain_match: Message, { chain, key }: RouterCertificate): Message {
  const tls = {
    '@type': `${EXTENSIONS}.transport_sockets.tls.v3.DownstreamTlsContext`,
    common_tls_context: {
      alpn_protocols: ['http/1.1'],
      tls_certificates: [{ certificate_chain: { inline_string: chain }, private_key: { inline_string: key } }],
    },
  };
  return {
    filter_chain_match,
    transport_socket: { name: 'envoy.transport_sockets.tls', typed_config: tls },
    filters: [manager('https')],
  };
}
