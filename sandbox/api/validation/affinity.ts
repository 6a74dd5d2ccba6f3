/** Affinity and topology spread constraints (pkg/apis/core/validation). */
import { at, items, listAt, number, records, recordsAt, text } from '../../../model/fields.ts';
import type { StatusCause } from '../status.ts';
import { duplicate, forbiddenField, invalidFor, invalidValue, required, unsupported } from './causes.ts';
import { selectorCauses } from './labels.ts';
import { labelNameProblems, labelValueProblems, qualifiedNameProblems } from './names.ts';

const REQUIRED = 'requiredDuringSchedulingIgnoredDuringExecution';
const PREFERRED = 'preferredDuringSchedulingIgnoredDuringExecution';
const ACTIONS = ['DoNotSchedule', 'ScheduleAnyway'];

export function affinityCauses(affinity: unknown, path: string): StatusCause[] {
  return [
    ...nodeAffinityCauses(at(affinity, 'nodeAffinity'), `${path}.nodeAffinity`),
    ...(['podAffinity', 'podAntiAffinity'] as const).flatMap((kind) => [
      ...records(at(affinity, kind, REQUIRED)).flatMap((term, index) =>
        podTermCauses(term, `${path}.${kind}.${REQUIRED}[${index}]`),
      ),
      ...records(at(affinity, kind, PREFERRED)).flatMap((term, index) => {
        const field = `${path}.${kind}.${PREFERRED}[${index}]`;
        return [
          ...weightCauses(term['weight'], field),
          ...podTermCauses(term['podAffinityTerm'], `${field}.podAffinityTerm`),
        ];
      }),
    ]),
  ];
}

function weightCauses(weight: unknown, field: string): StatusCause[] {
  const value = number(weight);
  return value >= 1 && value <= 100 ? [] : [invalidValue(`${field}.weight`, value, 'must be in the range 1-100')];
}

function nodeAffinityCauses(affinity: unknown, path: string): StatusCause[] {
  const wanted = at(affinity, REQUIRED);
  const terms = `${path}.${REQUIRED}.nodeSelectorTerms`;
  const none = wanted !== undefined && listAt(wanted, 'nodeSelectorTerms').length === 0;
  return [
    ...(none ? [required(terms, 'must have at least one node selector term')] : []),
    ...records(at(wanted, 'nodeSelectorTerms')).flatMap((term, index) =>
      nodeTermCauses(term, `${terms}[${index}]`, true),
    ),
    ...records(at(affinity, PREFERRED)).flatMap((term, index) => {
      const field = `${path}.${PREFERRED}[${index}]`;
      return [
        ...weightCauses(term['weight'], field),
        ...nodeTermCauses(term['preference'], `${field}.preference`, false),
      ];
    }),
  ];
}

/** @param strict whether values must be those of labels. */
function nodeTermCauses(term: unknown, path: string, strict: boolean): StatusCause[] {
  return recordsAt(term, 'matchExpressions').flatMap((expression, index) => {
    const field = `${path}.matchExpressions[${index}]`;
    const [key, operator] = [text(expression['key']), text(expression['operator'])];
    const values = items(expression['values']).map(text);
    return [
      ...operatorCauses(operator, values, field),
      ...invalidFor(`${field}.key`, key, qualifiedNameProblems(key)),
      ...values.flatMap((value, place) =>
        strict ? invalidFor(`${field}.values[${place}]`, value, labelValueProblems(value)) : [],
      ),
    ];
  });
}

function operatorCauses(operator: string, values: readonly string[], field: string): StatusCause[] {
  switch (operator) {
    case 'In':
    case 'NotIn':
      return values.length > 0
        ? []
        : [required(`${field}.values`, "must be specified when `operator` is 'In' or 'NotIn'")];
    case 'Exists':
    case 'DoesNotExist':
      return values.length === 0
        ? []
        : [forbiddenField(`${field}.values`, "may not be specified when `operator` is 'Exists' or 'DoesNotExist'")];
    case 'Gt':
    case 'Lt':
      return values.length === 1
        ? []
        : [required(`${field}.values`, "must be specified single value when `operator` is 'Lt' or 'Gt'")];
    default:
      return [invalidValue(`${field}.operator`, operator, 'not a valid selector operator')];
  }
}

function podTermCauses(term: unknown, path: string): StatusCause[] {
  const key = text(at(term, 'topologyKey'));
  return [
    ...selectorCauses(at(term, 'labelSelector'), `${path}.labelSelector`),
    ...selectorCauses(at(term, 'namespaceSelector'), `${path}.namespaceSelector`),
    ...items(at(term, 'namespaces')).flatMap((name) =>
      invalidFor(`${path}.namespace`, name, labelNameProblems(text(name))),
    ),
    ...(key === '' ? [required(`${path}.topologyKey`, 'can not be empty')] : []),
    ...invalidFor(`${path}.topologyKey`, key, qualifiedNameProblems(key)),
  ];
}

export function spreadCauses(constraints: unknown, path: string): StatusCause[] {
  const all = records(constraints);
  const kindOf = (one: Record<string, unknown>): string =>
    `{${text(one['topologyKey'])}, ${text(one['whenUnsatisfiable'])}}`;
  return all.flatMap((constraint, index) => {
    const field = `${path}[${index}]`;
    const skew = number(constraint['maxSkew']);
    const action = text(constraint['whenUnsatisfiable']);
    const again = all.slice(index + 1).some((other) => kindOf(other) === kindOf(constraint));
    return [
      ...(skew > 0 ? [] : [invalidValue(`${field}.maxSkew`, skew, 'must be greater than zero')]),
      ...(text(constraint['topologyKey']) === '' ? [required(`${field}.topologyKey`, 'can not be empty')] : []),
      ...(ACTIONS.includes(action) ? [] : [unsupported(`${field}.whenUnsatisfiable`, action, ACTIONS)]),
      ...(again ? [duplicate(`${field}.{topologyKey, whenUnsatisfiable}`, kindOf(constraint))] : []),
      ...selectorCauses(constraint['labelSelector'], `${field}.labelSelector`),
    ];
  });
}
