import { at, fields, isRecord, items, records, recordsAt, text } from '../../../../model/fields.ts';
import type { FieldSupport } from '../../../fields/support.ts';
import { defaults, ensure } from '../../json.ts';
import { AGE, column, printer } from '../../tables/default.ts';

import { policyBindingCauses, policyCauses } from '../../validation/policies.ts';
import { builtinKind, STATUS } from '../builtin.ts';

const GROUP = 'admissionregistration.k8s.io';

function defaultConstraints(constraints: unknown): void {
  if (!isRecord(constraints)) return;
  defaults(constraints, { matchPolicy: 'Equivalent', namespaceSelector: {}, objectSelector: {} });
  for (const list of ['resourceRules', 'excludeResourceRules'])
    for (const rule of records(constraints[list])) defaults(rule, { scope: '*' });
}

const POLICY_FIELDS: FieldSupport = {
  supported: [
    'spec.failurePolicy',
    'spec.paramKind',
    'spec.matchConstraints',
    'spec.matchConstraints.matchPolicy=Equivalent',
    'spec.matchConditions',
    'spec.validations',
    'spec.variables',
  ],
  unsupported: { 'spec.auditAnnotations': 'there is no audit log in the sandbox' },
};

export const VALIDATING_ADMISSION_POLICY = builtinKind(GROUP, 'v1', 'ValidatingAdmissionPolicy', {
  cluster: true,
  sub: STATUS,
  fields: POLICY_FIELDS,
  printer: printer([column('Validations', 'integer'), column('ParamKind'), AGE], (policy) => {
    const kind = fields(at(policy, 'spec', 'paramKind'));
    const shown = kind['kind'] === undefined ? '<unset>' : `${text(kind['apiVersion'])}/${text(kind['kind'])}`;
    return [recordsAt(policy, 'spec', 'validations').length, shown];
  }),
  strategy: {
    generation: true,
    needsVersion: true,
    defaults: (policy) => {
      const spec = ensure(policy, 'spec');
      defaults(spec, { failurePolicy: 'Fail' });
      defaultConstraints(spec['matchConstraints']);
    },
    prepareCreate: (policy) => {
      policy['status'] = {};
    },
    validate: policyCauses,
  },
});

export const VALIDATING_ADMISSION_POLICY_BINDING = builtinKind(GROUP, 'v1', 'ValidatingAdmissionPolicyBinding', {
  cluster: true,
  fields: {
    supported: ['spec.policyName', 'spec.paramRef', 'spec.matchResources', 'spec.validationActions'],
    unsupported: { 'spec.validationActions[]=Audit': 'there is no audit log in the sandbox' },
  },
  printer: printer([column('PolicyName'), column('ParamRef'), AGE], (binding) => {
    const reference = fields(at(binding, 'spec', 'paramRef'));
    const name = text(reference['name']);
    const place = text(reference['namespace']) || '*';
    const shown =
      items(Object.keys(reference)).length === 0 ? '<unset>' : `${place}/${name === '' ? '<selector>' : name}`;
    return [text(at(binding, 'spec', 'policyName')), shown];
  }),
  strategy: {
    generation: true,
    needsVersion: true,
    defaults: (binding) => defaultConstraints(at(binding, 'spec', 'matchResources')),
    validate: policyBindingCauses,
  },
});
