/** Deletes objects that no longer belong to a control plane, or all of its objects. */

import { ApiError, type Client, type KubeObject, type Resource, resource } from '../../client/client.ts';
import { type AnyObject, CONFIG_MAPS, DEPLOYMENTS, SERVICE_ACCOUNTS, SERVICES } from '../../client/kinds.ts';
import { removeIfPresent } from '../create-or-patch.ts';
import {
  DESTINATION_RULES,
  MUTATING_WEBHOOKS,
  NETWORK_POLICIES,
  PEER_AUTHENTICATIONS,
  ROUTES,
  VALIDATING_WEBHOOKS,
} from '../kinds.ts';
import { render } from './charts/index.ts';
import type { Chart } from './charts/parts.ts';

const JAEGERS = resource<AnyObject>('jaegertracing.io/v1', 'Jaeger', 'jaegers');
const KIALIS = resource<AnyObject>('kiali.io/v1alpha1', 'Kiali', 'kialis');
const KINDS: Resource[] = [
  DEPLOYMENTS,
  SERVICES,
  ROUTES,
  CONFIG_MAPS,
  PEER_AUTHENTICATIONS,
  DESTINATION_RULES,
  NETWORK_POLICIES,
  SERVICE_ACCOUNTS,
  JAEGERS,
  KIALIS,
];

/** Deletes the objects that are no longer part of `components`, including those of all other components. */
export async function prune(client: Client, chart: Chart, components: readonly string[]): Promise<void> {
  const wanted = new Set(components.flatMap((component) => render(chart, component)).map(keyOf));
  await Promise.all(
    KINDS.map((kind) =>
      removeOwned(client, kind, chart.namespace, ({ metadata }) => !wanted.has(keyOf({ kind: kind.kind, metadata }))),
    ),
  );
}

function keyOf({ kind, metadata }: Pick<KubeObject, 'kind' | 'metadata'>): string {
  return `${kind} ${metadata.name}`;
}

/** Deletes everything that a control plane created, including cluster-wide webhooks. */
export async function removeMesh(client: Client, { namespace, mesh }: Chart): Promise<void> {
  await removeIfPresent(client, MUTATING_WEBHOOKS, `istiod-${mesh}-${namespace}`);
  await removeIfPresent(client, VALIDATING_WEBHOOKS, `istiod-${mesh}-${namespace}`);
  await Promise.all(KINDS.map((kind) => removeOwned(client, kind, namespace, () => true)));
}

async function removeOwned(
  client: Client,
  kind: Resource,
  namespace: string,
  unwanted: (object: KubeObject) => boolean,
): Promise<void> {
  for (const object of await ownedBy(client, kind, namespace)) {
    if (unwanted(object)) await removeIfPresent(client, kind, object.metadata.name, namespace);
  }
}

async function ownedBy(client: Client, kind: Resource, namespace: string): Promise<KubeObject[]> {
  try {
    return (await client.list(kind, { namespace, labelSelector: `maistra.io/owner=${namespace}` })).items;
  } catch (error) {
    // The operator of this kind is no longer installed, so there are no such objects.
    if (error instanceof ApiError && error.code === 404) return [];
    throw error;
  }
}
