/** Defaults of Services, and the addresses and node ports that the server assigns to them. */
import { at, type Fields, fields, number, recordsAt, text } from '../../../model/fields.ts';
import { defaults, editable, ensure, type MutableFields } from '../json.ts';
import { invalid } from '../status.ts';
import type { Store } from '../storage/store.ts';
import type { ApiObject } from '../types.ts';
import { invalidValue } from '../validation/causes.ts';

export function defaultService(object: MutableFields): void {
  const spec = ensure(object, 'spec');
  defaults(spec, { type: 'ClusterIP', sessionAffinity: 'None' });
  const type = text(spec['type']);
  if (type !== 'ExternalName') defaults(spec, { internalTrafficPolicy: 'Cluster' });
  if (type === 'NodePort' || type === 'LoadBalancer') defaults(spec, { externalTrafficPolicy: 'Cluster' });
  if (type === 'LoadBalancer') defaults(spec, { allocateLoadBalancerNodePorts: true });
  if (spec['sessionAffinity'] === 'ClientIP') {
    defaults(ensure(ensure(spec, 'sessionAffinityConfig'), 'clientIP'), { timeoutSeconds: 10800 });
  }
  if (spec['sessionAffinity'] === 'None') delete spec['sessionAffinityConfig'];
  for (const port of editable(spec['ports'])) {
    defaults(port, { protocol: 'TCP', targetPort: port['port'] });
    if (port['targetPort'] === 0 || port['targetPort'] === '') port['targetPort'] = port['port'];
  }
}

const NODE_PORTS = { first: 30000, last: 32767 };

/** Assigns addresses and node ports to Services. The stored Services show which ones are in use. */
export class ServiceAllocator {
  readonly #store: Store;
  readonly #first: number;
  readonly #size: number;
  #next: number;

  /** @param cidr e.g. `172.30.0.0/16`. */
  constructor(store: Store, cidr: string) {
    const [base = '', bits = ''] = cidr.split('/');
    this.#store = store;
    this.#first = toNumber(base);
    this.#size = 2 ** (32 - Number(bits));
    // Addresses are spread over the range like the random ones of a real cluster, but are the same in every run.
    this.#next = 0;
  }

  /** @throws {StatusError} Invalid for a Service that requires dual-stack: the cluster has IPv4 only. */
  requireFamilies(service: ApiObject, old: ApiObject | undefined): void {
    const spec = fields(service['spec']);
    const policy = spec['ipFamilyPolicy'] ?? at(old, 'spec', 'ipFamilyPolicy');
    if (policy !== 'RequireDualStack' || isOpen(spec, text(spec['clusterIP']))) return;
    const second = at(spec, 'ipFamilies', 1);
    throw invalid('', 'Service', service.metadata.name, [
      invalidValue('spec.ipFamilyPolicy', policy, 'this cluster is not configured for dual-stack services'),
      ...(second === undefined ? [] : [invalidValue('spec.ipFamilies[1]', second, 'not configured on this cluster')]),
    ]);
  }

  /**
   * Adds the address and node ports that a Service lacks.
   * @param service a copy; it is changed.
   * @throws {StatusError} Invalid for an address or port that is in use or out of range.
   */
  allocate(service: ApiObject, old: ApiObject | undefined): void {
    const spec = ensure(service, 'spec');
    const type = text(spec['type']);
    if (type === 'ExternalName') {
      delete spec['clusterIP'];
      delete spec['clusterIPs'];
      return;
    }
    this.#address(service, spec, old);
    const wantsNodePorts =
      type === 'NodePort' || (type === 'LoadBalancer' && spec['allocateLoadBalancerNodePorts'] !== false);
    if (wantsNodePorts) this.#nodePorts(service, spec, old);
    else for (const port of editable(spec['ports'])) if (type === 'ClusterIP') delete port['nodePort'];
  }

