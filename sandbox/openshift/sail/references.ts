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

/** A pod with a proxy names its revision in an annotation; a pod without may request one by its labels. */
export function revisionOfPod({ metadata: { labels, annotations } }: Pod): string | undefined {
  const injected = annotations?.[REVISION_LABEL];
  if (injected) return injected;
  if (labels?.[INJECT] === 'false') return undefined;
  if (labels?.[REVISION_LABEL]) return labels[REVISION_LABEL];
  return labels?.[INJECT] === 'true' ? DEFAULT_REVISION : undefined;
}

/** Whether anything refers to a revision or tag of that name. */
export function isReferenced(name: string, namespaces: readonly Namespace[], pods: readonly Pod[]): boolean {
  return (
    namespaces.some((namespace) => revisionOfNamespace(namespace) === name) ||
    pods.some((pod) => revisionOfPod(pod) === name)
  );
}
