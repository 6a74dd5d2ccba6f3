import type { FieldSupport } from '../../../fields/support.ts';
import { ensure } from '../../json.ts';
import type { AdmissionView, ApiObject } from '../../types.ts';
import { approvalCauses, signingRequestCauses } from '../../validation/certificates.ts';
import { builtinKind } from '../builtin.ts';
import { dropStatus } from '../strategy-parts.ts';

const SIGNERS = ['kube-apiserver-client', 'kube-apiserver-client-kubelet', 'kubelet-serving'];

const FIELDS: FieldSupport = {
  supported: [
    'spec.request',
    'spec.usages',
    'spec.expirationSeconds',
    // The server fills these in.
    ...['username', 'uid', 'groups', 'extra'].map((field) => `spec.${field}`),
    ...SIGNERS.map((name) => `spec.signerName=kubernetes.io/${name}`),
  ],
  unsupported: { 'spec.signerName': "only Kubernetes' own signers work in the sandbox" },
};

/** The server records the requesting user, whatever the request contains. */
function noteRequestor(object: ApiObject, { user }: AdmissionView): void {
  const spec = ensure(object, 'spec');
  spec['username'] = user.name;
  spec['groups'] = [...user.groups];
  delete spec['uid'];
  delete spec['extra'];
}

export const CERTIFICATE_SIGNING_REQUEST = builtinKind('certificates.k8s.io', 'v1', 'CertificateSigningRequest', {
  short: ['csr'],
  cluster: true,
  sub: ['status', 'approval'],
  strategy: {
    admit: noteRequestor,
    prepareCreate: dropStatus,
    validate: signingRequestCauses,
    validateSubresource: approvalCauses,
  },
  fields: FIELDS,
});
