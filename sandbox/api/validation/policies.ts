/** ValidatingAdmissionPolicies and bindings (pkg/apis/admissionregistration/validation). CEL types are not checked. */
import { syntaxFault } from '../cel/environment.ts';
import { at, fields, items, records, text } from '../json.ts';
import type { StatusCause } from '../status.ts';
import type { ApiObject } from '../types.ts';
import { invalidValue, required, unsupported } from './causes.ts';

const ACTIONS = ['Audit', 'Deny', 'Warn'];

export function policyCauses(policy: ApiObject): StatusCause[] {
  const spec = fields(policy['spec']);
  const validations = records(spec['validations']);
  const constraints = spec['matchConstraints'];
  return [
    ...(validations.length + records(spec['auditAnnotations']).length === 0
      ? [required('spec.validations', 'validations or auditAnnotations must be non-empty')]
      : []),
    ...(constraints === undefined ? [required('spec.matchConstraints')] : []),
    ...(constraints !== undefined && records(at(constraints, 'resourceRules')).length === 0
      ? [required('spec.matchConstraints.resourceRules')]
      : []),
    ...['matchConditions', 'variables'].flatMap((list) =>
      records(spec[list]).flatMap((one, index) => expressionCauses(one, `spec.${list}[${index}]`, ['expression'])),
    ),
    ...validations.flatMap((one, index) =>
      expressionCauses(one, `spec.validations[${index}]`, ['expression', 'messageExpression']),
    ),
  ];
}

function expressionCauses(rule: Record<string, unknown>, path: string, parts: readonly string[]): StatusCause[] {
  if (text(rule['expression']).trim() === '') return [required(`${path}.expression`, 'expression is not specified')];
  return parts.flatMap((part) => {
    const source = text(rule[part]);
    const fault = source === '' ? undefined : syntaxFault(source);
    return fault === undefined ? [] : [invalidValue(`${path}.${part}`, source, `compilation failed: ${fault}`)];
  });
}

export function policyBindingCauses(binding: ApiObject): StatusCause[] {
  const spec = fields(binding['spec']);
  const actions = items(spec['validationActions']).map(text);
  const reference = spec['paramRef'];
  return [
    ...(text(spec['policyName']) === '' ? [required('spec.policyName')] : []),
    ...(actions.length === 0 ? [required('spec.validationActions', 'at least one validation action is required')] : []),
    ...actions.flatMap((action, index) =>
      ACTIONS.includes(action) ? [] : [unsupported(`spec.validationActions[${index}]`, action, ACTIONS)],
    ),
    ...(actions.includes('Deny') && actions.includes('Warn')
      ? [
          invalidValue(
            'spec.validationActions',
            actions,
            'must not contain both Deny and Warn (repeating the same validation failure information in the API response and headers serves no purpose)',
          ),
        ]
      : []),
    ...(reference !== undefined && text(at(reference, 'parameterNotFoundAction')) === ''
      ? [required('spec.paramRef.parameterNotFoundAction')]
      : []),
  ];
}
