/** The role `mesh-user`, which lets users add their projects to a mesh: it grants `use` on the control plane. */
import { mayUser } from '../../client/access-review.ts';
import { type Client, resource } from '../../client/client.ts';
import type { AnyObject } from '../../client/kinds.ts';
import { createOrPatch } from '../create-or-patch.ts';

const RBAC = 'rbac.authorization.k8s.io';
const ROLES = resource<AnyObject>(`${RBAC}/v1`, 'Role', 'roles');
const BINDINGS = resource<AnyObject>(`${RBAC}/v1`, 'RoleBinding', 'rolebindings');

interface Mesh {
  readonly mesh: string;
  readonly namespace: string;
}

/** Creates the role, and a binding without subjects, to which administrators add users. Their additions are kept. */
export async function createMeshUsers(client: Client, { mesh, namespace }: Mesh): Promise<void> {
  await createOrPatch(client, ROLES, {
    apiVersion: ROLES.apiVersion,
    kind: ROLES.kind,
    metadata: { name: 'mesh-user', namespace },
    rules: [
      { apiGroups: ['maistra.io'], resources: ['servicemeshcontrolplanes'], resourceNames: [mesh], verbs: ['use'] },
    ],
  });
  await createOrPatch(client, BINDINGS, {
    apiVersion: BINDINGS.apiVersion,
    kind: BINDINGS.kind,
    metadata: { name: 'mesh-users', namespace },
    roleRef: { apiGroup: RBAC, kind: 'Role', name: 'mesh-user' },
  });
}

interface Person {
  readonly username?: string;
  readonly groups?: readonly string[];
}

/** Whether a user may add projects to the mesh. */
export async function mayUse(
  client: Client,
  { username = '', groups = [] }: Person,
  { mesh, namespace }: Mesh,
): Promise<boolean> {
  const resourceAttributes = {
    verb: 'use',
    group: 'maistra.io',
    resource: 'servicemeshcontrolplanes',
    name: mesh,
    namespace,
  };
  return mayUser(client, { name: username, groups }, resourceAttributes);
}
