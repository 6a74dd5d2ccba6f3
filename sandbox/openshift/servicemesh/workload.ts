/** The workload that the mesh assigns a pod to, and its canonical names. Pure. */
import type { Labels, Pod } from '../../client/kinds.ts';
import { controllerOf } from '../../client/ownership.ts';

/** Canonical names from common labels, in Istio's order. Existing canonical names of a pod are kept. */
export function canonicalLabels(labels: Labels, workload: string): Labels {
  return {
    'service.istio.io/canonical-name':
      labels['service.istio.io/canonical-name'] ?? labels['app.kubernetes.io/name'] ?? labels['app'] ?? workload,
    'service.istio.io/canonical-revision':
      labels['service.istio.io/canonical-revision'] ??
      labels['app.kubernetes.io/version'] ??
      labels['version'] ??
      'latest',
  };
}

/** The name of the Deployment if the pod's ReplicaSet belongs to one, otherwise the owner's name, or the pod's own. */
export function workloadOf(pod: Pod): string {
  const owner = controllerOf(pod);
  const hash = pod.metadata.labels?.['pod-template-hash'];
  if (owner?.kind === 'ReplicaSet' && hash !== undefined && owner.name.endsWith(`-${hash}`))
    return owner.name.slice(0, -hash.length - 1);
  return owner?.name ?? (pod.metadata.name || (pod.metadata.generateName ?? '').replace(/-$/, ''));
}

/** The path of the workload in the API. */
export function ownerPath(pod: Pod, namespace: string, workload: string): string {
  const owner = controllerOf(pod);
  if (owner === undefined) return `apis/v1/namespaces/${namespace}/pods/${workload}`;
  if (owner.kind === 'ReplicaSet') return `apis/apps/v1/namespaces/${namespace}/deployments/${workload}`;
  return `apis/${owner.apiVersion}/namespaces/${namespace}/${owner.kind.toLowerCase()}s/${owner.name}`;
}
