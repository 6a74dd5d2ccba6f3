/** Route configurations: virtual services on gateways, and on the way out of an app. */

import type { Message, Resource } from '../../xds/encode.ts';
import { hostMatches, isVisible } from '../model/hosts.ts';
import type { MeshPort } from '../model/mesh-port.ts';
import { outboundCluster, qualify, selects } from '../model/names.ts';
import type { ListenerContext } from '../model/proxy-context.ts';
import type { PushContext } from '../model/push-context.ts';
import {
  type Destination,
  type HttpMatch,
  type HttpRoute,
  VIRTUAL_SERVICES,
  type VirtualService,
} from '../model/virtual-service.ts';
import { policyFor } from './clusters.ts';
import { type Destinations, routeAction } from './route-action.ts';
import { isCatchAll, routeMatch } from './route-match.ts';

const TYPE = 'type.googleapis.com/envoy.config.route.v3.RouteConfiguration';

export function routeConfiguration(name: string, hosts: readonly Message[]): Resource {
  return { '@type': TYPE, name, virtual_hosts: hosts, validate_clusters: false, ignore_port_in_host_matching: true };
}

/** Envoy's routes of one virtual service for a listener; what no request can reach is left out. */
export function routesOf(push: PushContext, service: VirtualService, listener: ListenerContext): readonly Message[] {
  const destinations = destinationsFor(push, service, listener);
  const routes: Message[] = [];
  for (const route of service.spec.http ?? []) {
    for (const match of matchesFor(route, service, listener)) {
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
function matchesFor(
  route: HttpRoute,
  service: VirtualService,
  listener: ListenerContext,
): readonly (HttpMatch | undefined)[] {
  if (route.match === undefined || route.match.length === 0) return [undefined];
  return route.match.filter((match) => {
    if (match.port !== undefined && match.port !== listener.port) return false;
    if (
      match.gateways !== undefined &&
      !match.gateways.some((gateway) => listener.gateways.includes(gatewayName(gateway, service)))
    )
      return false;
    if (match.sourceNamespace !== undefined && match.sourceNamespace !== listener.proxy.namespace) return false;
    return selects(match.sourceLabels, listener.proxy.labels);
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

export function destinationsFor(push: PushContext, service: VirtualService, listener: ListenerContext): Destinations {
  const namespace = service.metadata.namespace ?? '';
  const resolve = (destination: Destination): { host: string; port: number } => {
    const host = qualify(destination.host, namespace);
    const ports = push.service(host)?.spec.ports ?? [];
    const only = ports.length === 1 ? ports[0]?.port : undefined;
    return { host, port: destination.port?.number ?? only ?? listener.port };
  };
  return {
    cluster: (destination) => {
      const { host, port } = resolve(destination);
      return outboundCluster(port, destination.subset ?? '', host);
    },
    policy: (destination) => {
      const { host, port } = resolve(destination);
      const found = push.port(host, port);
      if (found === undefined) return undefined;
      const rule = push.destinationRule(host, found.namespace, listener.proxy.namespace);
      const subset = rule?.spec.subsets?.find(({ name }) => name === destination.subset);
      return policyFor(rule, subset?.trafficPolicy, found);
    },
  };
}

/** The route to a Service that no virtual service speaks of. */
export function defaultRoute(push: PushContext, port: MeshPort, listener: ListenerContext): Message {
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
    ...routeAction({ route: [{ destination }] }, destinationsFor(push, standIn, listener)),
  };
}

/** The virtual service in whose hosts this one is. The oldest owns it. */
export function ruleFor(push: PushContext, host: string, listener: ListenerContext): VirtualService | undefined {
  return push
    .rules(VIRTUAL_SERVICES)
    .find(
      (service) =>
        isFor(service, listener.gateways) &&
        isVisible(service, listener.proxy.namespace) &&
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
