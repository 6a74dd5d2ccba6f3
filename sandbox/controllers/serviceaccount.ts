/** The `default` ServiceAccount of every active namespace. */

import { type ControllerContext, controllerFor, type RunningController } from '../client/builder.ts';
import { ApiError, type Client } from '../client/client.ts';
import { type AnyObject, NAMESPACES, SERVICE_ACCOUNTS } from '../client/kinds.ts';

export function startServiceAccounts(
  context: ControllerContext,
  names: readonly string[] = ['default'],
): RunningController {
  const accounts = context.informers.of(SERVICE_ACCOUNTS);
  return controllerFor(context, 'serviceaccount-controller', NAMESPACES)
    .watches(SERVICE_ACCOUNTS, ({ object }) => [object.metadata.namespace ?? ''], {
      when: ({ type, object }) => type === 'deleted' && names.includes(object.metadata.name),
    })
    .reconciles(async ({ metadata: { name: namespace } }) => {
      for (const name of names) {
        if (accounts.get(`${namespace}/${name}`) === undefined) await createAccount(context.client, namespace, name);
      }
    });
}

async function createAccount(client: Client, namespace: string, name: string): Promise<void> {
  try {
    await client.create<AnyObject>(SERVICE_ACCOUNTS, {
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: { name, namespace },
    });
  } catch (error) {
    // It exists already, or the namespace is being deleted.
    if (!(error instanceof ApiError && ['AlreadyExists', 'Forbidden', 'NotFound'].includes(error.reason))) throw error;
  }
}
