/** The DaemonSet of the mesh's CNI plugin in the operator's namespace, created with the first control plane. */

import type { Client } from '../../client/client.ts';
import { DAEMON_SETS, type DaemonSet, SERVICE_ACCOUNTS } from '../../client/kinds.ts';
import { createOrPatch } from '../create-or-patch.ts';
import { OPERATORS_NAMESPACE } from '../fresh.ts';
import type { MeshFigures } from '../release.ts';
import { REGISTRY } from './charts/parts.ts';

export async function ensureCni(client: Client, { cni, imageTag }: MeshFigures): Promise<void> {
  const namespace = OPERATORS_NAMESPACE;
  const image = `${REGISTRY}/istio-cni-rhel8:${imageTag}`;
  const daemonSet: DaemonSet = {
    apiVersion: DAEMON_SETS.apiVersion,
    kind: DAEMON_SETS.kind,
    metadata: { name: cni.daemonSet, namespace, labels: { 'k8s-app': cni.daemonSet } },
    spec: {
      selector: { matchLabels: { 'k8s-app': cni.daemonSet } },
      template: {
        metadata: { labels: { 'k8s-app': cni.daemonSet }, annotations: { 'sidecar.istio.io/inject': 'false' } },
        spec: {
          serviceAccountName: 'istio-cni',
          tolerations: [{ operator: 'Exists', effect: 'NoSchedule' }],
          containers: cni.containers.map((name) => ({ name, image, imagePullPolicy: 'Always' })),
        },
      },
    },
  };
  await createOrPatch(client, SERVICE_ACCOUNTS, {
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata: { name: 'istio-cni', namespace },
  });
  await createOrPatch(client, DAEMON_SETS, daemonSet);
}
