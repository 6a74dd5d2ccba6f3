/** A gateway's proxy: listeners of the Gateways that select it, routes of the virtual services bound to them. */

import { fields, records, textsAt } from '../../../model/fields.ts';
import { socketAddress } from '../../xds/address.ts';
import type { Message, Resource } from '../../xds/encode.ts';
import type { Gateway, GatewayServer } from '../model/gateway.ts';
import { hasGatewaySemantics } from '../model/gateway-api.ts';
import { selects } from '../model/names.ts';
import type { ListenerContext, ProxyContext } from '../model/proxy-context.ts';
import type { PushContext } from '../model/push-context.ts';
import { credentialTls } from './credentials.ts';
import { gatewayHttp, TLS_INSPECTOR } from './filters.ts';
import { sharedHosts } from './gateway-hosts.ts';
import { type Bound, passthroughChains, serverNames, tcpFilter } from './gateway-tcp.ts';
import { routeConfiguration, routesOf } from './routes.ts';
import { downstreamTls } from './tls.ts';
import type { VirtualHost } from './virtual-hosts.ts';
import { workloadFilters } from './workload-filters.ts';

/** @returns listeners and routes for the gateway pod. */
export function gatewayListeners(
  push: PushContext,
  proxy: ProxyContext,
): { listeners: readonly Resource[]; routes: readonly Resource[] } {
  const bound = push.gateways
    .filter((gateway) => isFor(gateway, proxy))
    .flatMap((gateway) => gateway.spec.servers.map((server) => ({ gateway, server })));
  const ports = new Map<number, Bound[]>();
  for (const entry of bound) {
    const port = targetPort(push, proxy, entry.server.port.number);
    ports.set(port, [...(ports.get(port) ?? []), entry]);
  }
  const made = [...ports].map(([port, servers]) => onPort(push, proxy, port, servers));
  return { listeners: made.flatMap(({ listeners }) => listeners), routes: made.flatMap(({ routes }) => routes) };
}

/** Istio's Gateways select pods in all namespaces, those of the Gateway API only in their own. */
function isFor(gateway: Gateway, { labels, namespace }: ProxyContext): boolean {
  const { metadata, spec } = gateway;
  return selects(spec.selector, labels) && (!hasGatewaySemantics(gateway) || metadata.namespace === namespace);
}

/** A port has one protocol: that of its oldest server. */
function onPort(
  push: PushContext,
  proxy: ProxyContext,
  port: number,
  servers: readonly Bound[],
): { listeners: readonly Resource[]; routes: readonly Resource[] } {
  const before = workloadFilters(push, proxy);
  const [first] = servers;
  if (first === undefined) return { listeners: [], routes: [] };
  if (isPlainHttp(first.server)) {
    const name = `http.${port}`;
    const plain = servers.filter(({ server }) => isPlainHttp(server));
    return {
      listeners: [listener(port, [{ filters: [gatewayHttp(name, before.http)] }])],
      routes: [routeConfiguration(name, virtualHosts(push, proxy, plain))],
    };
  }
  if (!isTls(first.server)) {
    const filter = tcpFilter(push, first, listenerOf(proxy, first));
    const chains = filter === undefined ? [] : [{ filters: [...before.tcp, filter] }];
    return { listeners: chains.length === 0 ? [] : [listener(port, chains)], routes: [] };
  }
  const secure = servers.filter(({ server }) => isTls(server));
  const ended = secure.filter(({ server }) => isHttps(server));
  const chains = secure.flatMap((one) => tlsChains(push, proxy, one));
  return {
    listeners: chains.length === 0 ? [] : [listener(port, eachMatchOnce(chains), [TLS_INSPECTOR])],
    routes: ended.map((one) => routeConfiguration(httpsName(one), virtualHosts(push, proxy, [one]))),
  };
}

function tlsChains(push: PushContext, proxy: ProxyContext, bound: Bound): readonly Message[] {
  const { server } = bound;
  const before = workloadFilters(push, proxy);
  const { mode = 'SIMPLE', credentialName } = server.tls ?? {};
  if (mode === 'PASSTHROUGH')
    return passthroughChains(push, bound, listenerOf(proxy, bound)).map(({ filters, ...chain }) => ({
      ...chain,
      filters: [...before.tcp, ...records(filters)],
    }));
  const socket = mode === 'ISTIO_MUTUAL' ? downstreamTls() : undefined;
  const own = credentialName === undefined ? undefined : credentialTls(credentialName, mode);
  const tcp = isHttps(server) ? undefined : tcpFilter(push, bound, listenerOf(proxy, bound));
  const filters = isHttps(server)
    ? [gatewayHttp(httpsName(bound), before.http)]
    : [...before.tcp, ...(tcp === undefined ? [] : [tcp])];
  const transport_socket = socket ?? own;
  if (transport_socket === undefined || (tcp === undefined && !isHttps(server))) return [];
  const hosts = server.hosts.map((offered) => offered.slice(offered.indexOf('/') + 1));
  return [{ filter_chain_match: serverNames(hosts), transport_socket, filters }];
}

