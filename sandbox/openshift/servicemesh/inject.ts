/** Injects the proxy into a pod (maistra/istio, inject/webhook.go). Pure. */
import { createHash } from 'node:crypto';
import type { Container, Labels, Pod, Volume } from '../../client/kinds.ts';
import type { MeshFigures } from '../release.ts';
import { overlaid, PROXY } from './overlay.ts';
import { proxyContainer, proxyVolumes } from './proxy.ts';
import { canonicalLabels, ownerPath, workloadOf } from './workload.ts';

export const INJECT = 'sidecar.istio.io/inject';
export const STATUS = 'sidecar.istio.io/status';
const TEMPLATES = 'inject.istio.io/templates';
const YES = new Set(['y', 'yes', 'true', 'on']);
const NEVER = new Set(['kube-system', 'kube-public']);

/** The policy is `disabled`, so a pod must opt in by its annotation. In later releases, its label takes precedence. */
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

/**
 * The pod with its template applied. `sidecar` adds a container, its volumes, and the labels and annotations that the mesh
 * reads. `gateway`, for a pod that is only a proxy, fills in its container `istio-proxy`.
 */
export function inject(pod: Pod, namespace: string, mesh: Mesh): Pod {
  const templates = (pod.metadata.annotations?.[TEMPLATES] ?? '').split(',').map((name) => name.trim());
  const injection = { pod, namespace, mesh, workload: workloadOf(pod) };
  return mesh.figures.injectionTemplates && templates.includes('gateway')
    ? asGateway(injection)
    : withSidecar(injection);
}

interface Injection {
  readonly pod: Pod;
  readonly namespace: string;
  readonly mesh: Mesh;
  readonly workload: string;
}

function asGateway(injection: Injection): Pod {
  const { pod } = injection;
  const container = overlaid(proxyOf(injection, 'router'), pod.spec.containers);
  const others = pod.spec.containers.filter(({ name }) => name !== PROXY);
  return {
    ...pod,
    metadata: {
      ...pod.metadata,
      labels: labelsOf(injection),
      annotations: { ...pod.metadata.annotations, [STATUS]: statusOf(container) },
    },
    spec: { ...pod.spec, containers: [...others, container], volumes: volumesOf(pod) },
  };
}

function withSidecar(injection: Injection): Pod {
  const { pod, mesh } = injection;
  // Without templates, the API server refuses the second container of that name.
  const own = mesh.figures.injectionTemplates ? pod.spec.containers : [];
  const container = overlaid(proxyOf(injection, 'sidecar'), own);
  const apps = mesh.figures.injectionTemplates
    ? pod.spec.containers.filter(({ name }) => name !== PROXY)
    : pod.spec.containers;
  const { annotations = {} } = pod.metadata;
  const excluded = [annotations['traffic.sidecar.istio.io/excludeInboundPorts'], '15090,15021']
    .filter(Boolean)
    .join(',');
  return {
    ...pod,
    metadata: {
      ...pod.metadata,
      labels: { ...labelsOf(injection), 'security.istio.io/tlsMode': 'istio' },
      annotations: {
        'sidecar.istio.io/interceptionMode': 'REDIRECT',
        'traffic.sidecar.istio.io/includeOutboundIPRanges': '*',
        'traffic.sidecar.istio.io/includeInboundPorts': '*',
        ...annotations,
        'traffic.sidecar.istio.io/excludeInboundPorts': excluded,
        'k8s.v1.cni.cncf.io/networks': [annotations['k8s.v1.cni.cncf.io/networks'], mesh.figures.cni.network]
          .filter(Boolean)
          .join(', '),
        [STATUS]: statusOf(container),
      },
    },
    spec: { ...pod.spec, containers: [...apps, container], volumes: volumesOf(pod) },
  };
}

function proxyOf({ pod, namespace, mesh, workload }: Injection, role: 'sidecar' | 'router'): Container {
  const apps = pod.spec.containers.filter(({ name }) => name !== PROXY);
  const user = apps[0]?.securityContext?.runAsUser ?? pod.spec.securityContext?.runAsUser;
  return proxyContainer({
    role,
    mesh: mesh.name,
    meshNamespace: mesh.namespace,
    imageTag: mesh.figures.imageTag,
    namespace,
    workload,
    app: pod.metadata.labels?.['app'] ?? workload,
    revision: mesh.name,
    owner: ownerPath(pod, namespace, workload),
    ...(role === 'router' ? {} : { interception: 'REDIRECT' }),
    ports: apps.flatMap((one) => one.ports ?? []),
    user: user === undefined ? 1337 : user + 1,
  });
}

function labelsOf({ pod, mesh, workload }: Injection): Labels {
  const { labels = {} } = pod.metadata;
  return { ...labels, 'istio.io/rev': mesh.name, ...canonicalLabels(labels, workload) };
}

function volumesOf({ spec }: Pod): Volume[] {
  return [...(spec.volumes ?? []), ...proxyVolumes()];
}

function statusOf(container: Container): string {
  return JSON.stringify({
    version: createHash('sha256').update(JSON.stringify(container)).digest('hex'),
    initContainers: null,
    containers: [container.name],
    volumes: proxyVolumes().map(({ name }) => name),
    imagePullSecrets: null,
  });
}
