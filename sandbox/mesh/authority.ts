/** The mesh's certificate authority, in the same place as istiod's: the Secret `istio-ca-secret` of the control plane. */
import { createPrivateKey } from 'node:crypto';
import { ALGORITHM, issueCertificate } from '../../certificates/issue.ts';
import * as x509 from '../../certificates/x509.ts';
import { ApiError, type Client } from '../client/client.ts';
import { type Data, SECRETS } from '../client/kinds.ts';

export interface Authority {
  /** The certificate in PEM. */
  readonly certificate: string;
  readonly issuer: x509.X509Certificate;
  readonly key: CryptoKey;
}

const NAME = 'istio-ca-secret';
const TEN_YEARS_MS = 10 * 365 * 24 * 3_600_000;

/** The authority of the mesh whose control plane is in `namespace`; created if there is none. */
export async function authorityOf(client: Client, namespace: string): Promise<Authority> {
  const secret = (await client.find(SECRETS, NAME, namespace)) ?? (await create(client, namespace));
  return read(secret);
}

async function create(client: Client, namespace: string): Promise<Data> {
  const { cert, key } = await issueCertificate({
    subject: 'O=cluster.local',
    sinceMs: 60_000,
    forMs: TEN_YEARS_MS,
    extensions: [
      new x509.BasicConstraintsExtension(true, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.digitalSignature, true),
    ],
  });
  const data = {
    'ca-cert.pem': base64(cert),
    'ca-key.pem': base64(key),
  };
  const secret: Data = {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: NAME, namespace },
    type: 'istio.io/ca-root',
    data,
  };
  try {
    return await client.create(SECRETS, secret);
  } catch (error) {
    // Concurrent callers get the same authority.
    if (error instanceof ApiError && error.reason === 'AlreadyExists') return client.get(SECRETS, NAME, namespace);
    throw error;
  }
}

async function read(secret: Data): Promise<Authority> {
  const text = (key: string): string => Buffer.from(secret.data?.[key] ?? '', 'base64').toString('utf8');
  const certificate = text('ca-cert.pem');
  // Another istiod may have written it, in PKCS #1 or SEC 1.
  const pkcs8 = createPrivateKey(text('ca-key.pem')).export({ type: 'pkcs8', format: 'der' });
  const issuer = new x509.X509Certificate(certificate);
  const algorithm =
    issuer.publicKey.algorithm.name === 'ECDSA' ? ALGORITHM : { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' };
  const key = await crypto.subtle.importKey('pkcs8', new Uint8Array(pkcs8), algorithm, false, ['sign']);
  return { certificate, issuer, key };
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}
