/**
 * The input of one push: a snapshot of the mesh's objects, with the indices that translation needs. It never changes; after a
 * change of the cluster a new one is created.
 */

import type { KubeObject, Resource } from '../../client/client.ts';
import { DESTINATION_RULES } from './destination-rule.ts';
import { DestinationRules } from './destination-rules.ts';
import { entryAddresses, entryOfExternalName, entryPorts } from './entry-ports.ts';
import { GATEWAYS, type Gateway } from './gateway.ts';
import { isVisible } from './hosts.ts';
import {
  ENDPOINTS,
  type Endpoints,
  PODS,
  type Pod,
  SECRETS,
  SERVICES,
  type Secret,
  type Service,
} from './kubernetes.ts';
import type { MeshConfig } from './mesh-config.ts';
import type { Address, MeshPort } from './mesh-port.ts';
import { byAge, serviceHost } from './names.ts';
import { type IstioRelease, istioRelease } from './release.ts';
import { SERVICE_ENTRIES, serviceOfEntry } from './service-entry.ts';
import { VIRTUAL_SERVICES, type VirtualService } from './virtual-service.ts';
import { VirtualServices } from './virtual-services.ts';

/** The objects converted from the Gateway API. */
export interface GatewayApiRules {
  readonly gateways: readonly Gateway[];
  readonly virtualServices: readonly VirtualService[];
  /** The original objects, which a proxy may reject. */
  readonly sources: readonly KubeObject[];
}

export interface PushContextOptions {
  /** The control plane's namespace: its rules apply to the whole mesh. */
  readonly root: string;
  /** Increases with every push. */
  readonly revision: number;
  readonly settings: MeshConfig;
  /** Whether a namespace belongs to the mesh. */
  readonly includes: (namespace: string) => boolean;
  /** Whether a rule is used: one that Istio's webhook or a proxy rejects must not affect others. */
  readonly accepts: (rule: KubeObject) => boolean;
  readonly gatewayApi: GatewayApiRules;
  /** All objects of a kind, in all namespaces. */
  readonly list: <T extends KubeObject>(of: Resource<T>) => readonly T[];
}

export class PushContext {
  readonly root: string;
  readonly revision: number;
  /** Of Services and ServiceEntries; each host's port once. */
  readonly ports: readonly MeshPort[];
  readonly services: readonly Service[];
  readonly destinationRules: DestinationRules;
  readonly virtualServices: VirtualServices;
  /** Oldest first, those of the Gateway API last. */
  readonly gateways: readonly Gateway[];
  readonly release: IstioRelease;
  readonly settings: MeshConfig;
  readonly #options: PushContextOptions;
  readonly #rules = new Map<object, readonly KubeObject[]>();
  readonly #pods: ReadonlyMap<string, Pod>;
  readonly #endpoints: ReadonlyMap<string, Endpoints>;
  readonly #hosts: ReadonlyMap<string, Service>;

