/**
 * The operator's finalizer (sail-operator, pkg/reconciler): set before anything is installed; on deletion the charts are
 * uninstalled first. Without a running operator, a deleted object therefore stays.
 */
import type { Reconciles } from '../../client/builder.ts';
import type { Client, KubeObject, Resource } from '../../client/client.ts';
import { CONFIG_MAPS, DAEMON_SETS, DEPLOYMENTS, SERVICE_ACCOUNTS, SERVICES } from '../../client/kinds.ts';
import { removeIfPresent } from '../create-or-patch.ts';
import { MUTATING_WEBHOOKS, NETWORK_ATTACHMENTS, VALIDATING_WEBHOOKS } from '../kinds.ts';

export const FINALIZER = 'sailoperator.io/sail-operator';

/** The kinds in the operator's charts. */
const INSTALLED: readonly Resource[] = [
  MUTATING_WEBHOOKS,
  VALIDATING_WEBHOOKS,
  DEPLOYMENTS,
  DAEMON_SETS,
  SERVICES,
  CONFIG_MAPS,
  NETWORK_ATTACHMENTS,
  SERVICE_ACCOUNTS,
];

/** @param reconcile called once the object has the finalizer. */
export function withFinalizer<T extends KubeObject>(
  client: Client,
  of: Resource<T>,
  reconcile: (object: T) => Promise<void>,
): Reconciles<T> {
  const put = ({ metadata }: T, finalizers: readonly string[]): Promise<unknown> => {
    const { name, namespace, resourceVersion } = metadata;
    return client.patch(of, name, namespace, { metadata: { resourceVersion, finalizers } });
  };
  return {
    present: async (object) => {
      const { finalizers = [] } = object.metadata;
      // The change of the object starts the next round.
      if (finalizers.includes(FINALIZER)) await reconcile(object);
      else await put(object, [...finalizers, FINALIZER]);
    },
    deleting: async (object) => {
      const { finalizers = [] } = object.metadata;
      if (!finalizers.includes(FINALIZER)) return;
      await uninstall(client, object);
      await put(
        object,
        finalizers.filter((one) => one !== FINALIZER),
      );
    },
  };
}

async function uninstall(client: Client, owner: KubeObject): Promise<void> {
  for (const of of INSTALLED) {
    const { items } = await client.list(of);
    for (const { metadata } of items)
      if (metadata.ownerReferences?.some(({ uid }) => uid === owner.metadata.uid))
        await removeIfPresent(client, of, metadata.name, metadata.namespace);
  }
}
