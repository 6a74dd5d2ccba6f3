/** What a gateway passes on without looking into it: TCP, and TLS that the destination ends, told apart by the name asked for. */
import type { Message } from '../../xds/encode.ts';
import { qualify } from '../model/names.ts';
import { isVisible, type World } from '../model/push-context.ts';
import type { Gateway, GatewayServer, TcpRoute, VirtualService } from '../model/virtual-service.ts';
import { tcpProxy } from './filters.ts';
import { hostFor, narrow } from './gateway-hosts.ts';
import { type Asking, destinationsFor, gatewayName, isFor } from './routes.ts';

export interface Bound {
  readonly gateway: Gateway;
  readonly server: GatewayServer;
}

/** @returns one chain for each list of names that a `tls` route of a bound virtual service speaks for. */
export function passthroughChains(world: World, { gateway, server }: Bound, asking: Asking): readonly Message[] {
  return boundTo(world, asking).flatMap((service) =>
    (service.spec.tls ?? []).flatMap((route) =>
      (route.match ?? [])
        .filter((match) => meets(match, service, asking))
        .flatMap(({ sniHosts = [] }) => {
          const names = sniHosts.flatMap((name) =>
            server.hosts.flatMap((offered) => {
              const host = hostFor(offered, gateway, service);
              return (host === undefined ? undefined : narrow(host, name)) ?? [];
            }),
          );
          return names.length === 0
            ? []
            : [{ filter_chain_match: serverNames(names), filters: [forward(world, route, service, asking)] }];
        }),
    ),
  );
}

/** @returns the first `tcp` route of a virtual service bound to the server. */
export function tcpFilter(world: World, { gateway, server }: Bound, asking: Asking): Message | undefined {
  for (const service of boundTo(world, asking)) {
    const speaks = server.hosts.some((offered) => {
      const host = hostFor(offered, gateway, service);
      return service.spec.hosts.some(
        (own) => host !== undefined && narrow(host, qualify(own, service.metadata.namespace ?? '')),
      );
    });
    const route = (service.spec.tcp ?? []).find(
      ({ match = [] }) => match.length === 0 || match.some((one) => meets(one, service, asking)),
    );
    if (speaks && route !== undefined) return forward(world, route, service, asking);
  }
  return undefined;
}

/** `*` is every name, and no name. */
export function serverNames(names: readonly string[]): Message {
  return names.includes('*') ? {} : { server_names: [...new Set(names)] };
}

function boundTo(world: World, asking: Asking): readonly VirtualService[] {
  return world.virtualServices.filter((one) => isFor(one, asking.gateways) && isVisible(one, asking.namespace));
}

function meets(
  { port, gateways }: { readonly port?: number; readonly gateways?: readonly string[] },
  service: VirtualService,
  asking: Asking,
): boolean {
  if (port !== undefined && port !== asking.port) return false;
  return gateways === undefined || gateways.some((name) => asking.gateways.includes(gatewayName(name, service)));
}

function forward(world: World, { route = [] }: TcpRoute, service: VirtualService, asking: Asking): Message {
  const destinations = destinationsFor(world, service, asking);
  const clusters = route
    .map(({ destination, weight }) => ({ name: destinations.cluster(destination), weight: weight ?? 100 }))
    .filter(({ weight }) => weight > 0);
  const [first] = clusters;
  if (first === undefined) return tcpProxy('BlackHoleCluster');
  return clusters.length === 1 ? tcpProxy(first.name) : tcpProxy(first.name, clusters);
}
