/** Which revision a namespace or a pod refers to, by its labels (sail-operator, pkg/revision). Pure. */
import type { KubeObject } from '../../client/client.ts';
import type { Namespace, Pod } from '../../client/kinds.ts';

export const REVISION_LABEL = 'istio.io/rev';
export const INJECTION_LABEL = 'istio-injection';
export const INJECT = 'sidecar.istio.io/inject';
/** The revision or tag used if none is named. */
export const DEFAULT_REVISION = 'default';

export function revisionOfNamespace({ metadata: { labels } }: KubeObject): string | undefined {
  if (labels?.[INJECTION_LABEL] === 'enabled') return DEFAULT_REVISION;
  return labels?.[REVISION_LABEL] || undefined;
}

/** The revision whose istiod gave the pod its proxy. */
export function injectedRevision({ metadata: { annotations } }: Pod): string | undefined {
  return annotations?.[REVISION_LABEL] || undefined;
}

/** The revision or tag that a pod asks for by its own labels. */
export function revisionOfPod({ metadata: { labels } }: Pod): string | undefined {
  if (labels?.[INJECT] === 'false') return undefined;
  if (labels?.[REVISION_LABEL]) return labels[REVISION_LABEL];
  return labels?.[INJECT] === 'true' ? DEFAULT_REVISION : undefined;
}

/** Everything about a pod that decides what it refers to: equal texts mean that nothing about that has changed. */
export function referencesOfPod(pod: Pod): string {
  return [injectedRevision(pod), revisionOfPod(pod), hasSucceeded(pod)].join(' ');
}

/**
 * Whether a namespace or a pod refers to a revision or tag of that name. A pod's own labels count only where its namespace names
 * none; a pod that has succeeded no longer counts.
 */
export function isReferenced(
  name: string,
  by: 'revision' | 'tag',
  namespaces: readonly Namespace[],
  pods: readonly Pod[],
): boolean {
  if (namespaces.some((namespace) => revisionOfNamespace(namespace) === name)) return true;
  const silent = new Set(
    namespaces.filter((one) => revisionOfNamespace(one) === undefined).map(({ metadata }) => metadata.name),
  );
  return pods.some((pod) => {
    if (hasSucceeded(pod)) return false;
    if (by === 'revision' && injectedRevision(pod) === name) return true;
    return silent.has(pod.metadata.namespace ?? '') && revisionOfPod(pod) === name;
  });
}

function hasSucceeded({ status }: Pod): boolean {
  return status?.phase === 'Succeeded';
}
