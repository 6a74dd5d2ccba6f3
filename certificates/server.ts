/**
 * A certificate authority of one use and the certificate of a server on loopback: a sandbox's API server, or the guard
 * before somebody else's.
 */
import { randomBytes } from 'node:crypto';

export interface ServerCertificate {
  /** PEM of the authority. */
  readonly authority: string;
  /** PEM of the server's certificate and key. */
  readonly cert: string;
  readonly key: string;
}

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
const DAY = 86_400_000;
const NAMES = [
  'localhost',
  'kubernetes',
  'kubernetes.default',
  'kubernetes.default.svc',
  'kubernetes.default.svc.cluster.local',
  'openshift',
  'openshift.default',
  'openshift.default.svc',
];

/**
 * For `127.0.0.1`, `localhost` and the names pods know the API server by. Valid from yesterday for 30 days.
 * @param authorityName what the authority calls itself, for people who look at it.
 * @param addresses further IP addresses of the server.
 */
export async function createServerCertificate(
  authorityName = 'labwright-sandbox',
  addresses: readonly string[] = [],
): Promise<ServerCertificate> {
  await import('reflect-metadata');
  const x509 = await import('@peculiar/x509');
  const { subtle } = x509.cryptoProvider.get();
  const newKeys = () => subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
  const [authorityKeys, serverKeys] = await Promise.all([newKeys(), newKeys()]);
  const validity = { notBefore: new Date(Date.now() - DAY), notAfter: new Date(Date.now() + 30 * DAY) };
  const authority = await x509.X509CertificateGenerator.createSelfSigned({
    ...validity,
    serialNumber: serial(),
    name: `CN=${authorityName}`,
    signingAlgorithm: ALGORITHM,
    keys: authorityKeys,
    extensions: [
      new x509.BasicConstraintsExtension(true, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(authorityKeys.publicKey),
    ],
  });
  const server = await x509.X509CertificateGenerator.create({
    ...validity,
    serialNumber: serial(),
    subject: 'CN=kube-apiserver',
    issuer: authority.subject,
    signingKey: authorityKeys.privateKey,
    publicKey: serverKeys.publicKey,
    signingAlgorithm: ALGORITHM,
    extensions: [
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
      new x509.SubjectAlternativeNameExtension([
        ...['127.0.0.1', ...addresses].map((value) => ({ type: 'ip' as const, value })),
        ...NAMES.map((value) => ({ type: 'dns' as const, value })),
      ]),
      await x509.AuthorityKeyIdentifierExtension.create(authorityKeys.publicKey),
    ],
  });
  const key = Buffer.from(await subtle.exportKey('pkcs8', serverKeys.privateKey)).toString('base64');
  return {
    authority: `${authority.toString('pem')}\n`,
    cert: `${server.toString('pem')}\n`,
    key: `-----BEGIN PRIVATE KEY-----\n${key.replace(/(.{64})/g, '$1\n')}\n-----END PRIVATE KEY-----\n`,
  };
}

/** Positive, or readers of certificates complain. */
function serial(): string {
  return `01${randomBytes(15).toString('hex')}`;
}
