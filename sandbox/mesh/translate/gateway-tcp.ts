/** Traffic that a gateway passes on unread: TCP, and TLS that the destination terminates, routed by SNI. */

import type { Message } from '../../xds/encode.ts';
import type { Gateway, GatewayServer } from '../model/gateway.ts';
import { qualify } from '../model/names.ts';
import type { ListenerContext } from '../model/proxy-context.ts';
import type { PushContext } from '../model/push-context.ts';
import type { TcpRoute, VirtualService } from '../model/virtual-service.ts';
import { destinationsFor } from './destinations.ts';
import { tcpProxy } from './filters.ts';
import { hostFor, narrow } from './gateway-hosts.ts';
import { meetsListener } from './routes.ts';

export interface Bound {
  readonly gateway: Gateway;
  readonly server: GatewayServer;
}

/** @returns one chain for each list of names in a `tls` route of a bound virtual service. */
export function passthroughChains(
  push: PushContext,
  { gateway, server }: Bound,
  listener: ListenerContext,
): readonly Message[] {
  return push.virtualServices.boundTo(listener.gateways, listener.proxy.namespace).flatMap((service) =>
    (service.spec.tls ?? []).flatMap((route) =>
      (route.match ?? [])
        .filter((match) => meetsListener(match, service, listener))
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
  for (const service of push.virtualServices.boundTo(listener.gateways, listener.proxy.namespace)) {
    const speaks = server.hosts.some((offered) => {
      const host = hostFor(offered, gateway, service);
      return service.spec.hosts.some(
        (own) => host !== undefined && narrow(host, qualify(own, service.metadata.namespace ?? '')),
      );
    });
    const route = (service.spec.tcp ?? []).find(
      ({ match = [] }) => match.length === 0 || match.some((one) => meetsListener(one, service, listener)),
    );
    if (speaks && route !== undefined) return forward(push, route, service, listener);
  }
  return undefined;
}

/** `*` matches every name, and no name. */
export function serverNames(names: readonly string[]): Message {
  // A proxy accepts `*.shop.test`, not `*shop.test`.
  const whole = names.filter((name) => !/^\*[^.]/.test(name)).map((name) => name.toLowerCase());
  return names.includes('*') ? {} : { server_names: [...new Set(whole)] };
}

function forward(
  push: PushContext,
  { route = [] }: TcpRoute,
  service: VirtualService,
  listener: ListenerContext,
): Message {
  const destinations = destinationsFor(push, service.metadata.namespace ?? '', listener);
  const clusters = route
    .map(({ destination, weight }) => ({ name: destinations.cluster(destination), weight: weight ?? 100 }))
    .filter(({ weight }) => weight > 0);
  const [first] = clusters;
  if (first === undefined) return tcpProxy('BlackHoleCluster');
  return clusters.length === 1 ? tcpProxy(first.name) : tcpProxy(first.name, clusters);
}
