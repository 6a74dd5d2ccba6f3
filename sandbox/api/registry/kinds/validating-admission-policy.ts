import { withoutEffect } from '../../../fields/support.ts';
import { builtinKind, STATUS } from '../builtin.ts';

const GROUP = 'admissionregistration.k8s.io';

export const VALIDATING_ADMISSION_POLICY = builtinKind(GROUP, 'v1', 'ValidatingAdmissionPolicy', {
  cluster: true,
  sub: STATUS,
  fields: withoutEffect('a real cluster judges objects by it'),
});
export const VALIDATING_ADMISSION_POLICY_BINDING = builtinKind(GROUP, 'v1', 'ValidatingAdmissionPolicyBinding', {
  cluster: true,
  fields: withoutEffect('a real cluster judges objects by it'),
});
