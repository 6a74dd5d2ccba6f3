/** VirtualServices by the gateways to which they apply. */
import { withDelegates } from './delegates.ts';
import { hasGatewaySemantics } from './gateway-api.ts';
import { isPrivate, isVisible } from './hosts.ts';
import type { VirtualService } from './virtual-service.ts';

export class VirtualServices {
  readonly #all: readonly VirtualService[];

  /** @param rules oldest first. */
  constructor(rules: readonly VirtualService[]) {
    // A rule in the caller's namespace for another namespace's Service has precedence over that namespace's own.
    const all = withDelegates(rules);
    this.#all = [...all.filter(isOfCallers), ...all.filter((service) => !isOfCallers(service))];
  }

  /** @param gateways `mesh`, or `namespace/name`. @param from the proxy's namespace. @returns the oldest first. */
  boundTo(gateways: readonly string[], from: string): readonly VirtualService[] {
    return this.#all.filter((service) => isFor(service, gateways) && isVisible(service, from));
  }
}

function isOfCallers(service: VirtualService): boolean {
  return hasGatewaySemantics(service) && isPrivate(service);
}

function isFor(service: VirtualService, gateways: readonly string[]): boolean {
  const named = service.spec.gateways ?? [];
  const names = named.length === 0 ? ['mesh'] : named.map((name) => gatewayName(name, service));
  return names.some((name) => gateways.includes(name));
}

/** `gw`, `./gw`, `ns/gw`, and the older `gw.ns` and `gw.ns.svc.cluster.local`. @returns `mesh` or `namespace/name`. */
export function gatewayName(name: string, { metadata }: VirtualService): string {
  if (name === 'mesh') return name;
  if (name.startsWith('./')) return `${metadata.namespace}/${name.slice(2)}`;
  if (name.includes('/')) return name;
  const [short = '', namespace = metadata.namespace] = name.split('.');
  return `${namespace}/${short}`;
}
