/** Injects the proxy into a pod (openshift-service-mesh/istio, pkg/kube/inject). Pure. */

import jsonPatch from 'fast-json-patch';
import { isOfKind } from '../../client/client.ts';
import { type Labels, PODS, type Pod, type Volume } from '../../client/kinds.ts';
import { overlaid, PROXY } from '../servicemesh/overlay.ts';
import type { AdmissionAnswer, AdmissionRequest } from '../servicemesh/webhook-server.ts';
import { canonicalLabels, workloadOf } from '../servicemesh/workload.ts';
import type { Installation } from './installation.ts';
import { INJECT, REVISION_LABEL } from './references.ts';
import { DRAIN, proxy, UNPRIVILEGED_PORTS, validation, volumes } from './template.ts';

const STATUS = 'sidecar.istio.io/status';
const TEMPLATES = 'inject.istio.io/templates';
const NETWORKS = 'k8s.v1.cni.cncf.io/networks';
const NETWORK = 'default/istio-cni';
const NO = new Set(['n', 'no', 'false', 'off']);
const NEVER = new Set(['kube-system', 'kube-public', 'kube-node-lease', 'local-path-storage']);
const FALLBACK_USER = 1337;
const AGENT_PORT = '15020';

export function injectPod({ object, namespace }: AdmissionRequest, installation: Installation): AdmissionAnswer {
  const pod = object;
  if (!isOfKind(PODS, pod)) return { allowed: true };
  const where = namespace ?? pod.metadata.namespace ?? '';
  if (!wantsProxy(pod, where)) return { allowed: true };
  return { allowed: true, patch: jsonPatch.compare(pod, inject(pod, where, installation)) };
}

/** Called for pods that the webhooks' selectors match. A pod can still opt out by its label, or else by its annotation. */
export function wantsProxy({ metadata, spec }: Pod, namespace: string): boolean {
  if (spec.hostNetwork === true || NEVER.has(namespace)) return false;
  if (metadata.annotations?.[STATUS] !== undefined) return false;
  return !NO.has((metadata.labels?.[INJECT] ?? metadata.annotations?.[INJECT] ?? '').toLowerCase());
}

/** The pod with its template applied: `sidecar`, or `gateway` for a pod that is only a proxy. */
export function inject(pod: Pod, namespace: string, installation: Installation): Pod {
  const templates = (pod.metadata.annotations?.[TEMPLATES] ?? 'sidecar').split(',').map((name) => name.trim());
  return templates.includes('gateway')
    ? asGateway(pod, namespace, installation)
    : withSidecar(pod, namespace, installation);
}

function asGateway(pod: Pod, namespace: string, installation: Installation): Pod {
  const container = overlaid(proxy(pod, namespace, 'router', userOf(pod), installation), pod.spec.containers);
  const containers = pod.spec.containers.some(({ name }) => name === PROXY)
    ? pod.spec.containers.map((one) => (one.name === PROXY ? container : one))
    : [...pod.spec.containers, container];
  const added = { containers: [PROXY], initContainers: null, volumes: volumes('router', installation) };
  return {
    ...pod,
    metadata: metadataWith(pod, installation, added, {}, overridesOf(pod)),
    spec: {
      ...pod.spec,
      containers,
      volumes: [...(pod.spec.volumes ?? []), ...added.volumes],
      securityContext: { ...pod.spec.securityContext, sysctls: [UNPRIVILEGED_PORTS] },
    },
  };
}

/** What the pod itself says of the injected container, kept for a webhook that is called again. */
function overridesOf({ spec }: Pod): Labels {
  const own = spec.containers.find(({ name }) => name === PROXY);
  if (own === undefined) return {};
  const { image, ...rest } = own;
  const container = image === 'auto' ? rest : own;
  return { 'proxy.istio.io/overrides': JSON.stringify({ containers: [container] }) };
}

