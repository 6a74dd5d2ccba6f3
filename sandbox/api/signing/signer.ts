/** Signs approved CertificateSigningRequests, as kube-controller-manager does for the signers of Kubernetes. */

import type { Issuer } from '../../../certificates/issue.ts';
import { at, listAt, number, records, text } from '../../../model/fields.ts';
import { clone, ensure, timestamp } from '../json.ts';
import type { ApiObject } from '../types.ts';
import { signerProblem } from './signers.ts';

const YEAR_SECONDS = 365 * 86_400;
const DAY_MS = 86_400_000;

interface SigningAuthority extends Issuer {
  /** The authority's certificate in PEM. */
  readonly cert: string;
}

export class Signer {
  #authority: Promise<SigningAuthority> | undefined;
  readonly #followers = new Set<(authority: string) => void>();

  /** Calls `follow` with the authority's certificate (PEM) once there is one. Clients log in with certificates it signed. */
  onAuthority(follow: (authority: string) => void): void {
    this.#followers.add(follow);
    void this.#authority?.then(({ cert }) => follow(cert));
  }

  /**
   * @param object an approved request.
   * @returns a copy with the certificate or the condition `Failed`; `object` when the sandbox does not run its signer.
   */
  async sign(object: ApiObject): Promise<ApiObject> {
    const { readRequest, signRequest } = await import('../../../certificates/request.ts');
    const spec = object['spec'];
    const pem = Buffer.from(text(at(spec, 'request')), 'base64').toString();
    const usages = listAt(spec, 'usages').map(text);
    const request = readRequest(pem);
    const problem = signerProblem(text(at(spec, 'signerName')), { ...request, usages });
    if (problem === 'nobody') return object;
    const signed = clone(object);
    const status = ensure(signed, 'status');
    if (problem !== undefined) {
      const failed = { type: 'Failed', status: 'True', reason: 'SignerValidationFailure', message: problem };
      status['conditions'] = [
        ...records(status['conditions']),
        { ...failed, lastUpdateTime: timestamp(), lastTransitionTime: timestamp() },
      ];
      return signed;
    }
    const seconds = number(at(spec, 'expirationSeconds')) || YEAR_SECONDS;
    const certificate = await signRequest(pem, { usages, forMs: seconds * 1000 }, await this.#issuer());
    status['certificate'] = Buffer.from(certificate).toString('base64');
    return signed;
  }

  /** Created on first use, because most sandboxes sign nothing. */
  #issuer(): Promise<SigningAuthority> {
    this.#authority ??= createAuthority().then((authority) => {
      for (const follow of this.#followers) follow(authority.cert);
      return authority;
    });
    return this.#authority;
  }
}

async function createAuthority(): Promise<SigningAuthority> {
  const { issueCertificate } = await import('../../../certificates/issue.ts');
  const x509 = await import('../../../certificates/x509.ts');
  const made = await issueCertificate({
    subject: 'CN=kube-csr-signer',
    sinceMs: DAY_MS,
    forMs: 10 * YEAR_SECONDS * 1000,
    extensions: [
      new x509.BasicConstraintsExtension(true, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
    ],
  });
  return { certificate: made.certificate, key: made.privateKey, cert: made.cert };
}
