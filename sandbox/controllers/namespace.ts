/** Completes the deletion of namespaces: first their content, then their finalizer. */

import { type ControllerContext, controllerFor, type RunningController } from '../client/builder.ts';
import { ApiError, type Client, type KubeObject, type Resource } from '../client/client.ts';
import { NAMESPACES, type Namespace } from '../client/kinds.ts';
import { discover } from './discovery.ts';

const AGAIN_MS = 50;

export function startNamespaces(context: ControllerContext): RunningController {
  const { client } = context;
  return controllerFor(context, 'namespace-controller', NAMESPACES).reconciles({
    present: async () => undefined,
    deleting: async (namespace) => {
      const left = await empty(client, namespace.metadata.name);
      if (left > 0) return AGAIN_MS;
      return finalize(client, namespace);
    },
  });
}

/** Requests the deletion of everything in the namespace. @returns the number of objects that still existed. */
async function empty(client: Client, namespace: string): Promise<number> {
  const kinds = (await discover(client, ['list', 'delete'])).filter((kind) => kind.namespaced);
  const counts = await Promise.all(kinds.map((kind) => emptyOf(client, kind, namespace)));
  return counts.reduce((sum, count) => sum + count, 0);
}

async function emptyOf(client: Client, kind: Resource, namespace: string): Promise<number> {
  const { items } = await client.list<KubeObject>(kind, { namespace });
  // Also deletes owned objects, so that they need not wait for the deletion of their owner.
  for (const item of items) {
    if (item.metadata.deletionTimestamp !== undefined) continue;
    try {
      await client.delete(kind, item.metadata.name, namespace);
    } catch (error) {
      if (!(error instanceof ApiError && (error.code === 404 || error.code === 405))) throw error;
    }
  }
  return items.length;
}

async function finalize(client: Client, namespace: Namespace): Promise<void> {
  const finalizers = (namespace.spec?.finalizers ?? []).filter((one) => one !== 'kubernetes');
  try {
    const path = client.path(NAMESPACES, undefined, namespace.metadata.name, 'finalize');
    await client.request('PUT', path, { ...namespace, spec: { ...namespace.spec, finalizers } });
  } catch (error) {
    if (!(error instanceof ApiError && error.code === 404)) throw error;
  }
}
