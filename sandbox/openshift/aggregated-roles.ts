/** ClusterRoles that are aggregated into Kubernetes' `admin`, `edit` and `view`, so that they apply in every project. */
import { type Client, type KubeObject, resource } from '../client/client.ts';
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

/**
 * Creates `PREFIX-admin`, `PREFIX-edit` and `PREFIX-view`.
 * @param owner the object whose deletion also deletes the roles.
 * @throws when the API refuses one of them.
 */
export async function createAggregatedRoles(
  client: Client,
  prefix: string,
  groups: readonly ResourcesOfGroup[],
  owner?: KubeObject,
): Promise<void> {
  await Promise.all(
    Object.entries(VERBS).map(([suffix, verbs]) =>
      createOrPatch(client, CLUSTER_ROLES, {
        apiVersion: CLUSTER_ROLES.apiVersion,
        kind: CLUSTER_ROLES.kind,
        metadata: {
          name: `${prefix}-${suffix}`,
          labels: { [`${GROUP}/aggregate-to-${suffix}`]: 'true' },
          ...(owner === undefined ? {} : { ownerReferences: [referenceTo(owner)] }),
        },
        rules: groups.map(({ group, resources }) => ({ apiGroups: [group], resources, verbs })),
      }),
    ),
  );
}

function referenceTo({ apiVersion, kind, metadata: { name, uid = '' } }: KubeObject) {
  return { apiVersion, kind, name, uid, controller: false, blockOwnerDeletion: false };
}
