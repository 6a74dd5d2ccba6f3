/** Makes keys and certificates: P-256, as Istio and OpenShift use by default. */
import { randomBytes } from 'node:crypto';
import * as x509 from './x509.ts';

export const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;

x509.cryptoProvider.set(globalThis.crypto);

export interface CertificateRequest {
  /** `CN=…`, `O=…`; empty where the alternative names say it all. */
  readonly subject: string;
  /** Valid from so long ago, for machines whose clocks differ. */
  readonly sinceMs: number;
  readonly forMs: number;
  readonly extensions: readonly x509.Extension[];
}

export interface Issuer {
  readonly certificate: x509.X509Certificate;
  readonly key: CryptoKey;
}

export interface Issued {
  readonly certificate: x509.X509Certificate;
  readonly privateKey: CryptoKey;
  /** PEM. */
  readonly cert: string;
  /** PEM, PKCS #8. */
  readonly key: string;
}

/** A certificate with a new key. @param issuer signs it; itself when absent. */
export async function issueCertificate(request: CertificateRequest, issuer?: Issuer): Promise<Issued> {
  const keys = await crypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
  const now = Date.now();
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: serial(),
    subject: request.subject,
    issuer: issuer?.certificate.subject ?? request.subject,
    notBefore: new Date(now - request.sinceMs),
    notAfter: new Date(now + request.forMs),
    publicKey: keys.publicKey,
    signingKey: issuer?.key ?? keys.privateKey,
    signingAlgorithm: issuer?.key.algorithm ?? ALGORITHM,
    extensions: [...request.extensions, ...(await keyIdentifiers(keys.publicKey, issuer))],
  });
  const key = x509.PemConverter.encode(await crypto.subtle.exportKey('pkcs8', keys.privateKey), 'PRIVATE KEY');
  return { certificate, privateKey: keys.privateKey, cert: `${certificate.toString('pem')}\n`, key: `${key}\n` };
}

/** By these a strict reader finds the issuer. */
async function keyIdentifiers(own: CryptoKey, issuer: Issuer | undefined): Promise<x509.Extension[]> {
  const subject = await x509.SubjectKeyIdentifierExtension.create(own);
  if (issuer === undefined) return [subject];
  return [subject, await x509.AuthorityKeyIdentifierExtension.create(issuer.certificate.publicKey)];
}

/** Positive, or readers of certificates complain. */
function serial(): string {
  return `01${randomBytes(15).toString('hex')}`;
}
