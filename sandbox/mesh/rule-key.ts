import type { KubeObject } from '../client/client.ts';

/** A key for the current version of a rule: a changed rule has another. */
export function ruleKey({ kind, metadata }: KubeObject): string {
  const { namespace, name, generation, resourceVersion, uid } = metadata;
  return `${kind} ${namespace}/${name} (${uid ?? ''} ${generation ?? resourceVersion ?? ''})`;
}