  #address(service: ApiObject, spec: MutableFields, old: ApiObject | undefined): void {
    const before = text(at(old, 'spec', 'clusterIP'));
    if (text(spec['clusterIP']) === '')
      spec['clusterIP'] = before !== '' ? before : text(at(spec, 'clusterIPs', 0)) || this.#free();
    const address = text(spec['clusterIP']);
    if (address !== 'None' && address !== before) this.#check(service, address);
    spec['clusterIPs'] = [address];
    const { ipFamilies, ipFamilyPolicy } = fields(at(old, 'spec'));
    if (ipFamilyPolicy !== undefined) defaults(spec, { ipFamilies, ipFamilyPolicy });
    // Users write the endpoints of a headless Service without a selector, and they may be of both families.
    const open = isOpen(spec, address);
    defaults(
      spec,
      open
        ? { ipFamilies: ['IPv4', 'IPv6'], ipFamilyPolicy: 'RequireDualStack' }
        : { ipFamilies: ['IPv4'], ipFamilyPolicy: 'SingleStack' },
    );
  }

  #services(): ApiObject[] {
    return this.#store.list('/services').map((entry) => entry.object);
  }

  #free(): string {
    const taken = new Set(this.#services().map((one) => text(at(one, 'spec', 'clusterIP'))));
    for (;;) {
      this.#next = (this.#next * 8121 + 28411) % 134456;
      const offset = 10 + (this.#next % (this.#size - 11));
      const address = toAddress(this.#first + offset);
      if (!taken.has(address)) return address;
    }
  }

  #check(service: ApiObject, address: string): void {
    const offset = toNumber(address) - this.#first;
    const fail = (why: string) =>
      invalid('', 'Service', service.metadata.name, [invalidValue('spec.clusterIPs', [address], why)]);
    if (!/^\d+\.\d+\.\d+\.\d+$/.test(address)) throw fail(`must be empty, 'None', or a valid IP address`);
    if (offset <= 0 || offset >= this.#size) {
      throw fail(
        `failed to allocate IP ${address}: the provided IP (${address}) is not in the valid range. The range of valid IPs is ${toAddress(this.#first)}/${32 - Math.log2(this.#size)}`,
      );
    }
    const taken = this.#services().some(
      (one) => one.metadata.uid !== service.metadata.uid && text(at(one, 'spec', 'clusterIP')) === address,
    );
    if (taken) throw fail(`failed to allocate IP ${address}: provided IP is already allocated`);
  }

  #nodePorts(service: ApiObject, spec: MutableFields, old: ApiObject | undefined): void {
    const others = this.#services().filter((one) => one.metadata.uid !== service.metadata.uid);
    const taken = new Set(
      others.flatMap((one) => recordsAt(one, 'spec', 'ports').map((port) => number(port['nodePort']))),
    );
    const before = recordsAt(old, 'spec', 'ports');
    for (const [index, port] of editable(spec['ports']).entries()) {
      const kept = before.find((one) => one['port'] === port['port'] && one['protocol'] === port['protocol']);
      const wanted = number(port['nodePort']) || number(kept?.['nodePort']);
      if (wanted !== 0) checkNodePort(service, index, wanted, taken);
      port['nodePort'] = wanted !== 0 ? wanted : freePort(taken);
      taken.add(number(port['nodePort']));
    }
  }
}

/** Whether users write the endpoints themselves: a headless Service without a selector. */
function isOpen(spec: Fields, address: string): boolean {
  return address === 'None' && Object.keys(fields(spec['selector'])).length === 0;
}

function checkNodePort(service: ApiObject, index: number, port: number, taken: Set<number>): void {
  const fail = (why: string) =>
    invalid('', 'Service', service.metadata.name, [invalidValue(`spec.ports[${index}].nodePort`, port, why)]);
  if (port < NODE_PORTS.first || port > NODE_PORTS.last) {
    throw fail(
      `provided port is not in the valid range. The range of valid ports is ${NODE_PORTS.first}-${NODE_PORTS.last}`,
    );
  }
  if (taken.has(port)) throw fail('provided port is already allocated');
}

function freePort(taken: Set<number>): number {
  const size = NODE_PORTS.last - NODE_PORTS.first + 1;
  let port = NODE_PORTS.first + Math.floor(Math.random() * size);
  for (let tries = 0; taken.has(port) && tries < size; tries += 1)
    port = NODE_PORTS.first + ((port - NODE_PORTS.first + 1) % size);
  return port;
}

function toNumber(address: string): number {
  return address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
}

function toAddress(value: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(value / 2 ** shift) % 256).join('.');
}
