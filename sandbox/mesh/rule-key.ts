import type { KubeObject } from '../client/client.ts';

/** Names a rule as it is now: a changed one is another. */
export function ruleKey({ kind, metadata }: KubeObject): string {
  const { namespace, name, generation, resourceVersion, uid } = metadata;
  return `${kind} ${namespace}/${name} (${uid ?? ''} ${generation ?? resourceVersion ?? ''})`;
}
