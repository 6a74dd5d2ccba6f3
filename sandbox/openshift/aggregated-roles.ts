/** ClusterRoles that Kubernetes' own `admin`, `edit` and `view` take up: what they allow, each project's people may do in it. */
import { type Client, resource } from '../client/client.ts';
import type { AnyObject } from '../client/kinds.ts';
import { createOrPatch } from './create-or-patch.ts';

const GROUP = 'rbac.authorization.k8s.io';
const CLUSTER_ROLES = resource<AnyObject>(`${GROUP}/v1`, 'ClusterRole', 'clusterroles', 'cluster');

const VERBS: Readonly<Record<string, readonly string[]>> = {
  admin: ['*'],
  edit: ['create', 'update', 'patch', 'delete'],
  view: ['get', 'list', 'watch'],
};

export interface ResourcesOfGroup {
  readonly group: string;
  readonly resources: readonly string[];
}

/** Makes `PREFIX-admin`, `PREFIX-edit` and `PREFIX-view`. @throws when the API refuses one of them. */
export async function createAggregatedRoles(
  client: Client,
  prefix: string,
  groups: readonly ResourcesOfGroup[],
): Promise<void> {
  await Promise.all(
    Object.entries(VERBS).map(([suffix, verbs]) =>
      createOrPatch(client, CLUSTER_ROLES, {
        apiVersion: CLUSTER_ROLES.apiVersion,
        kind: CLUSTER_ROLES.kind,
        metadata: { name: `${prefix}-${suffix}`, labels: { [`${GROUP}/aggregate-to-${suffix}`]: 'true' } },
        rules: groups.map(({ group, resources }) => ({ apiGroups: [group], resources, verbs })),
      }),
    ),
  );
}
