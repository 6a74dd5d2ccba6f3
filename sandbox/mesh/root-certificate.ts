/** The ConfigMap with the mesh authority's certificate, for pods of a member. */
import { ApiError, type Client } from '../client/client.ts';
import { CONFIG_MAPS, type Data } from '../client/kinds.ts';

const NAME = 'istio-ca-root-cert';
const KEY = 'root-cert.pem';

export async function shareRootCertificate(client: Client, namespace: string, certificate: string): Promise<void> {
  const existing = await client.find(CONFIG_MAPS, NAME, namespace);
  if (existing?.data?.[KEY] === certificate) return;
  if (existing !== undefined) {
    await client.patch(CONFIG_MAPS, NAME, namespace, { data: { [KEY]: certificate } });
    return;
  }
  const labels = { 'istio.io/config': 'true' };
  const map: Data = {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: NAME, namespace, labels },
    data: { [KEY]: certificate },
  };
  await client.create(CONFIG_MAPS, map).catch((error: unknown) => {
    if (!(error instanceof ApiError && error.reason === 'AlreadyExists')) throw error;
  });
}
