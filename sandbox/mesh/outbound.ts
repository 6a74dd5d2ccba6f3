/** What an app sends: everything arrives at 15001 and is handed to the listener of its destination. */
import type { Message, Resource } from '../xds/encode.ts';
import { outboundHttp, tcpProxy } from './filters.ts';
import type { Pod, TcpRoute, VirtualService } from './kinds.ts';
import { outboundCluster, selects } from './names.ts';
import {
  type Asking,
  defaultRoute,
  destinationsFor,
  gatewayName,
  routeConfiguration,
  routesOf,
  ruleFor,
} from './routes.ts';
import { isHttp, type MeshPort, meshPorts, type World } from './world.ts';

const LISTENER = 'type.googleapis.com/envoy.config.listener.v3.Listener';

/** @returns listeners and routes for a pod's own calls. */
export function outboundListeners(
  world: World,
  pod: Pod,
): { listeners: readonly Resource[]; routes: readonly Resource[] } {
  const ports = meshPorts(world).filter(({ service }) => hasAddress(service.spec.clusterIP));
  const httpPorts = [...new Set(ports.filter(({ port }) => isHttp(port)).map(({ port }) => port.port))];
  const tcp = ports.filter(({ port }) => !isHttp(port));
  return {
    listeners: [virtualOutbound(), ...httpPorts.map(httpListener), ...tcp.map((port) => tcpListener(world, pod, port))],
    routes: httpPorts.map((port) => httpRoutes(world, pod, port, ports)),
  };
}

function hasAddress(clusterIP: string | undefined): clusterIP is string {
  return clusterIP !== undefined && clusterIP !== '' && clusterIP !== 'None';
}

function virtualOutbound(): Resource {
  return {
    '@type': LISTENER,
    name: 'virtualOutbound',
    traffic_direction: 'OUTBOUND',
    address: { socket_address: { address: '0.0.0.0', port_value: 15_001 } },
    use_original_dst: true,
    filter_chains: [
      {
        name: 'virtualOutbound-blackhole',
        filter_chain_match: { destination_port: 15_001 },
        filters: [tcpProxy('BlackHoleCluster')],
      },
      { name: 'virtualOutbound-catchall-tcp', filters: [tcpProxy('PassthroughCluster')] },
    ],
  };
}

/** All HTTP Services of one port share a listener; the host header tells them apart. */
function httpListener(port: number): Resource {
  return {
    '@type': LISTENER,
    name: `0.0.0.0_${port}`,
    traffic_direction: 'OUTBOUND',
    address: { socket_address: { address: '0.0.0.0', port_value: port } },
    bind_to_port: false,
    filter_chains: [{ filters: [outboundHttp(String(port))] }],
  };
}

function tcpListener(world: World, pod: Pod, port: MeshPort): Resource {
  const address = port.service.spec.clusterIP ?? '';
  return {
    '@type': LISTENER,
    name: `${address}_${port.port.port}`,
    traffic_direction: 'OUTBOUND',
    address: { socket_address: { address, port_value: port.port.port } },
    bind_to_port: false,
    filter_chains: [{ filters: [tcpFilter(world, pod, port)] }],
  };
}

function tcpFilter(world: World, pod: Pod, port: MeshPort): Message {
  const asking = askingOf(pod, port.port.port);
  const service = ruleFor(world, port.host, asking);
  const route = service?.spec.tcp?.find((candidate) => tcpMatches(candidate, service, asking));
  const own = outboundCluster(port.port.port, '', port.host);
  if (service === undefined || route?.route === undefined || route.route.length === 0) return tcpProxy(own);
  const destinations = destinationsFor(world, service, asking);
  const clusters = route.route
    .map(({ destination, weight }) => ({ name: destinations.cluster(destination), weight: weight ?? 100 }))
    .filter(({ weight }) => weight > 0);
  const [first] = clusters;
  return clusters.length === 1 && first !== undefined ? tcpProxy(first.name) : tcpProxy(own, clusters);
}

function tcpMatches(route: TcpRoute, service: VirtualService, asking: Asking): boolean {
  if (route.match === undefined || route.match.length === 0) return true;
  return route.match.some((match) => {
    if (match.port !== undefined && match.port !== asking.port) return false;
    if (
      match.gateways !== undefined &&
      !match.gateways.some((name) => asking.gateways.includes(gatewayName(name, service)))
    )
      return false;
    return selects(match.sourceLabels, asking.labels);
  });
}

function httpRoutes(world: World, pod: Pod, port: number, ports: readonly MeshPort[]): Resource {
  const asking = askingOf(pod, port);
  const hosts = ports
    .filter((candidate) => candidate.port.port === port && isHttp(candidate.port))
    .map((candidate) => virtualHost(world, candidate, asking));
  const passthrough = {
    name: 'allow_any',
    domains: ['*'],
    routes: [{ match: { prefix: '/' }, route: { cluster: 'PassthroughCluster', timeout: '0s' } }],
  };
  return routeConfiguration(String(port), [...hosts, passthrough]);
}

function virtualHost(world: World, port: MeshPort, asking: Asking): Message {
  const rule = ruleFor(world, port.host, asking);
  const routes = rule?.spec.http === undefined ? [defaultRoute(world, port, asking)] : routesOf(world, rule, asking);
  return {
    name: `${port.host}:${port.port.port}`,
    domains: domainsOf(port, asking.namespace),
    routes,
    include_request_attempt_count: true,
  };
}

/** Every way to write the Service's name from the caller's namespace. */
function domainsOf({ host, service, namespace }: MeshPort, from: string): readonly string[] {
  const { name } = service.metadata;
  const short = from === namespace ? [name] : [];
  return [host, `${host}.`, ...short, `${name}.${namespace}`, `${name}.${namespace}.svc`, service.spec.clusterIP ?? ''];
}

function askingOf(pod: Pod, port: number): Asking {
  return { namespace: pod.metadata.namespace ?? '', labels: pod.metadata.labels ?? {}, gateways: ['mesh'], port };
}
