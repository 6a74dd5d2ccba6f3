/** The addresses of a Gateway, or the reason why there are none (istiod, `ResolveGatewayInstances`). Pure. */
import { isManaged, type KubeGateway, workloadName } from '../model/gateway-api.ts';
import type { Endpoints, Service } from '../model/kubernetes.ts';
import { qualify, serviceHost } from '../model/names.ts';
import type { Problem } from './problem.ts';

export interface Reachable {
  readonly addresses: readonly { readonly type: string; readonly value: string }[];
  readonly programmed: { readonly message: string; readonly problem?: Problem };
}

/** @param find finds a Service and its endpoints by name in the Gateway's namespace. */
export function reachable(
  gateway: KubeGateway,
  find: (name: string) => { readonly service: Service; readonly endpoints: Endpoints | undefined } | undefined,
): Reachable {
  const hosts = hostsOf(gateway);
  if (hosts.length === 0) return unreachable('UnsupportedAddress', 'Failed to assign to any requested addresses');
  const ports = [...new Set(gateway.spec.listeners.map(({ port }) => port))];
  const all = hosts.map((host) => lookUp(host, ports, find(host.split('.')[0] ?? '')));
  const internal = all.flatMap((one) => one.internal);
  const external = all.flatMap((one) => one.external);
  const warnings = all.flatMap((one) => one.warnings).sort();
  const pending = new Set(all.flatMap((one) => one.pending));
  const values =
    external.length > 0 ? external : [...new Set(internal.map(withoutPort))].filter((host) => !pending.has(host));
  const addresses = values.map((value) => ({ type: /^[\d.]+$/.test(value) ? 'IPAddress' : 'Hostname', value }));
  const services = joined(internal);
  const message =
    internal.length > 0 ? `Resource programmed, assigned to service(s) ${services}` : 'Resource programmed';
  if (warnings.length === 0) return { addresses, programmed: { message } };
  const what = warnings.join('; ');
  const problem = {
    reason: all.every(({ usable }) => usable) ? 'AddressNotAssigned' : 'AddressNotUsable',
    message:
      internal.length > 0
        ? `Assigned to service(s) ${services}, but failed to assign to all requested addresses: ${what}`
        : `Failed to assign to any requested addresses: ${what}`,
  };
  return { addresses, programmed: { message, problem } };
}

function unreachable(reason: string, message: string): Reachable {
  return { addresses: [], programmed: { message, problem: { reason, message } } };
}

function hostsOf(gateway: KubeGateway): readonly string[] {
  const { namespace = '' } = gateway.metadata;
  if (isManaged(gateway)) return [serviceHost(workloadName(gateway), namespace)];
  return (gateway.spec.addresses ?? [])
    .filter(({ type }) => type === 'Hostname')
    .map(({ value }) => qualify(value, namespace));
}

interface Found {
  readonly internal: readonly string[];
  readonly external: readonly string[];
  readonly pending: readonly string[];
  readonly warnings: readonly string[];
  readonly usable: boolean;
}

function lookUp(
  host: string,
  ports: readonly number[],
  found: { readonly service: Service; readonly endpoints: Endpoints | undefined } | undefined,
): Found {
  const none = { internal: [], external: [], pending: [] };
  if (found === undefined) return { ...none, warnings: [`hostname "${host}" not found`], usable: false };
  const { service, endpoints } = found;
  const isReady = (endpoints?.subsets ?? []).some(({ addresses = [] }) => addresses.length > 0);
  if (!isReady) return { ...none, warnings: [`no instances found for hostname "${host}"`], usable: true };
  const [served, missing] = [ports.filter((port) => has(service, port)), ports.filter((port) => !has(service, port))];
  const ingress = service.status?.loadBalancer?.ingress ?? [];
  const external = ingress.flatMap(({ ip, hostname }) => hostname ?? ip ?? []);
  const isPending = service.spec.type === 'LoadBalancer' && external.length === 0;
  return {
    internal: served.map((port) => `${host}:${port}`).sort(),
    external,
    pending: isPending ? [host] : [],
    warnings: [
      ...(isPending ? [`address pending for hostname "${host}"`] : []),
      ...missing.map((port) => `port ${port} not found for hostname "${host}"`),
    ],
    usable: missing.length === 0,
  };
}

function has({ spec }: Service, port: number): boolean {
  return (spec.ports ?? []).some((one) => one.port === port);
}

function withoutPort(address: string): string {
  return address.slice(0, address.lastIndexOf(':'));
}

function joined(names: readonly string[]): string {
  if (names.length <= 2) return names.join(' and ');
  return `${names.slice(0, -1).join(', ')}, and ${names.at(-1)}`;
}
