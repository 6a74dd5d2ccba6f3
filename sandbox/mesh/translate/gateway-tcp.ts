/** What a gateway passes on without looking into it: TCP, and TLS that the destination ends, told apart by the name asked for. */

import type { Message } from '../../xds/encode.ts';
import type { Gateway, GatewayServer } from '../model/gateway.ts';
import { isVisible } from '../model/hosts.ts';
import { qualify } from '../model/names.ts';
import type { ListenerContext } from '../model/proxy-context.ts';
import type { PushContext } from '../model/push-context.ts';
import { type TcpRoute, VIRTUAL_SERVICES, type VirtualService } from '../model/virtual-service.ts';
import { tcpProxy } from './filters.ts';
import { hostFor, narrow } from './gateway-hosts.ts';
import { destinationsFor, gatewayName, isFor } from './routes.ts';

export interface Bound {
  readonly gateway: Gateway;
  readonly server: GatewayServer;
}

/** @returns one chain for each list of names that a `tls` route of a bound virtual service speaks for. */
export function passthroughChains(
  push: PushContext,
  { gateway, server }: Bound,
  listener: ListenerContext,
): readonly Message[] {
  return boundTo(push, listener).flatMap((service) =>
    (service.spec.tls ?? []).flatMap((route) =>
      (route.match ?? [])
        .filter((match) => meets(match, service, listener))
        .flatMap(({ sniHosts = [] }) => {
          const names = sniHosts.flatMap((name) =>
            server.hosts.flatMap((offered) => {
              const host = hostFor(offered, gateway, service);
              return (host === undefined ? undefined : narrow(host, name)) ?? [];
            }),
          );
          return names.length === 0
            ? []
            : [{ filter_chain_match: serverNames(names), filters: [forward(push, route, service, listener)] }];
        }),
    ),
  );
}

/** @returns the first `tcp` route of a virtual service bound to the server. */
export function tcpFilter(
  push: PushContext,
  { gateway, server }: Bound,
  listener: ListenerContext,
): Message | undefined {
  for (const service of boundTo(push, listener)) {
    const speaks = server.hosts.some((offered) => {
      const host = hostFor(offered, gateway, service);
      return service.spec.hosts.some(
        (own) => host !== undefined && narrow(host, qualify(own, service.metadata.namespace ?? '')),
      );
    });
    const route = (service.spec.tcp ?? []).find(
      ({ match = [] }) => match.length === 0 || match.some((one) => meets(one, service, listener)),
    );
    if (speaks && route !== undefined) return forward(push, route, service, listener);
  }
  return undefined;
}

/** `*` is every name, and no name. */
export function serverNames(names: readonly string[]): Message {
  return names.includes('*') ? {} : { server_names: [...new Set(names)] };
}

function boundTo(push: PushContext, listener: ListenerContext): readonly VirtualService[] {
  return push
    .rules(VIRTUAL_SERVICES)
    .filter((one) => isFor(one, listener.gateways) && isVisible(one, listener.proxy.namespace));
}

function meets(
  { port, gateways }: { readonly port?: number; readonly gateways?: readonly string[] },
  service: VirtualService,
  listener: ListenerContext,
): boolean {
  if (port !== undefined && port !== listener.port) return false;
  return gateways === undefined || gateways.some((name) => listener.gateways.includes(gatewayName(name, service)));
}

function forward(
  push: PushContext,
  { route = [] }: TcpRoute,
  service: VirtualService,
  listener: ListenerContext,
): Message {
  const destinations = destinationsFor(push, service, listener);
  const clusters = route
    .map(({ destination, weight }) => ({ name: destinations.cluster(destination), weight: weight ?? 100 }))
    .filter(({ weight }) => weight > 0);
  const [first] = clusters;
  if (first === undefined) return tcpProxy('BlackHoleCluster');
  return clusters.length === 1 ? tcpProxy(first.name) : tcpProxy(first.name, clusters);
}
