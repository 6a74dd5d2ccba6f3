/** NetworkPolicies: a pod that an ingress policy selects accepts only what its policies allow; the rest is dropped. */
import { matches } from '../controllers/selectors.ts';
import { type KubeObject, resource } from '../runtime/client.ts';
import type { AgentContext } from './agent-context.ts';
import { PODS, type Pod } from './kinds.ts';
import { Rules } from './rules.ts';

interface Selector {
  matchLabels?: Record<string, string>;
  matchExpressions?: { key: string; operator: string; values?: string[] }[];
}
interface Peer {
  podSelector?: Selector;
  namespaceSelector?: Selector;
  ipBlock?: { cidr: string; except?: string[] };
}
interface IngressRule {
  from?: Peer[];
  ports?: { port?: number | string; endPort?: number; protocol?: string }[];
}
export interface NetworkPolicy extends KubeObject {
  spec: { podSelector: Selector; policyTypes?: string[]; ingress?: IngressRule[] };
}
export interface Namespace extends KubeObject {}

const POLICIES = resource<NetworkPolicy>('networking.k8s.io/v1', 'NetworkPolicy', 'networkpolicies');
const NAMESPACES = resource<Namespace>('v1', 'Namespace', 'namespaces', 'cluster');

export async function startPolicies(context: AgentContext): Promise<void> {
  const policies = context.informers.of(POLICIES);
  const pods = context.informers.of(PODS);
  const namespaces = context.informers.of(NAMESPACES);
  const rules = new Rules(
    () => policyTable(policies.list(), pods.list(), namespaces.list()),
    (error) => context.log(`policies: ${error}`),
  );
  for (const informer of [policies, pods, namespaces]) informer.onChange(() => rules.change());
}

/** What the node itself sends (probes, the router) is not forwarded and so never dropped, as with OpenShift's SDN. */
export function policyTable(
  policies: readonly NetworkPolicy[],
  pods: readonly Pod[],
  namespaces: readonly Namespace[],
): string {
  const chains: string[] = [];
  const jumps: string[] = [];
  for (const pod of pods) {
    const address = addressOf(pod);
    if (address === undefined) continue;
    const selecting = policies.filter(
      (policy) =>
        policy.metadata.namespace === pod.metadata.namespace &&
        (policy.spec.policyTypes ?? ['Ingress']).includes('Ingress') &&
        matches(policy.spec.podSelector, pod.metadata.labels),
    );
    if (selecting.length === 0) continue;
    const allowed = selecting.flatMap((policy) =>
      (policy.spec.ingress ?? []).flatMap((rule) => ruleLines(rule, policy, pod, pods, namespaces)),
    );
    const chain = `pod_${address.replaceAll('.', '_')}`;
    chains.push(`  chain ${chain} {\n${allowed.map((line) => `    ${line}\n`).join('')}    drop\n  }`);
    jumps.push(`    ip daddr ${address} jump ${chain}`);
  }
  return `table ip policies
delete table ip policies
table ip policies {
${chains.join('\n')}
  chain forward {
    type filter hook forward priority 10; policy accept;
    ct state established,related accept
${jumps.join('\n')}
  }
}
`;
}

function ruleLines(
  rule: IngressRule,
  policy: NetworkPolicy,
  pod: Pod,
  pods: readonly Pod[],
  namespaces: readonly Namespace[],
): string[] {
  const ports = rule.ports?.length ? rule.ports.flatMap((port) => portMatch(port, pod)) : [''];
  const sources =
    rule.from === undefined || rule.from.length === 0
      ? ['']
      : rule.from.flatMap((peer) => sourceMatch(peer, policy, pods, namespaces));
  return sources.flatMap((source) => ports.map((port) => [source, port, 'accept'].filter(Boolean).join(' ')));
}

function portMatch(port: NonNullable<IngressRule['ports']>[number], pod: Pod): string[] {
  const protocol = (port.protocol ?? 'TCP').toLowerCase();
  if (port.port === undefined) return [`ip protocol ${protocol}`];
  const named = pod.spec.containers.flatMap(({ ports = [] }) => ports).find(({ name }) => name === port.port);
  const number = named?.containerPort ?? port.port;
  // A name the pod does not have allows nothing; nft would refuse all policies for it.
  if (typeof number === 'string') return [];
  return [`${protocol} dport ${number}${port.endPort === undefined ? '' : `-${port.endPort}`}`];
}

function sourceMatch(
  peer: Peer,
  policy: NetworkPolicy,
  pods: readonly Pod[],
  namespaces: readonly Namespace[],
): string[] {
  if (peer.ipBlock !== undefined) {
    const { cidr, except = [] } = peer.ipBlock;
    return [`ip saddr ${cidr}${except.length === 0 ? '' : ` ip saddr != { ${except.join(', ')} }`}`];
  }
  const from = namespaces.filter(({ metadata }) =>
    peer.namespaceSelector === undefined
      ? metadata.name === policy.metadata.namespace
      : matches(peer.namespaceSelector, { 'kubernetes.io/metadata.name': metadata.name, ...metadata.labels }),
  );
  const names = new Set(from.map(({ metadata }) => metadata.name));
  const addresses = pods
    .filter(({ metadata }) => names.has(metadata.namespace ?? '') && matches(peer.podSelector ?? {}, metadata.labels))
    .flatMap((pod) => addressOf(pod) ?? []);
  return addresses.length === 0 ? [] : [`ip saddr { ${addresses.join(', ')} }`];
}

function addressOf(pod: Pod): string | undefined {
  const { phase, podIP } = pod.status ?? {};
  return pod.spec.hostNetwork === true || phase === 'Succeeded' || phase === 'Failed' ? undefined : podIP;
}
