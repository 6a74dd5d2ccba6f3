/** Certificates that are their own authority: who trusts one trusts only its holder. */

import { issueCertificate } from './issue.ts';
import { BasicConstraintsExtension, type JsonGeneralName, SubjectAlternativeNameExtension } from './x509.ts';

export interface SelfSigned {
  /** PEM, PKCS #8. */
  readonly key: string;
  /** PEM. */
  readonly cert: string;
}

const DAY_MS = 86_400_000;

/** Valid from yesterday for a year. @param names subject alternative names; none for a client's certificate. */
export async function selfSigned(commonName: string, ...names: readonly JsonGeneralName[]): Promise<SelfSigned> {
  const { key, cert } = await issueCertificate({
    subject: `CN=${commonName}`,
    sinceMs: DAY_MS,
    forMs: 365 * DAY_MS,
    extensions: [
      new BasicConstraintsExtension(true),
      ...(names.length === 0 ? [] : [new SubjectAlternativeNameExtension([...names])]),
    ],
  });
  return { key, cert };
}
