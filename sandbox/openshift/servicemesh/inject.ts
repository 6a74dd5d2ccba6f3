/** Adding the proxy to a pod (maistra/istio, inject/webhook.go). Pure. */
import { createHash } from 'node:crypto';
import type { Pod } from '../../client/kinds.ts';
import type { MeshFigures } from '../release.ts';
import { proxyContainer, proxyVolumes } from './proxy.ts';
import { canonicalLabels, ownerPath, workloadOf } from './workload.ts';

export const INJECT = 'sidecar.istio.io/inject';
export const STATUS = 'sidecar.istio.io/status';
const YES = new Set(['y', 'yes', 'true', 'on']);
const NEVER = new Set(['kube-system', 'kube-public']);

/** The policy is "disabled": a pod has to ask. Only its annotation counts, in later releases its label before that. */
export function wantsProxy(pod: Pod, namespace: string, figures: MeshFigures): boolean {
  if (pod.spec.hostNetwork === true || NEVER.has(namespace)) return false;
  if (pod.metadata.annotations?.[STATUS] !== undefined) return false;
  const label = figures.injectionLabel ? pod.metadata.labels?.[INJECT] : undefined;
  return YES.has((label ?? pod.metadata.annotations?.[INJECT] ?? '').toLowerCase());
}

export interface Mesh {
  readonly name: string;
  readonly namespace: string;
  readonly figures: MeshFigures;
}

/** The pod with its proxy: one more container, its volumes, and the labels and annotations the mesh reads. */
export function inject(pod: Pod, namespace: string, mesh: Mesh): Pod {
  const labels = pod.metadata.labels ?? {};
  const workload = workloadOf(pod);
  const app = labels['app'] ?? workload;
  const user = pod.spec.containers[0]?.securityContext?.runAsUser ?? pod.spec.securityContext?.runAsUser;
  const container = proxyContainer({
    role: 'sidecar',
    mesh: mesh.name,
    meshNamespace: mesh.namespace,
    imageTag: mesh.figures.imageTag,
    namespace,
    workload,
    app,
    revision: mesh.name,
    owner: ownerPath(pod, namespace, workload),
    interception: 'REDIRECT',
    ports: pod.spec.containers.flatMap((one) => one.ports ?? []),
    user: user === undefined ? 1337 : user + 1,
  });
  const volumes = proxyVolumes();
  const annotations = pod.metadata.annotations ?? {};
  const added = { containers: [container.name], volumes: volumes.map(({ name }) => name) };
  const excluded = [annotations['traffic.sidecar.istio.io/excludeInboundPorts'], '15090,15021']
    .filter(Boolean)
    .join(',');
  return {
    ...pod,
    metadata: {
      ...pod.metadata,
      labels: {
        ...labels,
        'security.istio.io/tlsMode': 'istio',
        'istio.io/rev': mesh.name,
        ...canonicalLabels(labels, workload),
      },
      annotations: {
        'sidecar.istio.io/interceptionMode': 'REDIRECT',
        'traffic.sidecar.istio.io/includeOutboundIPRanges': '*',
        'traffic.sidecar.istio.io/includeInboundPorts': '*',
        ...annotations,
        'traffic.sidecar.istio.io/excludeInboundPorts': excluded,
        'k8s.v1.cni.cncf.io/networks': [annotations['k8s.v1.cni.cncf.io/networks'], mesh.figures.cni.network]
          .filter(Boolean)
          .join(', '),
        [STATUS]: JSON.stringify({
          version: createHash('sha256').update(JSON.stringify(container)).digest('hex'),
          initContainers: null,
          ...added,
          imagePullSecrets: null,
        }),
      },
    },
    spec: {
      ...pod.spec,
      containers: [...pod.spec.containers, container],
      volumes: [...(pod.spec.volumes ?? []), ...volumes],
    },
  };
}
