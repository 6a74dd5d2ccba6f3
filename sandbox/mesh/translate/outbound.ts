/** Outbound traffic: everything arrives at 15001 and is handed to the listener of its destination. */

import { socketAddress } from '../../xds/address.ts';
import type { Message, Resource } from '../../xds/encode.ts';
import { isOpen, isTold, sidecarOf } from '../kinds/sidecar.ts';
import type { MeshConfig } from '../model/mesh-config.ts';
import { isHeadless, type MeshPort } from '../model/mesh-port.ts';
import { outboundCluster } from '../model/names.ts';
import { isHttp, protocolOf } from '../model/protocols.ts';
import type { ListenerContext, ProxyContext } from '../model/proxy-context.ts';
import type { PushContext } from '../model/push-context.ts';
import { PLAINTEXT_HTTP } from './alpn.ts';
import { destinationsFor } from './destinations.ts';
import { entryListeners } from './entry-listeners.ts';
import { HTTP_INSPECTOR, outboundHttp, TLS_INSPECTOR, tcpProxy } from './filters.ts';
import { defaultRoute, meetsListener, otherHosts, routeConfiguration, routesOf, ruleFor } from './routes.ts';
import type { VirtualHost } from './virtual-hosts.ts';

const LISTENER = 'type.googleapis.com/envoy.config.listener.v3.Listener';

/** @returns listeners and routes for a pod's own calls. */
export function outboundListeners(
  push: PushContext,
  proxy: ProxyContext,
): { listeners: readonly Resource[]; routes: readonly Resource[] } {
  const from = proxy.namespace;
  const sidecar = sidecarOf(push, proxy);
  const open = isOpen(sidecar, push.settings.outbound);
  const elsewhere = open ? 'PassthroughCluster' : 'BlackHoleCluster';
  const known = push.portsVisibleTo(from).filter((port) => isTold(sidecar, port, from));
  const ports = known.filter(
    (port) =>
      ((port.entry ?? port.alias) !== undefined && isByHost(push, port)) ||
      port.service.spec.clusterIP === 'None' ||
      hasAddress(port.service.spec.clusterIP),
  );
  const entries = known.filter((port) => port.entry !== undefined && !isByHost(push, port));
  const http = ports.filter((port) => isByHost(push, port));
  const httpPorts = [...new Set(http.map(({ port }) => port.port))];
  const others = ports.filter((port) => !isByHost(push, port));
  const sniffed = others.filter((port) => isSniffed(push, port));
  return {
    listeners: [
      virtualOutbound(elsewhere),
      ...httpPorts.map((port) => httpListener(push, port, elsewhere)),
      ...others.flatMap((port) => addressesFor(push, port).map((address) => listener(push, proxy, port, address))),
      ...entryListeners(entries, httpPorts, (port) => tcpFilter(push, proxy, port), elsewhere),
    ],
    routes: [
      ...httpPorts.map((port) => httpRoutes(push, proxy, port, ports, open)),
      ...sniffed.map((port) => routesFor(push, proxy, port)),
    ],
  };
}

/** Whether requests are routed by the Host header: HTTP ports, and ports without an address that may be HTTP. */
function isByHost(push: PushContext, port: MeshPort): boolean {
  return isHttp(port.port) || (port.service.spec.externalName !== undefined && isSniffed(push, port));
}

function hasAddress(clusterIP: string | undefined): clusterIP is string {
  return clusterIP !== undefined && clusterIP !== '' && clusterIP !== 'None';
}

/** Addresses to which calls to a Service go: its own, or those of its pods. */
function addressesFor(push: PushContext, port: MeshPort): readonly string[] {
  if (!isHeadless(port)) return [port.service.spec.clusterIP ?? ''];
  return [...new Set(push.addresses(port).map(({ ip }) => ip))];
}

function virtualOutbound(elsewhere: string): Resource {
  return {
    '@type': LISTENER,
    name: 'virtualOutbound',
    traffic_direction: 'OUTBOUND',
    address: socketAddress('0.0.0.0', 15_001),
    use_original_dst: true,
    filter_chains: [
      {
        name: 'virtualOutbound-blackhole',
        filter_chain_match: { destination_port: 15_001 },
        filters: [tcpProxy('BlackHoleCluster')],
      },
      { name: 'virtualOutbound-catchall-tcp', filters: [tcpProxy(elsewhere)] },
    ],
  };
}

/** The shared listener for all HTTP Services on a port, routed by Host header. Other protocols go to `elsewhere`. */
function httpListener({ settings }: PushContext, port: number, elsewhere: string): Resource {
  const filters = [outboundHttp(String(port))];
  const chains = settings.protocolDetection.outbound
    ? sniffing(settings, [HTTP_INSPECTOR], filters, [tcpProxy(elsewhere)])
    : { filter_chains: [{ filters }] };
  return {
    '@type': LISTENER,
    name: `0.0.0.0_${port}`,
    traffic_direction: 'OUTBOUND',
    address: socketAddress('0.0.0.0', port),
    bind_to_port: false,
    ...chains,
  };
}

