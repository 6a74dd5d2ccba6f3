/** The traffic that one rule of a NetworkPolicy allows, as lines of nftables. */

import { type KubeObject, resource } from '../client/client.ts';
import type { LabelSelector, Namespace, Pod } from '../client/kinds.ts';
import { matches } from '../labels/selector.ts';

interface Peer {
  podSelector?: LabelSelector;
  namespaceSelector?: LabelSelector;
  ipBlock?: { cidr: string; except?: string[] };
}
interface Port {
  port?: number | string;
  endPort?: number;
  protocol?: string;
}
export interface NetworkPolicy extends KubeObject {
  spec: {
    podSelector: LabelSelector;
    policyTypes?: string[];
    ingress?: { from?: Peer[]; ports?: Port[] }[];
    egress?: { to?: Peer[]; ports?: Port[] }[];
  };
}
export const POLICIES = resource<NetworkPolicy>('networking.k8s.io/v1', 'NetworkPolicy', 'networkpolicies');

export interface Cluster {
  readonly pods: readonly Pod[];
  readonly namespaces: readonly Namespace[];
  /** Address of the DNS server. */
  readonly dns: string;
}

/**
 * Namespaces in which clusters run their DNS server. The sandbox's does not run in a pod, so a rule for these namespaces allows
 * access to it.
 */
const DNS_NAMESPACES = ['openshift-dns', 'kube-system'];
/** OpenShift's DNS pods listen here behind their Service's 53, and its rules name this port. */
const DNS_POD_PORT = 5353;

/** Lines for traffic that `pod` accepts. */
export function ingressLines(policy: NetworkPolicy, pod: Pod, cluster: Cluster): string[] {
  return (policy.spec.ingress ?? []).flatMap(({ from, ports }) => {
    const sources = from?.length ? from.flatMap((peer) => peerMatch('saddr', peer, policy, cluster)) : [''];
    const targets = ports?.length ? ports.flatMap((port) => portMatch(port, [pod])) : [''];
    return pairs(sources, targets);
  });
}

/** Lines for what a pod selected by `policy` may send. */
export function egressLines(policy: NetworkPolicy, cluster: Cluster): string[] {
  return (policy.spec.egress ?? []).flatMap(({ to, ports }) => {
    const peers = to?.length ? to : [undefined];
    return peers.flatMap((peer) => {
      const targets = peer === undefined ? [''] : peerMatch('daddr', peer, policy, cluster);
      const numbered = (ports ?? []).filter((port) => typeof port.port !== 'string');
      const named = (ports ?? []).filter((port) => typeof port.port === 'string');
      const byNumber = ports?.length ? numbered.flatMap((port) => portMatch(port, [])) : [''];
      return [
        ...pairs(targets, byNumber),
        ...named.flatMap((port) => namedLines(port, peer, policy, cluster)),
        ...dnsLines(peer, ports, cluster),
      ];
    });
  });
}

function pairs(peers: readonly string[], ports: readonly string[]): string[] {
  return peers.flatMap((peer) => ports.map((port) => [peer, port, 'accept'].filter(Boolean).join(' ')));
}

/** A port name may be a different number in each target pod. */
function namedLines(port: Port, peer: Peer | undefined, policy: NetworkPolicy, cluster: Cluster): string[] {
  const pods = peer?.ipBlock !== undefined ? [] : peer === undefined ? cluster.pods : podsOf(peer, policy, cluster);
  return pods.flatMap((pod) => {
    const address = addressOf(pod);
    return address === undefined ? [] : pairs([`ip daddr ${address}`], portMatch(port, [pod]));
  });
}

function dnsLines(peer: Peer | undefined, ports: readonly Port[] = [], { dns }: Cluster): string[] {
  const selector = peer?.namespaceSelector;
  if (selector === undefined) return [];
  const meant = DNS_NAMESPACES.some((name) => matches(selector, { 'kubernetes.io/metadata.name': name }));
  if (!meant) return [];
  const real = ports.map((port) => (port.port === DNS_POD_PORT ? { ...port, port: 53 } : port));
  return pairs([`ip daddr ${dns}`], ports.length === 0 ? [''] : real.flatMap((port) => portMatch(port, [])));
}

/** @param pods whose port names count. */
function portMatch({ port, endPort, protocol = 'TCP' }: Port, pods: readonly Pod[]): string[] {
  const kind = protocol.toLowerCase();
  if (port === undefined) return [`ip protocol ${kind}`];
  const ports = pods.flatMap((pod) => pod.spec.containers).flatMap((container) => container.ports ?? []);
  const number = ports.find(({ name }) => name === port)?.containerPort ?? port;
  // A name that the pod does not have allows nothing; nft would reject all policies because of it.
  if (typeof number === 'string') return [];
  return [`${kind} dport ${number}${endPort === undefined ? '' : `-${endPort}`}`];
}

function peerMatch(side: 'saddr' | 'daddr', peer: Peer, policy: NetworkPolicy, cluster: Cluster): string[] {
  if (peer.ipBlock !== undefined) {
    const { cidr, except = [] } = peer.ipBlock;
    // No pod has IPv6 addresses here.
    if (cidr.includes(':')) return [];
    return [`ip ${side} ${cidr}${except.length === 0 ? '' : ` ip ${side} != { ${except.join(', ')} }`}`];
  }
  const addresses = podsOf(peer, policy, cluster).flatMap((pod) => addressOf(pod) ?? []);
  return addresses.length === 0 ? [] : [`ip ${side} { ${addresses.join(', ')} }`];
}

function podsOf(peer: Peer, policy: NetworkPolicy, { pods, namespaces }: Cluster): Pod[] {
  const within = namespaces.filter((one) =>
    peer.namespaceSelector === undefined
      ? one.metadata.name === policy.metadata.namespace
      : matches(peer.namespaceSelector, labelsOf(one)),
  );
  const names = new Set(within.map(({ metadata }) => metadata.name));
  return pods.filter(
    ({ metadata }) => names.has(metadata.namespace ?? '') && matches(peer.podSelector ?? {}, metadata.labels),
  );
}

function labelsOf({ metadata }: Namespace): Record<string, string> {
  return { 'kubernetes.io/metadata.name': metadata.name, ...metadata.labels };
}

/** Undefined for a pod without its own address. */
export function addressOf(pod: Pod): string | undefined {
  const { phase, podIP } = pod.status ?? {};
  return pod.spec.hostNetwork === true || phase === 'Succeeded' || phase === 'Failed' ? undefined : podIP;
}
