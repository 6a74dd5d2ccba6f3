/** The hosts that a gateway's server and a virtual service have in common. */

import type { Gateway, GatewayServer } from '../model/gateway.ts';
import { hasGatewaySemantics } from '../model/gateway-api.ts';
import { qualify } from '../model/names.ts';
import type { VirtualService } from '../model/virtual-service.ts';
/** The narrower name of each matching pair. */
export function sharedHosts(gateway: Gateway, server: GatewayServer, service: VirtualService): readonly string[] {
  const shared = new Set<string>();
  for (const offered of server.hosts) {
    const host = hostFor(offered, gateway, service);
    if (host === undefined) continue;
    for (const pattern of service.spec.hosts) {
      const wanted = hasGatewaySemantics(service) ? pattern : qualify(pattern, service.metadata.namespace ?? '');
      const narrower = narrow(host, wanted);
      // Envoy accepts a host once, in any case.
      if (narrower !== undefined) shared.add(narrower.toLowerCase());
    }
  }
  return [...shared];
}

/** `ns/host` admits only virtual services of that namespace, `./host` those of the gateway's. */
export function hostFor(offered: string, gateway: Gateway, service: VirtualService): string | undefined {
  const slash = offered.indexOf('/');
  if (slash < 0) return offered;
  const namespace = offered.slice(0, slash);
  const wanted = namespace === '.' ? gateway.metadata.namespace : namespace;
  return wanted === '*' || wanted === service.metadata.namespace ? offered.slice(slash + 1) : undefined;
}

/** @returns the more specific of two hosts if one covers the other, otherwise `undefined`. */
export function narrow(a: string, b: string): string | undefined {
  if (a === b) return a;
  if (covers(a, b)) return b;
  return covers(b, a) ? a : undefined;
}

function covers(pattern: string, host: string): boolean {
  return pattern === '*' || (pattern.startsWith('*.') && host.endsWith(pattern.slice(1)));
}
