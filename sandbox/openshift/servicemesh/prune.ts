/** Removing what a control plane no longer consists of, or all of it. */

import { ApiError, type Client, type KubeObject, type Resource, resource } from '../../client/client.ts';
import { type AnyObject, CONFIG_MAPS, DEPLOYMENTS, SERVICE_ACCOUNTS, SERVICES } from '../../client/kinds.ts';
import { removeIfPresent } from '../create-or-patch.ts';
import { MUTATING_WEBHOOKS, NETWORK_POLICIES, PEER_AUTHENTICATIONS, ROUTES, VALIDATING_WEBHOOKS } from '../kinds.ts';
import type { Chart } from './charts/parts.ts';

const JAEGERS = resource<AnyObject>('jaegertracing.io/v1', 'Jaeger', 'jaegers');
const KIALIS = resource<AnyObject>('kiali.io/v1alpha1', 'Kiali', 'kialis');
const KINDS: Resource[] = [
  DEPLOYMENTS,
  SERVICES,
  ROUTES,
  CONFIG_MAPS,
  PEER_AUTHENTICATIONS,
  NETWORK_POLICIES,
  SERVICE_ACCOUNTS,
  JAEGERS,
  KIALIS,
];

/** Deletes the objects of components that are not among `components` any more. */
export async function prune(client: Client, { namespace }: Chart, components: readonly string[]): Promise<void> {
  await Promise.all(
    KINDS.map((kind) => removeOwned(client, kind, namespace, (component) => !components.includes(component))),
  );
}

/** Deletes all a control plane has made, cluster-wide webhooks included. */
export async function removeMesh(client: Client, { namespace, mesh }: Chart): Promise<void> {
  await removeIfPresent(client, MUTATING_WEBHOOKS, `istiod-${mesh}-${namespace}`);
  await removeIfPresent(client, VALIDATING_WEBHOOKS, `istiod-${mesh}-${namespace}`);
  await Promise.all(KINDS.map((kind) => removeOwned(client, kind, namespace, () => true)));
}

async function removeOwned(
  client: Client,
  kind: Resource,
  namespace: string,
  unwanted: (component: string) => boolean,
): Promise<void> {
  for (const object of await ownedBy(client, kind, namespace)) {
    const component = object.metadata.labels?.['app.kubernetes.io/component'] ?? '';
    if (unwanted(component)) await removeIfPresent(client, kind, object.metadata.name, namespace);
  }
}

async function ownedBy(client: Client, kind: Resource, namespace: string): Promise<KubeObject[]> {
  try {
    return (await client.list(kind, { namespace, labelSelector: `maistra.io/owner=${namespace}` })).items;
  } catch (error) {
    // The kind's operator is gone, and with it the objects.
    if (error instanceof ApiError && error.code === 404) return [];
    throw error;
  }
}