/** A proxy rejects duplicate matches: the oldest is kept. */
function eachMatchOnce(chains: readonly Message[]): readonly Message[] {
  const known = new Set<string>();
  return chains.flatMap((chain) => {
    const named = textsAt(chain, 'filter_chain_match', 'server_names');
    const names = named.length === 0 ? ['*'] : named;
    const free = names.filter((name) => !known.has(name));
    for (const name of free) known.add(name);
    return free.length === 0 ? [] : [{ ...chain, filter_chain_match: serverNames(free) }];
  });
}

function httpsName({ gateway, server }: Bound): string {
  const { name, namespace } = gateway.metadata;
  return `https.${server.port.number}.${server.port.name ?? ''}.${name}.${namespace}`;
}

function isTls({ port }: GatewayServer): boolean {
  return ['HTTPS', 'TLS'].includes(port.protocol.toUpperCase());
}

function isHttps({ port, tls }: GatewayServer): boolean {
  return port.protocol.toUpperCase() === 'HTTPS' && tls?.mode !== 'PASSTHROUGH';
}

function listenerOf(proxy: ProxyContext, { gateway, server }: Bound): ListenerContext {
  return {
    proxy,
    gateways: [`${gateway.metadata.namespace}/${gateway.metadata.name}`],
    port: server.port.number,
  };
}

function isPlainHttp({ port, tls }: GatewayServer): boolean {
  return (
    ['HTTP', 'HTTP2', 'GRPC'].includes(port.protocol.toUpperCase()) && (tls === undefined || tls.httpsRedirect === true)
  );
}

/** The pod's port behind port 80 of a gateway's Service. */
function targetPort(push: PushContext, proxy: ProxyContext, port: number): number {
  const service = push.services.find(
    ({ metadata, spec }) =>
      metadata.namespace === proxy.namespace && spec.selector !== undefined && selects(spec.selector, proxy.labels),
  );
  const target = service?.spec.ports?.find((candidate) => candidate.port === port)?.targetPort;
  if (typeof target === 'number') return target;
  const named = proxy.pod.spec.containers
    .flatMap(({ ports = [] }) => ports)
    .find(({ name }) => name !== undefined && name === target);
  return named?.containerPort ?? port;
}

function listener(
  port: number,
  filter_chains: readonly Message[],
  listener_filters: readonly Message[] = [],
): Resource {
  return {
    '@type': 'type.googleapis.com/envoy.config.listener.v3.Listener',
    name: `0.0.0.0_${port}`,
    traffic_direction: 'OUTBOUND',
    address: socketAddress('0.0.0.0', port),
    ...(listener_filters.length === 0 ? {} : { listener_filters }),
    filter_chains,
  };
}

function virtualHosts(push: PushContext, proxy: ProxyContext, servers: readonly Bound[]): readonly VirtualHost[] {
  const hosts = new Map<string, { routes: Message[]; redirect: boolean }>();
  for (const { gateway, server } of servers) {
    const listener = listenerOf(proxy, { gateway, server });
    const bound = push.virtualServices.boundTo(listener.gateways, listener.proxy.namespace);
    for (const service of bound) {
      const routes = routesOf(push, service, listener);
      for (const host of sharedHosts(gateway, server, service)) {
        const entry = hosts.get(host) ?? { routes: [], redirect: false };
        hosts.set(host, {
          routes: [...entry.routes, ...routes],
          redirect: entry.redirect || server.tls?.httpsRedirect === true,
        });
      }
    }
  }
  if (hosts.size === 0)
    return [
      { name: 'blackhole', domains: ['*'], routes: [{ match: { prefix: '/' }, direct_response: { status: 404 } }] },
    ];
  return [...hosts].map(([host, { routes, redirect }]) => ({
    name: host,
    domains: [host],
    routes: catchAllsLast(routes),
    include_request_attempt_count: true,
    ...(redirect ? { require_tls: 'ALL' } : {}),
  }));
}

/** Rules of several virtual services for one host are joined; a catch-all must not hide the others. */
function catchAllsLast(routes: readonly Message[]): readonly Message[] {
  const takesAll = (route: Message): boolean => {
    const match = fields(route['match']);
    return match['prefix'] === '/' && match['headers'] === undefined && match['query_parameters'] === undefined;
  };
  return [...routes.filter((route) => !takesAll(route)), ...routes.filter(takesAll)];
}
