/** Watches until an object is gone. */

import type { KubernetesApi } from '../../kube/api.ts';
import { ApiError, type Rest } from '../../kube/rest.ts';
import { recordsAt, textAt } from '../../model/fields.ts';
import type { GroupVersionResource } from '../proxy/request-info.ts';
import { getObject } from './object.ts';

/**
 * @param deadline on `performance`'s clock.
 * @returns what holds it, if it still exists then.
 */
export async function awaitGone(
  api: KubernetesApi,
  rest: Rest,
  { gvr, name, uid }: { gvr: GroupVersionResource; name: string; uid: string },
  deadline: number,
  signal?: AbortSignal,
): Promise<string | undefined> {
  const over = new AbortController();
  const stop = (): void => over.abort();
  signal?.addEventListener('abort', stop, { once: true });
  const timer = setTimeout(() => over.abort(), Math.max(0, deadline - performance.now()));
  const { group, version, resource, namespace } = gvr;
  const kind = {
    apiVersion: group === '' ? version : `${group}/${version}`,
    kind: '',
    plural: resource,
    namespaced: namespace !== undefined,
  };
  const filter = { fieldSelector: `metadata.name=${name}`, ...(namespace === undefined ? {} : { namespace }) };
  let seen = true;
  try {
    const following = api.follow(
      kind,
      filter,
      (changes) => {
        seen = changes.at(-1)?.type === 'put';
        if (!seen) over.abort();
      },
      over.signal,
    );
    following.catch(() => undefined);
    // A watch reports nothing if there is nothing in its first list, so the object is read once.
    const now = await getObject(rest, gvr, name);
    if (now === undefined || now.metadata.uid !== uid) return undefined;
    await following;
  } catch (error) {
    // The objects of a kind that is no longer served are gone.
    if (error instanceof ApiError && error.code === 404) return undefined;
    throw error;
  } finally {
    signal?.removeEventListener('abort', stop);
    clearTimeout(timer);
    over.abort();
  }
  const now = await getObject(rest, gvr, name);
  if (now === undefined || now.metadata.uid !== uid) return undefined;
  const { finalizers = [], deletionTimestamp } = now.metadata;
  const held = finalizers.length === 0 ? '' : `; its finalizers are ${finalizers.join(', ')}: what should remove them?`;
  return `it is still there${deletionTimestamp === undefined ? '' : `, being deleted since ${deletionTimestamp}`}${held}${contentOf(now)}`;
}

/** A namespace reports what is left in it. */
function contentOf(object: object): string {
  const said = recordsAt(object, 'status', 'conditions')
    .filter((one) => textAt(one, 'type')?.startsWith('Namespace') === true && one['status'] === 'True')
    .flatMap((one) => textAt(one, 'message') ?? []);
  return said.length === 0 ? '' : ` (${said.join('; ')})`;
}
