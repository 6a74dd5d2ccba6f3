/** Service addresses: one nftables table, rewritten whenever a Service or its endpoints change. */

import { createHash } from 'node:crypto';
import type { AgentContext } from './agent-context.ts';
import { ENDPOINTS, type Endpoints, SERVICES, type Service } from './kinds.ts';
import { GATEWAY } from './network.ts';
import { nodePodCidr } from './nodes.ts';
import { Rules } from './rules.ts';

type Port = NonNullable<Service['spec']['ports']>[number];

/** Resolves when the first rules are in the kernel. */
export async function startServices(context: AgentContext): Promise<void> {
  const services = context.informers.of(SERVICES);
  const endpoints = context.informers.of(ENDPOINTS);
  const { podCidr } = context.settings;
  const nodes = context.settings.nodes.map((name, index) => ({
    name,
    address: context.nodeAddresses[index] ?? '',
    podCidr: nodePodCidr(podCidr, index),
  }));
  const rules = new Rules(
    () => serviceTable(services.list(), endpoints.list(), nodes, context.settings.serviceCidr),
    (error) => context.log(`services: ${error}`),
  );
  await Promise.all([services.start(), endpoints.start()]);
  services.onChange(() => rules.change());
  endpoints.onChange(() => rules.change());
  await rules.change();
}

/** The data of a node that Services need. */
export interface ServiceNode {
  readonly name: string;
  readonly address: string;
  /** `10.128.0.0/23` */
  readonly podCidr: string;
}

interface Target {
  readonly ip: string;
  readonly port: number;
  readonly node: string | undefined;
}

/**
 * Each Service port leads to one of its ready endpoints, chosen at random per connection, or by the client's address
 * with `sessionAffinity: ClientIP`; the source address is kept.
 */
export function serviceTable(
  services: readonly Service[],
  endpoints: readonly Endpoints[],
  nodes: readonly ServiceNode[],
  serviceCidr: string,
): string {
  const byKey = new Map(endpoints.map((one) => [`${one.metadata.namespace}/${one.metadata.name}`, one]));
  const hairpins = new Set<string>();
  const translations: string[] = [];
  for (const service of services) {
    const { clusterIP, ports = [] } = service.spec;
    if (!clusterIP || clusterIP === 'None') continue;
    const found = byKey.get(`${service.metadata.namespace}/${service.metadata.name}`);
    for (const port of ports) {
      const targets = targetsOf(port, found);
      for (const { ip } of targets) hairpins.add(`${ip} . ${ip}`);
      if (targets.length > 0) translations.push(...linesOf(service, port, targets, nodes));
    }
  }
  return tableOf(translations, hairpins, serviceCidr, nodes[0]?.address ?? GATEWAY);
}

function targetsOf(port: Port, endpoints: Endpoints | undefined): Target[] {
  return (endpoints?.subsets ?? []).flatMap(({ addresses = [], ports = [] }) => {
    const match = ports.find(
      (one) => (one.name ?? '') === (port.name ?? '') && (one.protocol ?? 'TCP') === (port.protocol ?? 'TCP'),
    );
    return match === undefined ? [] : addresses.map(({ ip, nodeName }) => ({ ip, port: match.port, node: nodeName }));
  });
}

function linesOf(
  { spec, status }: Service,
  port: Port,
  targets: readonly Target[],
  nodes: readonly ServiceNode[],
): string[] {
  const protocol = (port.protocol ?? 'TCP').toLowerCase();
  if (protocol !== 'tcp' && protocol !== 'udp') return [];
  const sticky = spec.sessionAffinity === 'ClientIP';
  const on = (node: ServiceNode): string => destination(targetsOn(node, targets), sticky);
  const toAny = destination(targets, sticky);
  const cluster = `ip daddr ${spec.clusterIP} ${protocol} dport ${port.port}`;
  const inside =
    spec.internalTrafficPolicy === 'Local'
      ? nodes.map((node) => `ip saddr ${node.podCidr} ${cluster} ${on(node)}`)
      : [`${cluster} ${toAny}`];
  const outside = (address: string, number: number): string => `ip daddr ${address} ${protocol} dport ${number}`;
  const balanced = (status?.loadBalancer?.ingress ?? []).flatMap(({ ip }) => ip ?? []);
  const externals = [...(spec.externalIPs ?? []), ...balanced].map(
    (address) => `${outside(address, port.port)} ${toAny}`,
  );
  const { nodePort } = port;
  const atNodes = nodePort
    ? nodes.map((node) => {
        const to = spec.externalTrafficPolicy === 'Local' ? on(node) : toAny;
        return `${outside(node.address, nodePort)} ${to}`;
      })
    : [];
  return [...inside, ...externals, ...atNodes].map((line) => `    ${line}`);
}

function targetsOn(node: ServiceNode, targets: readonly Target[]): Target[] {
  return targets.filter((target) => target.node === node.name);
}

/** Local traffic to a node without a pod is dropped, as by kube-proxy. */
function destination(targets: readonly Target[], sticky: boolean): string {
  const [first] = targets;
  if (first === undefined) return 'drop';
  if (targets.length === 1) return `dnat to ${first.ip}:${first.port}`;
  if (sticky) return `dnat ip to jhash ip saddr mod ${SLOTS} seed ${SEED} map { ${elements(slots(targets))} }`;
  return `dnat ip to numgen random mod ${targets.length} map { ${elements(targets)} }`;
}

function elements(targets: readonly Target[]): string {
  return targets.map(({ ip, port }, index) => `${index} : ${ip} . ${port}`).join(', ');
}

/** The number of slots, which is enough to distribute clients evenly over the pods. */
const SLOTS = 64;
const SEED = '0x5eed';

/**
 * Which pod each slot of clients' addresses belongs to, by rendezvous hashing: a removed pod gives up only its own slots, a new pod
 * takes a few from each other pod. Clients thus keep their pods without any stored state.
 */
function slots(targets: readonly Target[]): Target[] {
  return Array.from({ length: SLOTS }, (_, slot) => {
    const ranked = targets.map((target) => ({ target, rank: rankOf(`${slot} ${target.ip}:${target.port}`) }));
    return ranked.reduce((best, one) => (one.rank > best.rank ? one : best)).target;
  });
}

function rankOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** A pod that reaches itself through a Service would see its own address as the source, so it is replaced by the node's. */
function tableOf(translations: readonly string[], hairpins: ReadonlySet<string>, cidr: string, node: string): string {
  const elements = hairpins.size === 0 ? '' : `elements = { ${[...hairpins].join(', ')} };`;
  return `table ip services
delete table ip services
table ip services {
  set hairpin {
    type ipv4_addr . ipv4_addr; ${elements}
  }
  chain translate {
${translations.join('\n')}
  }
  chain prerouting {
    type nat hook prerouting priority -100; policy accept;
    jump translate
  }
  chain output {
    type nat hook output priority -100; policy accept;
    jump translate
  }
  chain postrouting {
    type nat hook postrouting priority 100; policy accept;
    ip saddr . ip daddr @hairpin snat to ${node}
  }
  chain forward {
    type filter hook forward priority 0; policy accept;
    ip daddr ${cidr} meta l4proto tcp reject with tcp reset
    ip daddr ${cidr} reject
  }
}
`;
}