/** The listener of one Service. If the port's protocol is unknown and detection is on, it detects HTTP; the rest is TCP. */
function listener(push: PushContext, proxy: ProxyContext, port: MeshPort, address: string): Resource {
  const tcp = [tcpFilter(push, proxy, port)];
  const chains = isSniffed(push, port)
    ? sniffing(push.settings, [TLS_INSPECTOR, HTTP_INSPECTOR], [outboundHttp(routesName(port))], tcp)
    : { filter_chains: [{ filters: tcp }] };
  return {
    '@type': LISTENER,
    name: `${address}_${port.port.port}`,
    traffic_direction: 'OUTBOUND',
    address: socketAddress(address, port.port.port),
    bind_to_port: false,
    ...chains,
  };
}

function isSniffed({ settings }: PushContext, port: MeshPort): boolean {
  return settings.protocolDetection.outbound && protocolOf(port.port) === 'unknown';
}

function sniffing(
  { protocolDetection }: MeshConfig,
  inspectors: readonly Message[],
  http: readonly Message[],
  rest: readonly Message[],
): Message {
  return {
    listener_filters: inspectors,
    listener_filters_timeout: protocolDetection.timeout,
    continue_on_listener_filters_timeout: true,
    filter_chains: [
      {
        filter_chain_match: { transport_protocol: 'raw_buffer', application_protocols: PLAINTEXT_HTTP },
        filters: http,
      },
    ],
    default_filter_chain: { filters: rest },
  };
}

function routesName({ host, port }: MeshPort): string {
  return `${host}:${port.port}`;
}

/** Routes regardless of the Host header, because the address identifies the Service. */
function routesFor(push: PushContext, proxy: ProxyContext, port: MeshPort): Resource {
  const host = virtualHost(push, port, listenerOf(proxy, port.port.port));
  return routeConfiguration(routesName(port), [{ ...host, domains: ['*'] }]);
}

function tcpFilter(push: PushContext, proxy: ProxyContext, port: MeshPort): Message {
  const listener = listenerOf(proxy, port.port.port);
  const service = ruleFor(push, port.host, listener);
  const route = service?.spec.tcp?.find(
    (candidate) =>
      (candidate.match ?? []).length === 0 || candidate.match?.some((match) => meetsListener(match, service, listener)),
  );
  const own = outboundCluster(port.port.port, '', port.host);
  if (service === undefined || route?.route === undefined || route.route.length === 0) return tcpProxy(own);
  const destinations = destinationsFor(push, service.metadata.namespace ?? '', listener);
  const clusters = route.route
    .map(({ destination, weight }) => ({ name: destinations.cluster(destination), weight: weight ?? 100 }))
    .filter(({ weight }) => weight > 0);
  const [first] = clusters;
  return clusters.length === 1 && first !== undefined ? tcpProxy(first.name) : tcpProxy(own, clusters);
}

function httpRoutes(
  push: PushContext,
  proxy: ProxyContext,
  port: number,
  ports: readonly MeshPort[],
  open: boolean,
): Resource {
  const listener = listenerOf(proxy, port);
  const hosts = ports
    .filter((candidate) => candidate.port.port === port && isByHost(push, candidate))
    .map((candidate) => virtualHost(push, candidate, listener));
  const passthrough = {
    name: 'allow_any',
    domains: ['*'],
    routes: [{ match: { prefix: '/' }, route: { cluster: 'PassthroughCluster', timeout: '0s' } }],
  };
  const others = otherHosts(push, listener, ports).map(({ service, hosts: domains }) => ({
    name: `${domains[0]}:${port}`,
    domains,
    routes: routesOf(push, service, listener),
    include_request_attempt_count: true,
  }));
  return routeConfiguration(String(port), [...hosts, ...others, open ? passthrough : BLOCKED]);
}

const BLOCKED: VirtualHost = {
  name: 'block_all',
  domains: ['*'],
  routes: [{ name: 'block_all', match: { prefix: '/' }, direct_response: { status: 502 } }],
};

function virtualHost(push: PushContext, port: MeshPort, listener: ListenerContext): VirtualHost {
  const rule = ruleFor(push, port.host, listener);
  const routes = rule?.spec.http === undefined ? [] : routesOf(push, rule, listener);
  return {
    name: `${port.host}:${port.port.port}`,
    domains: domainsOf(port, listener.proxy.namespace),
    // A rule whose routes are all for other ports or callers does not apply here.
    routes: routes.length === 0 ? [defaultRoute(push, port, listener)] : routes,
    include_request_attempt_count: true,
  };
}

/** Every form of the Service's name from the caller's namespace. */
function domainsOf(port: MeshPort, from: string): readonly string[] {
  const { host, service, namespace, entry } = port;
  if (entry !== undefined && service.spec.externalName === undefined)
    return [host, ...(entry.spec.addresses ?? []).filter((address) => !address.includes('/'))];
  const { name } = service.metadata;
  const short = from === namespace ? [name] : [];
  const address = hasAddress(service.spec.clusterIP) ? [service.spec.clusterIP] : [];
  const names = [host, `${host}.`, ...short, `${name}.${namespace}`, `${name}.${namespace}.svc`];
  // Pods of a headless Service have names below its own.
  const ofPods = isHeadless(port) ? names.map((one) => `*.${one}`) : [];
  return [...names, ...ofPods, ...address];
}

function listenerOf(proxy: ProxyContext, port: number): ListenerContext {
  return { proxy, gateways: ['mesh'], port };
}
