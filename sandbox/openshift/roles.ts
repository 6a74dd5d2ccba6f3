/** Permissions of every logged-in OpenShift user: request projects, list their own projects, and read their own user. */

import { type Client, resource } from '../client/client.ts';
import type { AnyObject } from '../client/kinds.ts';
import { createOrPatch } from './create-or-patch.ts';
import { constraintsOf, defaultConstraint } from './security/constraints.ts';

const GROUP = 'rbac.authorization.k8s.io';
const CLUSTER_ROLES = resource<AnyObject>(`${GROUP}/v1`, 'ClusterRole', 'clusterroles', 'cluster');
const CLUSTER_BINDINGS = resource<AnyObject>(`${GROUP}/v1`, 'ClusterRoleBinding', 'clusterrolebindings', 'cluster');
const CONSTRAINTS = resource<AnyObject>(
  'security.openshift.io/v1',
  'SecurityContextConstraints',
  'securitycontextconstraints',
  'cluster',
);
const OAUTH_USERS = 'system:authenticated:oauth';

const rule = (
  group: string,
  resources: readonly string[],
  verbs: readonly string[],
  resourceNames?: readonly string[],
) => ({
  apiGroups: [group],
  resources,
  verbs,
  ...(resourceNames === undefined ? {} : { resourceNames }),
});

const ROLES: Readonly<Record<string, readonly object[]>> = {
  'self-provisioner': [rule('project.openshift.io', ['projectrequests'], ['create'])],
  'basic-user': [
    rule('user.openshift.io', ['users'], ['get'], ['~']),
    rule('project.openshift.io', ['projectrequests'], ['list']),
    rule('project.openshift.io', ['projects'], ['list', 'watch']),
    // Questions about other users need the same permission as in Kubernetes (`apis/access.ts`).
    rule('authorization.openshift.io', ['subjectaccessreviews', 'localsubjectaccessreviews'], ['create']),
    rule('authorization.openshift.io', ['selfsubjectrulesreviews'], ['create']),
    rule('authorization.k8s.io', ['selfsubjectaccessreviews', 'selfsubjectrulesreviews'], ['create']),
    rule('rbac.authorization.k8s.io', ['clusterroles'], ['get', 'list', 'watch']),
    rule('storage.k8s.io', ['storageclasses'], ['list', 'get']),
  ],
  /** Permissions of project administrators in addition to Kubernetes' `admin`. */
  'system:openshift:aggregate-to-admin': [
    rule(
      'route.openshift.io',
      ['routes'],
      ['get', 'list', 'watch', 'create', 'update', 'patch', 'delete', 'deletecollection'],
    ),
    rule('project.openshift.io', ['projects'], ['get', 'update', 'patch', 'delete']),
    rule('', ['namespaces'], ['get', 'delete']),
  ],
  'system:openshift:aggregate-to-view': [
    rule('route.openshift.io', ['routes'], ['get', 'list', 'watch']),
    rule('project.openshift.io', ['projects'], ['get']),
  ],
};

/** `system:openshift:scc:NAME`, the roles to which `oc adm policy add-scc-to-user` binds users. */
async function createConstraints(client: Client, openshift: string): Promise<void> {
  const constraints = constraintsOf(openshift);
  const role = (name: string): string => `system:openshift:scc:${name}`;
  await Promise.all(
    constraints.flatMap((one) => {
      const { name } = one.metadata;
      const rules = [rule('security.openshift.io', ['securitycontextconstraints'], ['use'], [name])];
      const { apiVersion, kind } = CLUSTER_ROLES;
      return [
        createOrPatch(client, CONSTRAINTS, one),
        createOrPatch(client, CLUSTER_ROLES, { apiVersion, kind, metadata: { name: role(name) }, rules }),
      ];
    }),
  );
  const usual = role(defaultConstraint(openshift));
  await bind(client, usual, usual, 'system:authenticated');
}

/** @param openshift the OpenShift version. @throws when the API refuses one of the roles. */
export async function createRoles(client: Client, openshift: string): Promise<void> {
  await createConstraints(client, openshift);
  await Promise.all(
    Object.entries(ROLES).map(([name, rules]) =>
      createOrPatch(client, CLUSTER_ROLES, {
        apiVersion: CLUSTER_ROLES.apiVersion,
        kind: CLUSTER_ROLES.kind,
        metadata: { name, labels: labelsOf(name) },
        rules,
      }),
    ),
  );
  await bind(client, 'self-provisioners', 'self-provisioner', OAUTH_USERS);
  await bind(client, 'basic-users', 'basic-user', 'system:authenticated');
}

function labelsOf(name: string): Record<string, string> {
  const aggregated = /aggregate-to-(admin|view)$/.exec(name)?.[1];
  return aggregated === undefined ? {} : { [`${GROUP}/aggregate-to-${aggregated}`]: 'true' };
}

async function bind(client: Client, name: string, role: string, group: string): Promise<void> {
  await createOrPatch(client, CLUSTER_BINDINGS, {
    apiVersion: CLUSTER_BINDINGS.apiVersion,
    kind: CLUSTER_BINDINGS.kind,
    metadata: { name },
    roleRef: { apiGroup: GROUP, kind: 'ClusterRole', name: role },
    subjects: [{ kind: 'Group', apiGroup: GROUP, name: group }],
  });
}
