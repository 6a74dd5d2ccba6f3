/** Route configurations: virtual services on gateways and for outbound requests. */

import type { Message, Resource } from '../../xds/encode.ts';
import { hasGatewaySemantics } from '../model/gateway-api.ts';
import { hostMatches, mostSpecific } from '../model/hosts.ts';
import type { MeshPort } from '../model/mesh-port.ts';
import { qualify, selects } from '../model/names.ts';
import type { ListenerContext } from '../model/proxy-context.ts';
import type { PushContext } from '../model/push-context.ts';
import type { HttpMatch, HttpRoute, VirtualService } from '../model/virtual-service.ts';
import { gatewayName } from '../model/virtual-services.ts';
import { destinationsFor } from './destinations.ts';
import { TELL_PEER } from './metrics.ts';
import { routeAction } from './route-action.ts';
import { isCatchAll, routeMatch } from './route-match.ts';
import { withSemantics } from './route-semantics.ts';
import { eachDomainOnce, type VirtualHost } from './virtual-hosts.ts';

const TYPE = 'type.googleapis.com/envoy.config.route.v3.RouteConfiguration';
/** Istio's limit, instead of Envoy's 4096. */
const LONGEST_BODY = 1_048_576;

export function routeConfiguration(name: string, hosts: readonly VirtualHost[]): Resource {
  return {
    '@type': TYPE,
    name,
    virtual_hosts: eachDomainOnce(hosts),
    validate_clusters: false,
    ignore_port_in_host_matching: true,
    request_headers_to_add: TELL_PEER,
    max_direct_response_body_size_bytes: LONGEST_BODY,
  };
}

/** Envoy's routes of one virtual service for a listener; unreachable ones are left out. */
export function routesOf(push: PushContext, service: VirtualService, listener: ListenerContext): readonly Message[] {
  const destinations = destinationsFor(push, service.metadata.namespace ?? '', listener);
  const semantics = hasGatewaySemantics(service) ? 'gateway' : 'istio';
  const routes: Message[] = [];
  for (const route of service.spec.http ?? []) {
    for (const match of matchesFor(route, service, listener)) {
      const envoyMatch = routeMatch(match, semantics);
      routes.push({
        ...(route.name === undefined ? {} : { name: route.name }),
        match: envoyMatch,
        ...withSemantics(routeAction(route, destinations), envoyMatch, semantics),
        metadata: sourceOf(service),
      });
      if (isCatchAll(match)) return routes;
    }
  }
  return routes;
}

/** An absent list of matches matches every request. */
function matchesFor(
  route: HttpRoute,
  service: VirtualService,
  listener: ListenerContext,
): readonly (HttpMatch | undefined)[] {
  if (route.match === undefined || route.match.length === 0) return [undefined];
  return route.match.filter((match) => meetsListener(match, service, listener));
}

/** Whether a match applies to this listener and its proxy. */
export function meetsListener(
  {
    port,
    gateways,
    sourceNamespace,
    sourceLabels,
  }: Pick<HttpMatch, 'port' | 'gateways' | 'sourceNamespace' | 'sourceLabels'>,
  service: VirtualService,
  listener: ListenerContext,
): boolean {
  if (port !== undefined && port !== 0 && port !== listener.port) return false;
  if (gateways !== undefined && gateways.length > 0) {
    if (!gateways.some((name) => listener.gateways.includes(gatewayName(name, service)))) return false;
  }
  if (sourceNamespace !== undefined && sourceNamespace !== listener.proxy.namespace) return false;
  return selects(sourceLabels, listener.proxy.labels);
}

/** The route to a Service without a virtual service. */
export function defaultRoute(push: PushContext, port: MeshPort, listener: ListenerContext): Message {
  const destination = { host: port.host, port: { number: port.port.port } };
  const destinations = destinationsFor(push, port.namespace, listener);
  return { name: 'default', match: { prefix: '/' }, ...routeAction({ route: [{ destination }] }, destinations) };
}

/** The virtual service for a host: the most specific pattern, then the oldest. */
export function ruleFor(push: PushContext, host: string, listener: ListenerContext): VirtualService | undefined {
  let best: { readonly service: VirtualService; readonly pattern: string } | undefined;
  for (const service of push.virtualServices.boundTo(listener.gateways, listener.proxy.namespace)) {
    const pattern = mostSpecific(hostsOf(service), host);
    if (pattern === undefined) continue;
    if (pattern === host) return service;
    if (best === undefined || pattern.length > best.pattern.length) best = { service, pattern };
  }
  return best?.service;
}

/** Hosts of the mesh's virtual services that belong to no Service or ServiceEntry, with their port. */
export function otherHosts(
  push: PushContext,
  listener: ListenerContext,
  known: readonly MeshPort[],
): readonly { readonly service: VirtualService; readonly hosts: readonly string[] }[] {
  return push.virtualServices.boundTo(listener.gateways, listener.proxy.namespace).flatMap((service) => {
    const all = hostsOf(service);
    const ofServices = known.filter(({ host }) => all.some((pattern) => hostMatches(pattern, host)));
    // Together with hosts of Services they are on the Services' ports, otherwise on 80.
    const ports = ofServices.length === 0 ? [80] : ofServices.map(({ port }) => port.port);
    const hosts = all.filter((pattern) => !ofServices.some(({ host }) => hostMatches(pattern, host)));
    return hosts.length > 0 && ports.includes(listener.port) ? [{ service, hosts }] : [];
  });
}

function hostsOf({ spec, metadata }: VirtualService): readonly string[] {
  return spec.hosts.map((host) => qualify(host, metadata.namespace ?? ''));
}

function sourceOf(service: VirtualService): Message {
  const { name, namespace } = service.metadata;
  return {
    filter_metadata: {
      istio: { config: `/apis/networking.istio.io/v1beta1/namespaces/${namespace}/virtual-service/${name}` },
    },
  };
}
