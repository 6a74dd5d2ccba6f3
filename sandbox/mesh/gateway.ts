/** A gateway's proxy: listeners of the Gateways that select it, routes of the virtual services bound to them. */
import type { Message, Resource } from '../xds/encode.ts';
import { guardsOf } from './authorization/filters.ts';
import { gatewayHttp } from './filters.ts';
import type { Gateway, GatewayServer, Pod, VirtualService } from './kinds.ts';
import { qualify, selects } from './names.ts';
import { type Asking, isFor, routeConfiguration, routesOf } from './routes.ts';
import { isVisible, type World } from './world.ts';

interface Bound {
  readonly gateway: Gateway;
  readonly server: GatewayServer;
}

/** @returns listeners and routes for the gateway pod. */
export function gatewayListeners(
  world: World,
  pod: Pod,
): { listeners: readonly Resource[]; routes: readonly Resource[] } {
  const bound = world.gateways
    .filter(({ spec }) => selects(spec.selector, pod.metadata.labels))
    .flatMap((gateway) => gateway.spec.servers.map((server) => ({ gateway, server })));
  const ports = new Map<number, Bound[]>();
  for (const entry of bound) {
    // TLS servers need certificates that this control plane does not hand out; the status of the Gateway says so.
    if (!isPlainHttp(entry.server)) continue;
    const port = targetPort(world, pod, entry.server.port.number);
    ports.set(port, [...(ports.get(port) ?? []), entry]);
  }
  const entries = [...ports];
  const guards = guardsOf(world, pod);
  return {
    listeners: entries.map(([port]) => listener(port, guards.http)),
    routes: entries.map(([port, servers]) => routeConfiguration(`http.${port}`, virtualHosts(world, pod, servers))),
  };
}

export function isPlainHttp({ port, tls }: GatewayServer): boolean {
  return (
    ['HTTP', 'HTTP2', 'GRPC'].includes(port.protocol.toUpperCase()) && (tls === undefined || tls.httpsRedirect === true)
  );
}

/** A gateway's Service says on which port of the pod its port 80 arrives. */
function targetPort(world: World, pod: Pod, port: number): number {
  const service = world.services.find(
    ({ metadata, spec }) =>
      metadata.namespace === pod.metadata.namespace &&
      spec.selector !== undefined &&
      selects(spec.selector, pod.metadata.labels),
  );
  const target = service?.spec.ports?.find((candidate) => candidate.port === port)?.targetPort;
  if (typeof target === 'number') return target;
  const named = pod.spec.containers
    .flatMap(({ ports = [] }) => ports)
    .find(({ name }) => name !== undefined && name === target);
  return named?.containerPort ?? port;
}

function listener(port: number, guards: readonly Message[]): Resource {
  return {
    '@type': 'type.googleapis.com/envoy.config.listener.v3.Listener',
    name: `0.0.0.0_${port}`,
    traffic_direction: 'OUTBOUND',
    address: { socket_address: { address: '0.0.0.0', port_value: port } },
    filter_chains: [{ filters: [gatewayHttp(`http.${port}`, guards)] }],
  };
}

function virtualHosts(world: World, pod: Pod, servers: readonly Bound[]): readonly Message[] {
  const hosts = new Map<string, { routes: Message[]; redirect: boolean }>();
  for (const { gateway, server } of servers) {
    const name = `${gateway.metadata.namespace}/${gateway.metadata.name}`;
    const asking: Asking = {
      namespace: pod.metadata.namespace ?? '',
      labels: pod.metadata.labels ?? {},
      gateways: [name],
      port: server.port.number,
    };
    const bound = world.virtualServices.filter(
      (candidate) => isFor(candidate, [name]) && isVisible(candidate, asking.namespace),
    );
    for (const service of bound) {
      const routes = routesOf(world, service, asking);
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

/** Rules of several virtual services for one host are joined; one that takes everything must not hide the others. */
function catchAllsLast(routes: readonly Message[]): readonly Message[] {
  const takesAll = (route: Message): boolean => {
    const match = route['match'] as Message;
    return match['prefix'] === '/' && match['headers'] === undefined && match['query_parameters'] === undefined;
  };
  return [...routes.filter((route) => !takesAll(route)), ...routes.filter(takesAll)];
}

/** What both the server and the virtual service speak for: the narrower name of each pair. */
function sharedHosts(gateway: Gateway, server: GatewayServer, service: VirtualService): readonly string[] {
  const shared = new Set<string>();
  for (const offered of server.hosts) {
    const host = hostFor(offered, gateway, service);
    if (host === undefined) continue;
    for (const pattern of service.spec.hosts) {
      const wanted = qualify(pattern, service.metadata.namespace ?? '');
      const narrower = narrow(host, wanted);
      // Envoy takes a host once, however it is written.
      if (narrower !== undefined) shared.add(narrower.toLowerCase());
    }
  }
  return [...shared];
}

/** `ns/host` admits only virtual services of that namespace, `./host` those of the gateway's. */
function hostFor(offered: string, gateway: Gateway, service: VirtualService): string | undefined {
  const slash = offered.indexOf('/');
  if (slash < 0) return offered;
  const namespace = offered.slice(0, slash);
  const wanted = namespace === '.' ? gateway.metadata.namespace : namespace;
  return wanted === '*' || wanted === service.metadata.namespace ? offered.slice(slash + 1) : undefined;
}

function narrow(a: string, b: string): string | undefined {
  if (a === b) return a;
  if (covers(a, b)) return b;
  return covers(b, a) ? a : undefined;
}

function covers(pattern: string, host: string): boolean {
  return pattern === '*' || (pattern.startsWith('*.') && host.endsWith(pattern.slice(1)));
}
