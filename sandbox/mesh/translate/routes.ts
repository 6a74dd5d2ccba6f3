/** Route configurations: virtual services on gateways, and on the way out of an app. */
import type { Message, Resource } from '../../xds/encode.ts';
import { outboundCluster, qualify, selects } from '../model/names.ts';
import {
  destinationRuleOf,
  hostMatches,
  isVisible,
  type MeshPort,
  meshPorts,
  serviceOf,
  type World,
} from '../model/push-context.ts';
import type { Destination, HttpMatch, HttpRoute, VirtualService } from '../model/virtual-service.ts';
import { policyFor } from './clusters.ts';
import { type Destinations, routeAction } from './route-action.ts';
import { isCatchAll, routeMatch } from './route-match.ts';

const TYPE = 'type.googleapis.com/envoy.config.route.v3.RouteConfiguration';

/** Who asks: a rule may be for certain gateways, ports or callers only. */
export interface Asking {
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
  /** `mesh`, or gateways as `namespace/name`. */
  readonly gateways: readonly string[];
  readonly port: number;
}

export function routeConfiguration(name: string, hosts: readonly Message[]): Resource {
  return { '@type': TYPE, name, virtual_hosts: hosts, validate_clusters: false, ignore_port_in_host_matching: true };
}

/** Envoy's routes of one virtual service for who asks; what no request can reach is left out. */
export function routesOf(world: World, service: VirtualService, asking: Asking): readonly Message[] {
  const destinations = destinationsFor(world, service, asking);
  const routes: Message[] = [];
  for (const route of service.spec.http ?? []) {
    for (const match of matchesFor(route, service, asking)) {
      routes.push({
        ...(route.name === undefined ? {} : { name: route.name }),
        match: routeMatch(match),
        ...routeAction(route, destinations),
        metadata: sourceOf(service),
      });
      if (isCatchAll(match)) return routes;
    }
  }
  return routes;
}

/** An absent list of matches is one that every request meets. */
function matchesFor(route: HttpRoute, service: VirtualService, asking: Asking): readonly (HttpMatch | undefined)[] {
  if (route.match === undefined || route.match.length === 0) return [undefined];
  return route.match.filter((match) => {
    if (match.port !== undefined && match.port !== asking.port) return false;
    if (
      match.gateways !== undefined &&
      !match.gateways.some((gateway) => asking.gateways.includes(gatewayName(gateway, service)))
    )
      return false;
    if (match.sourceNamespace !== undefined && match.sourceNamespace !== asking.namespace) return false;
    return selects(match.sourceLabels, asking.labels);
  });
}

/** `gw` belongs to the rule's namespace. */
export function gatewayName(name: string, service: VirtualService): string {
  return name === 'mesh' || name.includes('/') ? name : `${service.metadata.namespace}/${name}`;
}

export function isFor(service: VirtualService, gateways: readonly string[]): boolean {
  const named = service.spec.gateways ?? [];
  return (named.length === 0 ? ['mesh'] : named.map((name) => gatewayName(name, service))).some((name) =>
    gateways.includes(name),
  );
}

export function destinationsFor(world: World, service: VirtualService, asking: Asking): Destinations {
  const namespace = service.metadata.namespace ?? '';
  const resolve = (destination: Destination): { host: string; port: number } => {
    const host = qualify(destination.host, namespace);
    const ports = serviceOf(world, host)?.spec.ports ?? [];
    const only = ports.length === 1 ? ports[0]?.port : undefined;
    return { host, port: destination.port?.number ?? only ?? asking.port };
  };
  return {
    cluster: (destination) => {
      const { host, port } = resolve(destination);
      return outboundCluster(port, destination.subset ?? '', host);
    },
    policy: (destination) => {
      const { host, port } = resolve(destination);
      const found = meshPorts(world).find((candidate) => candidate.host === host && candidate.port.port === port);
      if (found === undefined) return undefined;
      const rule = destinationRuleOf(world, host, found.namespace, asking.namespace);
      const subset = rule?.spec.subsets?.find(({ name }) => name === destination.subset);
      return policyFor(rule, subset?.trafficPolicy, found);
    },
  };
}

/** The route to a Service that no virtual service speaks of. */
export function defaultRoute(world: World, port: MeshPort, asking: Asking): Message {
  const destination = { host: port.host, port: { number: port.port.port } };
  const standIn: VirtualService = {
    apiVersion: '',
    kind: '',
    metadata: { name: '', namespace: port.namespace },
    spec: { hosts: [port.host] },
  };
  return {
    name: 'default',
    match: { prefix: '/' },
    ...routeAction({ route: [{ destination }] }, destinationsFor(world, standIn, asking)),
  };
}

/** The virtual service in whose hosts this one is. The oldest owns it. */
export function ruleFor(world: World, host: string, asking: Asking): VirtualService | undefined {
  return world.virtualServices.find(
    (service) =>
      isFor(service, asking.gateways) &&
      isVisible(service, asking.namespace) &&
      service.spec.hosts.some((pattern) => hostMatches(qualify(pattern, service.metadata.namespace ?? ''), host)),
  );
}

function sourceOf(service: VirtualService): Message {
  const { name, namespace } = service.metadata;
  return {
    filter_metadata: {
      istio: { config: `/apis/networking.istio.io/v1beta1/namespaces/${namespace}/virtual-service/${name}` },
    },
  };
}