function withSidecar(pod: Pod, namespace: string, installation: Installation): Pod {
  const user = userOf(pod) + (userOf(pod) === FALLBACK_USER ? 0 : 1);
  const own = [...pod.spec.containers, ...(pod.spec.initContainers ?? [])];
  const container = overlaid(proxy(pod, namespace, 'sidecar', user, installation), own);
  const native = isNative(pod, installation);
  const apps = pod.spec.containers.filter(({ name }) => name !== PROXY);
  const inits = (pod.spec.initContainers ?? []).filter(({ name }) => name !== PROXY);
  const check = validation(user, installation.version);
  // A native sidecar starts before the pod's own init containers, so that they can use the mesh.
  const before = native ? [check, { lifecycle: DRAIN, ...container, restartPolicy: 'Always' }] : [check];
  const added = {
    initContainers: before.map(({ name }) => name),
    containers: native ? null : [PROXY],
    volumes: volumes('sidecar', installation),
  };
  return {
    ...pod,
    metadata: metadataWith(pod, installation, added, { 'security.istio.io/tlsMode': 'istio' }, redirectionOf(pod)),
    spec: {
      ...pod.spec,
      initContainers: [...before, ...inits],
      containers: native ? apps : [...apps, container],
      volumes: [...(pod.spec.volumes ?? []), ...added.volumes],
    },
  };
}

/** The annotations by which the CNI plugin redirects the pod's traffic, and those that name its main container. */
function redirectionOf(pod: Pod): Labels {
  const { annotations = {} } = pod.metadata;
  return {
    [NETWORKS]: [annotations[NETWORKS], NETWORK].filter(Boolean).join(', '),
    'sidecar.istio.io/interceptionMode': 'REDIRECT',
    'traffic.sidecar.istio.io/includeOutboundIPRanges':
      annotations['traffic.sidecar.istio.io/includeOutboundIPRanges'] ?? '*',
    'traffic.sidecar.istio.io/includeInboundPorts': annotations['traffic.sidecar.istio.io/includeInboundPorts'] ?? '*',
    'traffic.sidecar.istio.io/excludeInboundPorts': withAgentPort(
      annotations['traffic.sidecar.istio.io/excludeInboundPorts'] ?? '',
    ),
    'kubectl.kubernetes.io/default-container': mainOf(pod),
    'kubectl.kubernetes.io/default-logs-container':
      annotations['kubectl.kubernetes.io/default-logs-container'] ?? mainOf(pod),
  };
}

/** The ports that are not intercepted, with the agent's own. */
function withAgentPort(excluded: string): string {
  const ports = excluded.split(',').filter((port) => port !== '');
  return ports.includes(AGENT_PORT) ? excluded : [...ports, AGENT_PORT].join(',');
}

/** The container that `oc logs` and `oc exec` mean. */
function mainOf({ metadata, spec }: Pod): string {
  return (
    metadata.annotations?.['kubectl.kubernetes.io/default-container'] ??
    spec.containers.find(({ name }) => name !== PROXY)?.name ??
    PROXY
  );
}

function isNative({ metadata }: Pod, { nativeSidecars }: Installation): boolean {
  const asked = metadata.annotations?.['sidecar.istio.io/nativeSidecar'];
  return asked === undefined ? nativeSidecars : asked === 'true';
}

function metadataWith(
  pod: Pod,
  installation: Installation,
  added: {
    readonly containers: string[] | null;
    readonly initContainers: string[] | null;
    readonly volumes: readonly Volume[];
  },
  labels: Labels,
  annotations: Labels,
): Pod['metadata'] {
  const { metadata } = pod;
  const status = {
    initContainers: added.initContainers,
    containers: added.containers,
    volumes: added.volumes.map(({ name }) => name),
    imagePullSecrets: null,
    revision: installation.revision,
  };
  return {
    ...metadata,
    labels: { ...metadata.labels, ...labels, ...canonicalLabels(metadata.labels ?? {}, workloadOf(pod)) },
    annotations: {
      'prometheus.io/path': '/stats/prometheus',
      'prometheus.io/port': '15020',
      'prometheus.io/scrape': 'true',
      ...metadata.annotations,
      ...annotations,
      [REVISION_LABEL]: installation.revision,
      [STATUS]: JSON.stringify(status),
    },
  };
}

function userOf({ spec }: Pod): number {
  return (
    spec.containers.find(({ name }) => name !== PROXY)?.securityContext?.runAsUser ??
    spec.securityContext?.runAsUser ??
    FALLBACK_USER
  );
}
