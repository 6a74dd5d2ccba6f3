/**
 * A certificate authority of one use and the certificate of a server on loopback: a sandbox's API server, or the guard
 * before somebody else's.
 */
export interface ServerCertificate {
  /** PEM of the authority. */
  readonly authority: string;
  /** PEM of the server's certificate and key. */
  readonly cert: string;
  readonly key: string;
}

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
 * For `127.0.0.1`, `localhost` and the API server's names inside the cluster. Valid from yesterday for 30 days.
 * @param authorityName name of the authority, for people who look at the certificate.
 * @param addresses further IP addresses of the server.
 */
export async function createServerCertificate(
  authorityName = 'labwright-sandbox',
  addresses: readonly string[] = [],
): Promise<ServerCertificate> {
  // Loaded when a certificate is made, not by every command.
  const { issueCertificate } = await import('./issue.ts');
  const x509 = await import('./x509.ts');
  const validity = { sinceMs: DAY, forMs: 30 * DAY };
  const authority = await issueCertificate({
    ...validity,
    subject: `CN=${authorityName}`,
    extensions: [
      new x509.BasicConstraintsExtension(true, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
    ],
  });
  const server = await issueCertificate(
    {
      ...validity,
      subject: 'CN=kube-apiserver',
      extensions: [
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
        new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
        new x509.SubjectAlternativeNameExtension([
          ...['127.0.0.1', ...addresses].map((value) => ({ type: 'ip' as const, value })),
          ...NAMES.map((value) => ({ type: 'dns' as const, value })),
        ]),
      ],
    },
    { certificate: authority.certificate, key: authority.privateKey },
  );
  return { authority: authority.cert, cert: server.cert, key: server.key };
}
