/** Adds namespaces to a mesh and removes them (maistra/istio-operator, memberroll/namespace_reconciler.go). */

import { ApiError, type Client } from '../../client/client.ts';
import { type AnyObject, CRDS, NAMESPACES } from '../../client/kinds.ts';
import { createOrPatch, removeIfPresent } from '../create-or-patch.ts';
import { MEMBERS, NETWORK_ATTACHMENTS, NETWORK_POLICIES } from '../kinds.ts';
import type { MeshFigures } from '../release.ts';
import { networkPolicy } from './charts/parts.ts';

export const MEMBER_OF = 'maistra.io/member-of';
const KIALI_MEMBER_OF = 'kiali.io/member-of';

/** @param mesh the control plane's namespace. @param plane the control plane's name. */
export async function joinMesh(
  client: Client,
  namespace: string,
  mesh: string,
  plane: string,
  figures: MeshFigures,
): Promise<void> {
  await client.patch(NAMESPACES, namespace, undefined, {
    metadata: { labels: { [MEMBER_OF]: mesh, [KIALI_MEMBER_OF]: mesh } },
  });
  for (const policy of policiesOf(mesh)) {
    const metadata = {
      ...policy.metadata,
      namespace,
      labels: { 'maistra.io/owner': mesh, 'app.kubernetes.io/part-of': 'istio' },
    };
    await createOrPatch(client, NETWORK_POLICIES, { ...policy, metadata });
  }
  if (await hasAttachments(client)) {
    const { apiVersion, kind } = NETWORK_ATTACHMENTS;
    const metadata = { name: figures.cni.network, namespace, labels: { 'maistra.io/member-of': mesh } };
    await createOrPatch(client, NETWORK_ATTACHMENTS, { apiVersion, kind, metadata });
  }
  if (figures.memberObjects) {
    const { apiVersion, kind } = MEMBERS;
    const metadata = { name: 'default', namespace };
    await createOrPatch(client, MEMBERS, {
      apiVersion,
      kind,
      metadata,
      spec: { controlPlaneRef: { name: plane, namespace: mesh } },
    });
  }
}

/** Undoes `joinMesh`. The namespace may already have been deleted. */
export async function leaveMesh(client: Client, namespace: string, figures: MeshFigures): Promise<void> {
  for (const { metadata } of policiesOf('')) await removeIfPresent(client, NETWORK_POLICIES, metadata.name, namespace);
  await removeIfPresent(client, NETWORK_ATTACHMENTS, figures.cni.network, namespace);
  if (figures.memberObjects) await removeIfPresent(client, MEMBERS, 'default', namespace);
  try {
    await client.patch(NAMESPACES, namespace, undefined, {
      metadata: { labels: { [MEMBER_OF]: null, [KIALI_MEMBER_OF]: null } },
    });
  } catch (error) {
    if (!(error instanceof ApiError && error.code === 404)) throw error;
  }
}

/** Network policies: pods accept traffic from the mesh, and those with the label for it also from routers. */
function policiesOf(mesh: string): AnyObject[] {
  const from = (labels: Record<string, string>): object[] => [
    { from: [{ namespaceSelector: { matchLabels: labels } }] },
  ];
  return [
    networkPolicy('istio-mesh-basic', {}, from({ [MEMBER_OF]: mesh })),
    networkPolicy(
      'istio-expose-route-basic',
      { 'maistra.io/expose-route': 'true' },
      from({ 'network.openshift.io/policy-group': 'ingress' }),
    ),
  ];
}

async function hasAttachments(client: Client): Promise<boolean> {
  return (await client.find(CRDS, `${NETWORK_ATTACHMENTS.plural}.k8s.cni.cncf.io`)) !== undefined;
}
