import { withoutEffect } from '../../../fields/support.ts';
import { builtinKind } from '../builtin.ts';
import { dropStatus } from '../strategy-parts.ts';

export const CERTIFICATE_SIGNING_REQUEST = builtinKind('certificates.k8s.io', 'v1', 'CertificateSigningRequest', {
  short: ['csr'],
  cluster: true,
  sub: ['status', 'approval'],
  strategy: { prepareCreate: dropStatus },
  fields: withoutEffect('there is no signer in the sandbox'),
});
