/** Service addresses: one nftables table, written anew whenever a Service or its endpoints change. */

import type { AgentContext } from './agent-context.ts';
import { ENDPOINTS, type Endpoints, SERVICES, type Service } from './kinds.ts';
import { GATEWAY } from './network.ts';
import { Rules } from './rules.ts';

/** Resolves when the first rules are in the kernel. */
export async function startServices(context: AgentContext): Promise<void> {
  const services = context.informers.of(SERVICES);
  const endpoints = context.informers.of(ENDPOINTS);
  const rules = new Rules(
    () => serviceTable(services.list(), endpoints.list(), context.nodeAddresses, context.settings.serviceCidr),
    (error) => context.log(`services: ${error}`),
  );
  await Promise.all([services.start(), endpoints.start()]);
  services.onChange(() => rules.change());
  endpoints.onChange(() => rules.change());
  await rules.change();
}

/** Each Service port leads to one of its ready endpoints, chosen at random per connection; the source address is kept. */
export function serviceTable(
  services: readonly Service[],
  endpoints: readonly Endpoints[],
  nodes: readonly string[],
  serviceCidr: string,
): string {
  const byKey = new Map(endpoints.map((one) => [`${one.metadata.namespace}/${one.metadata.name}`, one]));
  const hairpins = new Set<string>();
  const translations: string[] = [];
  for (const service of services) {
    const { clusterIP, ports = [] } = service.spec;
    if (!clusterIP || clusterIP === 'None') continue;
    const subsets = byKey.get(`${service.metadata.namespace}/${service.metadata.name}`)?.subsets ?? [];
    for (const port of ports) {
      const protocol = (port.protocol ?? 'TCP').toLowerCase();
      if (protocol !== 'tcp' && protocol !== 'udp') continue;
      const targets = subsets.flatMap(({ addresses = [], ports: found = [] }) => {
        const match = found.find((one) => (one.name ?? '') === (port.name ?? '') || found.length === 1);
        return match === undefined ? [] : addresses.map(({ ip }) => ({ ip, port: match.port }));
      });
      if (targets.length === 0) continue;
      for (const { ip } of targets) hairpins.add(`${ip} . ${ip}`);
      const to = destination(targets);
      translations.push(`    ip daddr ${clusterIP} ${protocol} dport ${port.port} ${to}`);
      if (port.nodePort) {
        translations.push(`    ip daddr { ${nodes.join(', ')} } ${protocol} dport ${port.nodePort} ${to}`);
      }
    }
  }
  return tableOf(translations, hairpins, serviceCidr, nodes[0] ?? GATEWAY);
}

function destination(targets: readonly { ip: string; port: number }[]): string {
  const [first] = targets;
  if (targets.length === 1 && first !== undefined) return `dnat to ${first.ip}:${first.port}`;
  const map = targets.map(({ ip, port }, index) => `${index} : ${ip} . ${port}`).join(', ');
  return `dnat ip to numgen random mod ${targets.length} map { ${map} }`;
}

/** A pod that reaches itself through a Service would see its own address as the source: then the node's takes its place. */
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
