/** The description of a workload in Istio's metrics. */
import type { Pod } from './kubernetes.ts';

export const PEER_FIELDS = [
  ...['workload', 'workload_namespace', 'canonical_service', 'canonical_revision', 'app', 'version', 'cluster'],
] as const;
export type PeerField = (typeof PEER_FIELDS)[number];
export type Peer = Readonly<Record<PeerField, string>>;

const UNKNOWN = 'unknown';

/** Describes a pod's workload from its labels and the name in its proxy's environment. */
export function peerOf(pod: Pod): Peer {
  const { namespace = '', labels = {}, name } = pod.metadata;
  const workload = workloadOf(pod) ?? labels['app'] ?? name;
  return {
    workload,
    workload_namespace: namespace,
    canonical_service:
      labels['service.istio.io/canonical-name'] ?? labels['app.kubernetes.io/name'] ?? labels['app'] ?? workload,
    canonical_revision:
      labels['service.istio.io/canonical-revision'] ??
      labels['app.kubernetes.io/version'] ??
      labels['version'] ??
      'latest',
    app: labels['app'] ?? UNKNOWN,
    version: labels['version'] ?? UNKNOWN,
    cluster: 'Kubernetes',
  };
}

function workloadOf({ spec }: Pod): string | undefined {
  const containers = [...spec.containers, ...(spec.initContainers ?? [])];
  const variables = containers.flatMap(({ env = [] }) => env);
  return variables.find(({ name }) => name === 'ISTIO_META_WORKLOAD_NAME')?.value;
}

/** The header in which a proxy describes its workload to another proxy. */
export const PEER_HEADER = 'x-envoy-peer-metadata';

/** The value of the header: `;workload=web;…;version=v1;`. */
export function peerHeader(peer: Peer): string {
  return `;${PEER_FIELDS.map((field) => `${field}=${peer[field]};`).join('')}`;
}

/** The variable in a proxy's environment that holds a field of its own workload. */
export function peerVariable(field: PeerField | 'header'): string {
  return `MESH_PEER_${field.toUpperCase()}`;
}
