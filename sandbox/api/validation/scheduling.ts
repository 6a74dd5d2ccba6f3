/** Tolerations and node selectors. */
import { records, text } from '../../../model/fields.ts';
import type { StatusCause } from '../status.ts';
import { invalidFor, invalidValue, unsupported } from './causes.ts';
import { labelValueProblems, qualifiedNameProblems } from './names.ts';

const EFFECTS = ['NoSchedule', 'PreferNoSchedule', 'NoExecute'];

export function tolerationCauses(tolerations: unknown, path: string): StatusCause[] {
  return records(tolerations).flatMap((toleration, index) => {
    const field = `${path}[${index}]`;
    const [key, operator] = [text(toleration['key']), text(toleration['operator'])];
    const [value, effect] = [text(toleration['value']), text(toleration['effect'])];
    return [
      ...(key === '' ? [] : invalidFor(`${field}.key`, key, qualifiedNameProblems(key))),
      ...(key === '' && operator !== 'Exists'
        ? [
            invalidValue(
              `${field}.operator`,
              operator,
              'operator must be Exists when `key` is empty, which means "match all values and all keys"',
            ),
          ]
        : []),
      ...(toleration['tolerationSeconds'] !== undefined && effect !== 'NoExecute'
        ? [invalidValue(`${field}.effect`, effect, "effect must be 'NoExecute' when `tolerationSeconds` is set")]
        : []),
      ...operatorCauses(operator, value, `${field}.operator`),
      ...(effect === '' || EFFECTS.includes(effect) ? [] : [unsupported(`${field}.effect`, effect, EFFECTS)]),
    ];
  });
}

function operatorCauses(operator: string, value: string, field: string): StatusCause[] {
  if (operator === '' || operator === 'Equal') {
    const problems = labelValueProblems(value);
    return problems.length === 0 ? [] : [invalidValue(field, value, problems.join(';'))];
  }
  if (operator !== 'Exists') return [unsupported(field, operator, ['Equal', 'Exists'])];
  return value === '' ? [] : [invalidValue(field, value, "value must be empty when `operator` is 'Exists'")];
}
