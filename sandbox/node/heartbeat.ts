/** Renews each node's Lease: without it a control plane considers the node lost and evicts its pods. */
import type { Client, KubeObject } from '../client/client.ts';
import { ApiError, resource } from '../client/client.ts';
import { NODES } from './kinds.ts';

interface Lease extends KubeObject {
  readonly spec: { readonly holderIdentity: string; readonly leaseDurationSeconds: number; readonly renewTime: string };
}

const LEASES = resource<Lease>('coordination.k8s.io/v1', 'Lease', 'leases');
const NAMESPACE = 'kube-node-lease';
/** The kubelet's values: a Lease of 40 s, renewed every 10 s. */
const DURATION_S = 40;
const INTERVAL_MS = 10_000;

/** Resolves when each node's Lease exists. Renewals end with the process. */
export async function keepAlive(
  client: Client,
  nodes: readonly string[],
  log: (message: string) => void,
): Promise<void> {
  const renewAll = (): Promise<unknown> => Promise.all(nodes.map((node) => renew(client, node)));
  await renewAll();
  setInterval(() => void renewAll().catch((error) => log(`heartbeat: ${String(error)}`)), INTERVAL_MS).unref();
}

async function renew(client: Client, node: string): Promise<void> {
  // A MicroTime has six digits after the point.
  const renewTime = new Date().toISOString().replace('Z', '000Z');
  try {
    await client.patch(LEASES, node, NAMESPACE, { spec: { renewTime } });
  } catch (error) {
    if (!(error instanceof ApiError && error.code === 404)) throw error;
    await create(client, node, renewTime);
  }
}

async function create(client: Client, node: string, renewTime: string): Promise<void> {
  const { uid = '' } = (await client.get(NODES, node)).metadata;
  await client.create(LEASES, {
    apiVersion: LEASES.apiVersion,
    kind: LEASES.kind,
    metadata: {
      name: node,
      namespace: NAMESPACE,
      ownerReferences: [{ apiVersion: 'v1', kind: 'Node', name: node, uid }],
    },
    spec: { holderIdentity: node, leaseDurationSeconds: DURATION_S, renewTime },
  });
}