  constructor(options: PushContextOptions) {
    this.root = options.root;
    this.revision = options.revision;
    this.#options = options;
    this.services = this.#inside(SERVICES);
    this.#pods = byKey(this.#inside(PODS));
    this.#endpoints = byKey(this.#inside(ENDPOINTS));
    const { gateways, virtualServices } = options.gatewayApi;
    this.virtualServices = new VirtualServices([...this.rules(VIRTUAL_SERVICES), ...virtualServices]);
    this.gateways = [...this.rules(GATEWAYS), ...gateways];
    this.settings = options.settings;
    this.release = istioRelease(options.settings.version);
    this.destinationRules = new DestinationRules(this.root, this.rules(DESTINATION_RULES), this.release);
    const entries = this.rules(SERVICE_ENTRIES);
    const own = new Set(this.services.map(({ metadata }) => serviceHost(metadata.name, metadata.namespace ?? '')));
    const isAlias = (target: string): boolean => this.release.externalAliases && own.has(target);
    this.ports = eachOnce([
      ...this.services.flatMap((service) => servicePorts(service, isAlias)),
      ...entries.flatMap(entryPorts),
    ]);
    // If two have the same host, the last wins: Services before entries, older entries before younger ones.
    this.#hosts = new Map([
      ...entries
        .toReversed()
        .flatMap((entry) => entry.spec.hosts.map((host) => [host, serviceOfEntry(entry, host)] as const)),
      ...this.services.map((one) => [serviceHost(one.metadata.name, one.metadata.namespace ?? ''), one] as const),
    ]);
  }

  /** The rules of a kind in the mesh, oldest first. */
  rules<T extends KubeObject>(of: Resource<T>): readonly T[] {
    const known = this.#rules.get(of);
    // The map's values have the type of their key.
    if (known !== undefined) return known as readonly T[];
    const rules = this.#inside(of).filter(this.#options.accepts).sort(byAge);
    this.#rules.set(of, rules);
    return rules;
  }

  /** Every object that is used and that a proxy may reject. @param kinds the mesh's own. */
  sources(kinds: readonly Resource[]): readonly KubeObject[] {
    return [...kinds.flatMap((kind) => this.rules(kind)), ...this.#options.gatewayApi.sources];
  }

  /** Secrets of a namespace that can be a gateway's credentials. */
  secrets(namespace: string): readonly Secret[] {
    return this.#options.list(SECRETS).filter(({ metadata }) => metadata.namespace === namespace);
  }

  get pods(): Iterable<Pod> {
    return this.#pods.values();
  }

  /** @param key `namespace/name`. */
  pod(key: string): Pod | undefined {
    return this.#pods.get(key);
  }

  /** What clients in a namespace can see. */
  portsVisibleTo(namespace: string): readonly MeshPort[] {
    return this.ports.filter(({ entry }) => entry === undefined || isVisible(entry, namespace));
  }

  /** @param host a full name. */
  service(host: string): Service | undefined {
    return this.#hosts.get(host);
  }

  port(host: string, number: number): MeshPort | undefined {
    return this.ports.find((candidate) => candidate.host === host && candidate.port.port === number);
  }

  /** The ready addresses behind a port. */
  addresses(meshPort: MeshPort): readonly Address[] {
    const { service, namespace, port, entry, alias } = meshPort;
    if (alias !== undefined) {
      const target = this.port(alias, port.port);
      return target === undefined ? [] : this.addresses(target);
    }
    if (entry !== undefined) return entryAddresses(entry, meshPort, [...this.#pods.values()]);
    const endpoints = this.#endpoints.get(`${namespace}/${service.metadata.name}`);
    return (endpoints?.subsets ?? []).flatMap((subset) => {
      const target =
        subset.ports?.find(({ name }) => (name ?? '') === (port.name ?? '')) ??
        (subset.ports?.length === 1 ? subset.ports[0] : undefined);
      if (target === undefined) return [];
      return (subset.addresses ?? []).map(({ ip, targetRef }) => ({
        ip,
        port: target.port,
        pod: targetRef === undefined ? undefined : this.pod(`${targetRef.namespace ?? namespace}/${targetRef.name}`),
      }));
    });
  }

  #inside<T extends KubeObject>(of: Resource<T>): T[] {
    const { list, includes } = this.#options;
    return list(of).filter(({ metadata }) => includes(metadata.namespace ?? ''));
  }
}

/** Computes a value at most once per push and key, such as a part that several proxies share. */
export class OncePerPush<T> {
  readonly #made = new WeakMap<PushContext, Map<string, T>>();

  of(push: PushContext, key: string, make: () => T): T {
    const known = this.#made.get(push) ?? new Map<string, T>();
    this.#made.set(push, known);
    const made = known.get(key) ?? make();
    known.set(key, made);
    return made;
  }
}

function byKey<T extends KubeObject>(objects: readonly T[]): ReadonlyMap<string, T> {
  return new Map(objects.map((object) => [`${object.metadata.namespace}/${object.metadata.name}`, object]));
}

/** @param isAlias whether a Service that gives its target's name is only another name of it. */
function servicePorts(service: Service, isAlias: (target: string) => boolean): readonly MeshPort[] {
  const namespace = service.metadata.namespace ?? '';
  const host = serviceHost(service.metadata.name, namespace);
  const target = service.spec.externalName?.replace(/\.$/, '') ?? '';
  const entry = isAlias(target) ? undefined : entryOfExternalName(service, host);
  return (service.spec.ports ?? [])
    .filter(({ protocol }) => protocol === undefined || protocol === 'TCP')
    .map((port) => ({
      host,
      service,
      namespace,
      port,
      ...(entry === undefined ? {} : { entry }),
      ...(isAlias(target) ? { alias: target } : {}),
    }));
}

/** A host's port belongs to the first that defines it: a proxy rejects duplicate names. */
function eachOnce(ports: readonly MeshPort[]): readonly MeshPort[] {
  const known = new Map<string, MeshPort>();
  for (const port of ports) {
    const key = `${port.host}:${port.port.port}`;
    if (!known.has(key)) known.set(key, port);
  }
  return [...known.values()];
}
