/** The revision that a namespace or pod refers to by its labels (sail-operator, pkg/revision). Pure. */
import type { KubeObject } from '../../client/client.ts';
import type { Namespace, Pod } from '../../client/kinds.ts';

export const REVISION_LABEL = 'istio.io/rev';
export const INJECTION_LABEL = 'istio-injection';
export const INJECT = 'sidecar.istio.io/inject';
/** The revision or tag that is used when none is named. */
export const DEFAULT_REVISION = 'default';

export function revisionOfNamespace({ metadata: { labels } }: KubeObject): string | undefined {
  if (labels?.[INJECTION_LABEL] === 'enabled') return DEFAULT_REVISION;
  return labels?.[REVISION_LABEL] || undefined;
}

/** The revision whose istiod injected the pod's proxy. */
export function injectedRevision({ metadata: { annotations } }: Pod): string | undefined {
  return annotations?.[REVISION_LABEL] || undefined;
}

/** The revision or tag in the pod's own labels. */
export function revisionOfPod({ metadata: { labels } }: Pod): string | undefined {
  if (labels?.[INJECT] === 'false') return undefined;
  if (labels?.[REVISION_LABEL]) return labels[REVISION_LABEL];
  return labels?.[INJECT] === 'true' ? DEFAULT_REVISION : undefined;
}

/** A text of everything that decides what a pod refers to. It changes only when the reference may have changed. */
export function referencesOfPod(pod: Pod): string {
  return [injectedRevision(pod), revisionOfPod(pod), hasSucceeded(pod)].join(' ');
}

/**
 * Whether a namespace or pod refers to the revision or tag. A pod's own labels count only if its namespace names none.
 * Succeeded pods do not count.
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
