/** Requests for certificates (PKCS #10): what they ask for, and certificates made from them. */
import { ALGORITHM, type Issuer } from './issue.ts';
import * as x509 from './x509.ts';

export interface RequestedSubject {
  readonly commonName: string;
  readonly organizations: readonly string[];
  readonly hasAlternativeNames: boolean;
}

/** @param pem `CERTIFICATE REQUEST`. @throws {Error} if it is none. */
export function readRequest(pem: string): RequestedSubject {
  const request = new x509.Pkcs10CertificateRequest(pem);
  const names = request.extensions.find((one) => one instanceof x509.SubjectAlternativeNameExtension);
  const [commonName = ''] = request.subjectName.getField('CN');
  return { commonName, organizations: request.subjectName.getField('O'), hasAlternativeNames: names !== undefined };
}

const KEY_USAGES: Readonly<Record<string, number>> = {
  signing: x509.KeyUsageFlags.digitalSignature,
  'digital signature': x509.KeyUsageFlags.digitalSignature,
  'content commitment': x509.KeyUsageFlags.nonRepudiation,
  'key encipherment': x509.KeyUsageFlags.keyEncipherment,
  'data encipherment': x509.KeyUsageFlags.dataEncipherment,
  'key agreement': x509.KeyUsageFlags.keyAgreement,
};
const EXTENDED_USAGES: Readonly<Record<string, string>> = {
  'client auth': x509.ExtendedKeyUsage.clientAuth,
  'server auth': x509.ExtendedKeyUsage.serverAuth,
};

/**
 * @param pem the request, whose subject, key and alternative names the certificate gets.
 * @param options.usages as Kubernetes names them.
 * @returns the certificate as PEM. @throws {Error} if the request is not signed by its key.
 */
export async function signRequest(
  pem: string,
  { usages, forMs }: { readonly usages: readonly string[]; readonly forMs: number },
  issuer: Issuer,
): Promise<string> {
  const request = new x509.Pkcs10CertificateRequest(pem);
  if (!(await request.verify())) throw new Error('the request is not signed by its own key');
  const flags = usages.reduce((all, usage) => all | (KEY_USAGES[usage] ?? 0), 0);
  const extended = usages.flatMap((usage) => EXTENDED_USAGES[usage] ?? []);
  const names = request.extensions.filter((one) => one instanceof x509.SubjectAlternativeNameExtension);
  const now = Date.now();
  const certificate = await x509.X509CertificateGenerator.create({
    subject: request.subject,
    issuer: issuer.certificate.subject,
    notBefore: new Date(now - 300_000),
    notAfter: new Date(now + forMs),
    publicKey: request.publicKey,
    signingKey: issuer.key,
    signingAlgorithm: ALGORITHM,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      ...(flags === 0 ? [] : [new x509.KeyUsagesExtension(flags, true)]),
      ...(extended.length === 0 ? [] : [new x509.ExtendedKeyUsageExtension(extended)]),
      await x509.AuthorityKeyIdentifierExtension.create(issuer.certificate.publicKey),
      ...names,
    ],
  });
  return `${certificate.toString('pem')}\n`;
}
