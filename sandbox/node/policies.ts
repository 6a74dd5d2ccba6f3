/** NetworkPolicies: a selected pod accepts or sends only the traffic that its policies allow. The rest is dropped. */
import { NAMESPACES } from '../client/kinds.ts';
import { matches } from '../labels/selector.ts';
import type { AgentContext } from './agent-context.ts';
import { PODS, type Pod } from './kinds.ts';
import { addressOf, type Cluster, egressLines, ingressLines, type NetworkPolicy, POLICIES } from './policy-rules.ts';
import { Rules } from './rules.ts';

export async function startPolicies(context: AgentContext): Promise<void> {
  const policies = context.informers.of(POLICIES);
  const pods = context.informers.of(PODS);
  const namespaces = context.informers.of(NAMESPACES);
  const rules = new Rules(
    () => policyTable(policies.list(), { pods: pods.list(), namespaces: namespaces.list(), dns: context.dns }),
    (error) => context.log(`policies: ${error}`),
  );
  for (const informer of [policies, pods, namespaces]) informer.onChange(() => rules.change());
}

/**
 * Traffic from the node itself (probes, the router) is not forwarded and so never dropped, as with OpenShift's SDN. Traffic from
 * pods to the node (DNS, the API) arrives in `input`. Both directions are checked, one chain after the other.
 */
export function policyTable(policies: readonly NetworkPolicy[], cluster: Cluster): string {
  const chains: string[] = [];
  const jumps: Record<'Ingress' | 'Egress', string[]> = { Ingress: [], Egress: [] };
  for (const pod of cluster.pods) {
    const address = addressOf(pod);
    if (address === undefined) continue;
    const add = (type: 'Ingress' | 'Egress', side: string, linesOf: (policy: NetworkPolicy) => string[]): void => {
      const selecting = policies.filter((policy) => selects(policy, pod, type));
      if (selecting.length === 0) return;
      const chain = `${type.toLowerCase()}_${address.replaceAll('.', '_')}`;
      const allowed = selecting.flatMap(linesOf).map((line) => `    ${line}\n`);
      chains.push(`  chain ${chain} {\n${allowed.join('')}    drop\n  }`);
      jumps[type].push(`    ip ${side} ${address} jump ${chain}`);
    };
    add('Ingress', 'daddr', (policy) => ingressLines(policy, pod, cluster));
    add('Egress', 'saddr', (policy) => egressLines(policy, cluster));
  }
  return `table ip policies
delete table ip policies
table ip policies {
${chains.join('\n')}
${baseChain('to_pods', 'forward', 10, jumps.Ingress)}
${baseChain('from_pods', 'forward', 11, jumps.Egress)}
${baseChain('to_node', 'input', 10, jumps.Egress)}
}
`;
}

function selects(policy: NetworkPolicy, pod: Pod, type: string): boolean {
  return (
    policy.metadata.namespace === pod.metadata.namespace &&
    (policy.spec.policyTypes ?? ['Ingress']).includes(type) &&
    matches(policy.spec.podSelector, pod.metadata.labels)
  );
}

function baseChain(name: string, hook: string, priority: number, jumps: readonly string[]): string {
  return `  chain ${name} {
    type filter hook ${hook} priority ${priority}; policy accept;
    ct state established,related accept
${jumps.join('\n')}
  }`;
}
