/** What the control plane has seen of the cluster, with the questions that translation asks. */
import type {
  DestinationRule,
  Endpoints,
  Gateway,
  Namespace,
  PeerAuthentication,
  Pod,
  Service,
  ServicePort,
  VirtualService,
} from './kinds.ts';
import { byAge, qualify, serviceHost } from './names.ts';

export interface World {
  /** The control plane's namespace: rules there hold for the whole mesh. */
  readonly root: string;
  readonly namespaces: readonly Namespace[];
  readonly services: readonly Service[];
  readonly endpoints: readonly Endpoints[];
  readonly pods: readonly Pod[];
  readonly virtualServices: readonly VirtualService[];
  readonly destinationRules: readonly DestinationRule[];
  readonly gateways: readonly Gateway[];
  readonly peerAuthentications: readonly PeerAuthentication[];
}

/** One port of a Service under its full name. */
export interface MeshPort {
  readonly host: string;
  readonly service: Service;
  readonly namespace: string;
  readonly port: ServicePort;
}

const MEMBER_OF = 'maistra.io/member-of';

/** The world without what does not belong to the mesh of `root`. */
export function meshOf(world: World): World {
  const members = new Set([
    world.root,
    ...world.namespaces
      .filter(({ metadata }) => metadata.labels?.[MEMBER_OF] === world.root)
      .map(({ metadata }) => metadata.name),
  ]);
  const inside = <T extends { metadata: { namespace?: string } }>(objects: readonly T[]): readonly T[] =>
    objects.filter(({ metadata }) => members.has(metadata.namespace ?? ''));
  return {
    ...world,
    services: inside(world.services),
    endpoints: inside(world.endpoints),
    pods: inside(world.pods),
    virtualServices: [...inside(world.virtualServices)].sort(byAge),
    destinationRules: [...inside(world.destinationRules)].sort(byAge),
    gateways: [...inside(world.gateways)].sort(byAge),
    peerAuthentications: [...inside(world.peerAuthentications)].sort(byAge),
  };
}

export function meshPorts(world: World): readonly MeshPort[] {
  return world.services.flatMap((service) => {
    const namespace = service.metadata.namespace ?? '';
    const host = serviceHost(service.metadata.name, namespace);
    return (service.spec.ports ?? [])
      .filter(({ protocol }) => protocol === undefined || protocol === 'TCP')
      .map((port) => ({ host, service, namespace, port }));
  });
}

export function serviceOf(world: World, host: string): Service | undefined {
  return world.services.find(({ metadata }) => serviceHost(metadata.name, metadata.namespace ?? '') === host);
}

/** How a port's traffic is treated: by name (`http`, `http-web`, `grpc`) or application protocol, else as TCP. */
export function isHttp(port: { readonly name?: string; readonly appProtocol?: string }): boolean {
  const protocol = port.appProtocol ?? port.name?.split('-')[0] ?? '';
  return ['http', 'http2', 'grpc', 'grpc-web'].includes(protocol.toLowerCase());
}

export function isHttp2(port: { readonly name?: string; readonly appProtocol?: string }): boolean {
  const protocol = port.appProtocol ?? port.name?.split('-')[0] ?? '';
  return ['http2', 'grpc'].includes(protocol.toLowerCase());
}

/** A ready address behind a Service port. */
export interface Address {
  readonly ip: string;
  readonly port: number;
  readonly pod: Pod | undefined;
}

export function addressesOf(world: World, { service, namespace, port }: MeshPort): readonly Address[] {
  const endpoints = world.endpoints.find(
    ({ metadata }) => metadata.name === service.metadata.name && metadata.namespace === namespace,
  );
  const pods = new Map(world.pods.map((pod) => [`${pod.metadata.namespace}/${pod.metadata.name}`, pod]));
  return (endpoints?.subsets ?? []).flatMap((subset) => {
    const target =
      subset.ports?.find(({ name }) => (name ?? '') === (port.name ?? '')) ??
      (subset.ports?.length === 1 ? subset.ports[0] : undefined);
    if (target === undefined) return [];
    return (subset.addresses ?? []).map(({ ip, targetRef }) => ({
      ip,
      port: target.port,
      pod: targetRef === undefined ? undefined : pods.get(`${targetRef.namespace ?? namespace}/${targetRef.name}`),
    }));
  });
}

/** Whether a pod's proxy takes mutual TLS: what the injector labels it with. */
export function hasProxy(pod: Pod | undefined): boolean {
  return pod?.metadata.labels?.['security.istio.io/tlsMode'] === 'istio';
}

/**
 * The rules for a host as a client in `from` sees them, merged: rules of the client's namespace before those of the
 * service's and of the root namespace; within one namespace the first rule's policy wins and subsets add up.
 */
export function destinationRuleOf(
  world: World,
  host: string,
  serviceNamespace: string,
  from: string,
): DestinationRule | undefined {
  for (const namespace of [from, serviceNamespace, world.root]) {
    const rules = world.destinationRules.filter(
      (rule) =>
        rule.metadata.namespace === namespace &&
        isVisible(rule, from) &&
        hostMatches(qualify(rule.spec.host, namespace), host),
    );
    const [first, ...more] = rules;
    if (first === undefined) continue;
    const subsets = [...(first.spec.subsets ?? [])];
    for (const rule of more)
      for (const subset of rule.spec.subsets ?? [])
        if (!subsets.some(({ name }) => name === subset.name)) subsets.push(subset);
    return { ...first, spec: { ...first.spec, subsets } };
  }
  return undefined;
}

/** `*.shop.svc.cluster.local` covers what ends so. */
export function hostMatches(pattern: string, host: string): boolean {
  if (pattern === '*' || pattern === host) return true;
  return pattern.startsWith('*') && host.endsWith(pattern.slice(1));
}

export function isVisible(
  rule: { metadata: { namespace?: string }; spec: { exportTo?: readonly string[] } },
  from: string,
): boolean {
  const exportTo = rule.spec.exportTo ?? [];
  if (exportTo.length === 0 || exportTo.includes('*')) return true;
  return exportTo.includes(from) || (exportTo.includes('.') && rule.metadata.namespace === from);
}
