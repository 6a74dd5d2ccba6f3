/** A Job's rules for failed pods and for success, with kube-apiserver's messages (pkg/apis/batch/validation). */
import { at, type Fields, fields, isRecord, items, number, records, recordsAt, text } from '../../../model/fields.ts';
import type { StatusCause } from '../status.ts';
import { duplicate, invalidFor, invalidPart, invalidValue, nonNegative, required, unsupported } from './causes.ts';
import { qualifiedNameProblems } from './names.ts';

const ACTIONS = ['Count', 'FailIndex', 'FailJob', 'Ignore'];
const OPERATORS = ['In', 'NotIn'];
const STATUSES = ['False', 'True', 'Unknown'];
const REPLACEMENTS = ['Failed', 'TerminatingOrFailed'];

const oneOf = (values: readonly string[]): string => `valid values: [${values.map((one) => `"${one}"`).join(' ')}]`;

export function failurePolicyCauses(spec: unknown, path: string): StatusCause[] {
  const template = at(spec, 'template', 'spec');
  const containers = [...records(at(template, 'containers')), ...records(at(template, 'initContainers'))];
  const names = containers.map(({ name }) => text(name));
  const perIndex = at(spec, 'backoffLimitPerIndex') !== undefined;
  return recordsAt(spec, 'podFailurePolicy', 'rules').flatMap((rule, index) => {
    const field = `${path}.rules[${index}]`;
    const conditions = records(rule['onPodConditions']);
    const [byCode, byCondition] = [isRecord(rule['onExitCodes']), conditions.length > 0];
    return [
      ...actionCauses(text(rule['action']), perIndex, `${field}.action`),
      ...(byCode ? exitCodeCauses(fields(rule['onExitCodes']), names, `${field}.onExitCodes`) : []),
      ...conditions.flatMap((one, place) => conditionCauses(one, `${field}.onPodConditions[${place}]`)),
      ...(byCode && byCondition
        ? [invalidPart(field, 'specifying both OnExitCodes and OnPodConditions is not supported')]
        : []),
      ...(byCode || byCondition
        ? []
        : [invalidPart(field, 'specifying one of OnExitCodes and OnPodConditions is required')]),
    ];
  });
}

function actionCauses(action: string, perIndex: boolean, field: string): StatusCause[] {
  if (action === '') return [required(field, oneOf(ACTIONS))];
  if (action === 'FailIndex' && !perIndex)
    return [invalidValue(field, action, 'requires the backoffLimitPerIndex to be set')];
  return ACTIONS.includes(action) ? [] : [unsupported(field, action, ACTIONS)];
}

function exitCodeCauses(requirement: Fields, names: readonly string[], path: string): StatusCause[] {
  const operator = text(requirement['operator']);
  const container = requirement['containerName'];
  const values = items(requirement['values']).map(number);
  const field = `${path}.values`;
  return [
    ...(operator === '' ? [required(`${path}.operator`, oneOf(OPERATORS))] : []),
    ...(operator === '' || OPERATORS.includes(operator) ? [] : [unsupported(`${path}.operator`, operator, OPERATORS)]),
    ...(container === undefined || names.includes(text(container))
      ? []
      : [
          invalidValue(
            `${path}.containerName`,
            container,
            'must be one of the container or initContainer names in the pod template',
          ),
        ]),
    ...(values.length === 0 ? [invalidValue(field, values, 'at least one value is required')] : []),
    ...values.flatMap((value, index) => [
      ...(operator === 'In' && value === 0
        ? [invalidValue(`${field}[${index}]`, value, 'must not be 0 for the In operator')]
        : []),
      ...(values.indexOf(value) < index ? [duplicate(`${field}[${index}]`, value)] : []),
    ]),
    ...(values.some((value, index) => index > 0 && number(values[index - 1]) > value)
      ? [invalidValue(field, values, 'must be ordered')]
      : []),
  ];
}

function conditionCauses({ type, status }: Fields, path: string): StatusCause[] {
  const value = text(status);
  return [
    ...invalidFor(`${path}.type`, text(type), qualifiedNameProblems(text(type))),
    ...(value === '' ? [required(`${path}.status`, oneOf(STATUSES))] : []),
    ...(value === '' || STATUSES.includes(value) ? [] : [unsupported(`${path}.status`, value, STATUSES)]),
  ];
}

/** Whose pods are replaced while they still end. */
export function replacementCauses(spec: unknown, field: string): StatusCause[] {
  const policy = at(spec, 'podReplacementPolicy');
  const supported = at(spec, 'podFailurePolicy') === undefined ? REPLACEMENTS : ['Failed'];
  return policy === undefined || supported.includes(text(policy)) ? [] : [unsupported(field, policy, supported)];
}

export function successPolicyCauses(spec: unknown, path: string): StatusCause[] {
  const policy = at(spec, 'successPolicy');
  if (policy === undefined) return [];
  const rules = recordsAt(policy, 'rules');
  if (at(spec, 'completionMode') !== 'Indexed') {
    const printed = rules.map(({ succeededIndexes = null, succeededCount = null }) => ({
      SucceededIndexes: succeededIndexes,
      SucceededCount: succeededCount,
    }));
    return [invalidValue(path, { Rules: printed }, 'requires indexed completion mode')];
  }
  if (rules.length === 0)
    return [required(`${path}.rules`, 'at least one rules must be specified when the successPolicy is specified')];
  const completions = number(at(spec, 'completions'));
  return rules.flatMap((rule, index) => successRuleCauses(rule, completions, `${path}.rules[${index}]`));
}

function successRuleCauses({ succeededCount, succeededIndexes }: Fields, all: number, path: string): StatusCause[] {
  if (succeededCount === undefined && succeededIndexes === undefined)
    return [required(path, 'at least one of succeededCount or succeededIndexes must be specified')];
  const listed = succeededIndexes === undefined ? undefined : countIndexes(text(succeededIndexes), all);
  const total = typeof listed === 'number' ? listed : 0;
  const field = `${path}.succeededCount`;
  const tooMany = (most: number, what: string): StatusCause[] =>
    number(succeededCount) > most
      ? [invalidValue(field, succeededCount, `must be less than or equal to ${most} (the number of ${what})`)]
      : [];
  return [
    ...(typeof listed === 'string'
      ? [invalidValue(`${path}.succeededIndexes`, succeededIndexes, `error parsing succeededIndexes: ${listed}`)]
      : []),
    ...nonNegative(field, succeededCount),
    ...tooMany(all, 'specified completions'),
    ...(succeededIndexes === undefined ? [] : tooMany(total, 'indexes in the specified succeededIndexes field')),
  ];
}

/** @param list e.g. `0,2-4`. @returns how many indexes it names, or what is wrong with it. */
function countIndexes(list: string, completions: number): number | string {
  if (list === '') return 0;
  let last = -1;
  let total = 0;
  for (const part of list.split(',')) {
    const ends = part.split('-');
    if (ends.length > 2)
      return `the fragment "${part}" violates the requirement that an index interval can have at most two parts separated by '-'`;
    for (const end of ends) {
      if (!/^\d+$/.test(end)) return `cannot convert string to integer for index: "${end}"`;
      if (Number(end) >= completions) return `too large index: "${end}"`;
    }
    const [first, final] = [Number(ends[0]), Number(ends.at(-1))];
    if (ends.length === 2 && first >= final) return `non-increasing order, previous: ${first}, current: ${final}`;
    if (last >= first) return `non-increasing order, previous: ${last}, current: ${first}`;
    total += final - first + 1;
    last = final;
  }
  return total;
}
