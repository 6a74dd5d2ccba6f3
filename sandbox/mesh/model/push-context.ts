/** What the control plane has seen of the cluster, with the questions that translation asks. */
import type { KubeObject } from '../../client/client.ts';
import { refusal } from '../kinds/index.ts';
import type { Secret } from '../translate/credentials.ts';
import type { AuthorizationPolicy } from './authorization-policy.ts';
import { byAge, qualify, serviceHost } from './names.ts';
import { entryAddresses, entryPorts, type ServiceEntry, serviceOfEntry } from './service-entry.ts';
import type { Sidecar } from './sidecar.ts';
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
} from './virtual-service.ts';

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
  readonly authorizationPolicies: readonly AuthorizationPolicy[];
  readonly serviceEntries: readonly ServiceEntry[];
  readonly sidecars: readonly Sidecar[];
  /** Those that can be a gateway's credentials. */
  readonly secrets: readonly Secret[];
}

/** One port of a Service under its full name. */
export interface MeshPort {
  readonly host: string;
  readonly service: Service;
  readonly namespace: string;
  readonly port: ServicePort;
  /** Whose host it is, when no Service's. */
  readonly entry?: ServiceEntry;
}

const MEMBER_OF = 'maistra.io/member-of';

/** The world without what does not belong to the mesh of `root`, and without rules that would spoil what stands beside them. */
export function meshOf(world: World): World {
  const members = new Set([
    world.root,
    ...world.namespaces
      .filter(({ metadata }) => metadata.labels?.[MEMBER_OF] === world.root)
      .map(({ metadata }) => metadata.name),
  ]);
  const inside = <T extends { metadata: { namespace?: string } }>(objects: readonly T[]): readonly T[] =>
    objects.filter(({ metadata }) => members.has(metadata.namespace ?? ''));
  const rules = <T extends KubeObject>(objects: readonly T[]): readonly T[] =>
    inside(objects)
      .filter((object) => refusal(object) === undefined)
      .sort(byAge);
  return {
    ...world,
    services: inside(world.services),
    endpoints: inside(world.endpoints),
    pods: inside(world.pods),
    virtualServices: rules(world.virtualServices),
    destinationRules: rules(world.destinationRules),
    gateways: rules(world.gateways),
    peerAuthentications: rules(world.peerAuthentications),
    authorizationPolicies: rules(world.authorizationPolicies),
    serviceEntries: rules(world.serviceEntries),
    sidecars: rules(world.sidecars),
  };
}

/** What translation asks over and over: found once per world. */
interface Index {
  readonly pods: ReadonlyMap<string, Pod>;
  readonly endpoints: ReadonlyMap<string, Endpoints>;
  readonly services: ReadonlyMap<string, Service>;
  readonly ports: readonly MeshPort[];
}

const indices = new WeakMap<World, Index>();

function indexOf(world: World): Index {
  const known = indices.get(world);
  if (known !== undefined) return known;
  const byKey = <T extends KubeObject>(objects: readonly T[]): Map<string, T> =>
    new Map(objects.map((object) => [`${object.metadata.namespace}/${object.metadata.name}`, object]));
  const index = {
    pods: byKey(world.pods),
    endpoints: byKey(world.endpoints),
    services: servicesByHost(world),
    ports: eachOnce([...portsOf(world), ...world.serviceEntries.flatMap(entryPorts)]),
  };
  indices.set(world, index);
  return index;
}

function servicesByHost(world: World): ReadonlyMap<string, Service> {
  const entries = world.serviceEntries.flatMap((entry) =>
    entry.spec.hosts.map((host) => [host, serviceOfEntry(entry, host)] as const),
  );
  const services = world.services.map(
    (service) => [serviceHost(service.metadata.name, service.metadata.namespace ?? ''), service] as const,
  );
  // Of two with the same host the last one stays: Services before entries, the oldest entry before the others.
  return new Map([...entries.reverse(), ...services]);
}

/** @param key `namespace/name`. */
export function podOf(world: World, key: string): Pod | undefined {
  return indexOf(world).pods.get(key);
}

export function meshPorts(world: World): readonly MeshPort[] {
  return indexOf(world).ports;
}

/** A host's port belongs to whom it belonged to first: a proxy takes no name twice. */
function eachOnce(ports: readonly MeshPort[]): readonly MeshPort[] {
  const known = new Map<string, MeshPort>();
  for (const port of ports) {
    const key = `${port.host}:${port.port.port}`;
    if (!known.has(key)) known.set(key, port);
  }
  return [...known.values()];
}

/** What clients in a namespace may know of. */
export function visiblePorts(world: World, from: string): readonly MeshPort[] {
  return meshPorts(world).filter(({ entry }) => entry === undefined || isVisible(entry, from));
}

function portsOf(world: World): readonly MeshPort[] {
  return world.services.flatMap((service) => {
    const namespace = service.metadata.namespace ?? '';
    const host = serviceHost(service.metadata.name, namespace);
    return (service.spec.ports ?? [])
      .filter(({ protocol }) => protocol === undefined || protocol === 'TCP')
      .map((port) => ({ host, service, namespace, port }));
  });
}

export function serviceOf(world: World, host: string): Service | undefined {
  return indexOf(world).services.get(host);
}

/** A Service without an address of its own: names lead to its pods. */
export function isHeadless({ service }: MeshPort): boolean {
  return service.spec.clusterIP === 'None';
}

/** A ready address behind a Service port. */
export interface Address {
  readonly ip: string;
  readonly port: number;
  readonly pod: Pod | undefined;
  /** Where an entry gives it some. */
  readonly labels?: Readonly<Record<string, string>>;
}

export function addressesOf(world: World, meshPort: MeshPort): readonly Address[] {
  const { service, namespace, port, entry } = meshPort;
  if (entry !== undefined) return entryAddresses(entry, meshPort, world.pods);
  const { endpoints: all, pods } = indexOf(world);
  const endpoints = all.get(`${namespace}/${service.metadata.name}`);
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

/** `.` is the rule's own namespace, `~` nobody. */
export function isVisible(
  rule: { metadata: { namespace?: string }; spec: { exportTo?: readonly string[] } },
  from: string,
): boolean {
  const exportTo = rule.spec.exportTo ?? [];
  if (exportTo.length === 0 || exportTo.includes('*')) return true;
  return exportTo.includes(from) || (exportTo.includes('.') && rule.metadata.namespace === from);
}
