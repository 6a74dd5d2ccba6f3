/** ValidatingAdmissionPolicies and bindings (pkg/apis/admissionregistration/validation). */

import { at, fields, items, records, recordsAt, text } from '../../../model/fields.ts';
import { syntaxFault } from '../cel/environment.ts';
import { checkTypes } from '../cel/types.ts';
import type { StatusCause } from '../status.ts';
import type { ApiObject } from '../types.ts';
import { duplicate, invalidFor, invalidValue, required, unsupported } from './causes.ts';
import { qualifiedNameProblems } from './names.ts';
import { ruleCauses } from './webhook-rules.ts';

const ACTIONS = ['Audit', 'Deny', 'Warn'];
const FAILURES = ['Fail', 'Ignore'];
const REASONS = ['Forbidden', 'Invalid', 'RequestEntityTooLarge'];
const IDENTIFIER = /^[_a-zA-Z][_a-zA-Z0-9]*$/;
/** What the expressions of a policy may name. */
const NAMES = ['object', 'oldObject', 'request', 'namespaceObject', 'authorizer', 'params', 'variables'];
const VARIABLES = Object.fromEntries(NAMES.map((name) => [name, undefined]));
const NONE = 'validations or auditAnnotations must contain at least one item';

export function policyCauses(policy: ApiObject): StatusCause[] {
  const spec = fields(policy['spec']);
  const validations = records(spec['validations']);
  const [constraints, failure] = [spec['matchConstraints'], spec['failurePolicy']];
  return [
    ...(FAILURES.includes(text(failure)) ? [] : [unsupported('spec.failurePolicy', failure, FAILURES)]),
    ...(constraints === undefined ? [required('spec.matchConstraints')] : constraintCauses(constraints)),
    ...conditionCauses(spec['matchConditions'], 'spec.matchConditions'),
    ...records(spec['variables']).flatMap((one, index) => variableCauses(one, `spec.variables[${index}]`)),
    ...(validations.length + records(spec['auditAnnotations']).length === 0
      ? [required('spec.validations', NONE), required('spec.auditAnnotations', NONE)]
      : []),
    ...validations.flatMap((one, index) => validationCauses(one, `spec.validations[${index}]`)),
  ];
}

function constraintCauses(constraints: unknown): StatusCause[] {
  const path = 'spec.matchConstraints';
  const rules = recordsAt(constraints, 'resourceRules');
  return [
    ...(['resourceRules', 'excludeResourceRules'] as const).flatMap((list) =>
      recordsAt(constraints, list).flatMap((rule, index) => ruleCauses(rule, `${path}.${list}[${index}]`)),
    ),
    ...(rules.length === 0 ? [required(`${path}.resourceRules`)] : []),
  ];
}

/** Also those of webhooks. */
export function conditionCauses(conditions: unknown, path: string): StatusCause[] {
  const all = records(conditions);
  return all.flatMap((condition, index) => {
    const field = `${path}[${index}]`;
    const [name, expression] = [text(condition['name']), text(condition['expression']).trim()];
    return [
      ...(expression === '' ? [required(`${field}.expression`)] : []),
      ...celCauses(expression, 'bool', `${field}.expression`),
      ...(name === '' ? [required(`${field}.name`)] : invalidFor(`${field}.name`, name, qualifiedNameProblems(name))),
      ...(name !== '' && all.slice(0, index).some((other) => other['name'] === name)
        ? [duplicate(`${field}.name`, name)]
        : []),
    ];
  });
}

function variableCauses(variable: Record<string, unknown>, path: string): StatusCause[] {
  const [name, expression] = [text(variable['name']), text(variable['expression'])];
  return [
    ...(name.trim() === '' ? [required(`${path}.name`, 'name is not specified')] : []),
    ...(name.trim() === '' || IDENTIFIER.test(name)
      ? []
      : [invalidValue(`${path}.name`, name, 'must be a valid CEL identifier')]),
    ...(expression.trim() === '' ? [required(`${path}.expression`, 'expression is not specified')] : []),
    ...celCauses(expression, undefined, `${path}.expression`),
  ];
}

function validationCauses(validation: Record<string, unknown>, path: string): StatusCause[] {
  const [expression, message] = [text(validation['expression']), text(validation['message'])];
  const { reason } = validation;
  return [
    ...(expression.trim() === '' ? [required(`${path}.expression`, 'expression is not specified')] : []),
    ...celCauses(expression, 'bool', `${path}.expression`),
    ...celCauses(text(validation['messageExpression']), 'string', `${path}.messageExpression`),
    ...(/[\r\n]/.test(message.trim())
      ? [invalidValue(`${path}.message`, message, 'must not contain line breaks')]
      : []),
    ...(reason === undefined || REASONS.includes(text(reason)) ? [] : [unsupported(`${path}.reason`, reason, REASONS)]),
  ];
}

/** @param wanted the type that the expression must have. */
function celCauses(source: string, wanted: string | undefined, field: string): StatusCause[] {
  if (source.trim() === '') return [];
  const syntax = syntaxFault(source);
  if (syntax !== undefined) return [invalidValue(field, source, `compilation failed: ${syntax}`)];
  const { fault, type } = checkTypes(source, VARIABLES);
  if (fault !== undefined) return [invalidValue(field, source, `compilation failed: ${fault}`)];
  if (wanted === undefined || type === undefined || type === wanted) return [];
  return [invalidValue(field, source, `must evaluate to ${wanted} but got ${type}`)];
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
