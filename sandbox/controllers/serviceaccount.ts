/** The `default` ServiceAccount of every active namespace. */

import { ApiError, type Client } from '../client/client.ts';
import { Controller } from '../client/controller.ts';
import type { Informers } from '../client/informers.ts';
import { type AnyObject, NAMESPACES, SERVICE_ACCOUNTS } from '../client/kinds.ts';
import type { Component, SandboxContext } from '../component.ts';

export function startServiceAccounts(
  context: SandboxContext,
  informers: Informers,
  names: readonly string[] = ['default'],
): Component {
  const namespaces = informers.of(NAMESPACES);
  const accounts = informers.of(SERVICE_ACCOUNTS);
  const controller = new Controller(
    async (key) => {
      const namespace = namespaces.get(key);
      if (namespace === undefined || namespace.metadata.deletionTimestamp !== undefined) return;
      for (const name of names) {
        if (accounts.get(`${key}/${name}`) === undefined) await createAccount(context.client, key, name);
      }
    },
    (key, error) => context.log('serviceaccount-controller', `${key}: ${error}`),
  );
  namespaces.onChange(({ object }) => controller.enqueue(object.metadata.name));
  accounts.onChange(({ type, object }) => {
    if (type === 'deleted' && names.includes(object.metadata.name)) controller.enqueue(object.metadata.namespace ?? '');
  });
  return { name: 'serviceaccount-controller', stop: () => controller.stop() };
}

async function createAccount(client: Client, namespace: string, name: string): Promise<void> {
  try {
    await client.create<AnyObject>(SERVICE_ACCOUNTS, {
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: { name, namespace },
    });
  } catch (error) {
    // There already, or the namespace is on its way out.
    if (!(error instanceof ApiError && ['AlreadyExists', 'Forbidden', 'NotFound'].includes(error.reason))) throw error;
  }
}
