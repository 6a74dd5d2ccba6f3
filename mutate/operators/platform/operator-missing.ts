import { operator } from '../../../steps/operator.ts';
import { editValue } from '../../edit.ts';
import type { Operator } from '../operator.ts';

export const operatorMissing: Operator = {
  name: 'platform/operator-missing',
  summary: 'an operator is not installed',
  missing: 'a step that needs what the operator does',
  occasions: ({ steps }) =>
    steps.flatMap((placed) =>
      operator.owns(placed.step)
        ? [
            {
              edit: editValue(placed.document, placed.path, { check: 'true', title: 'Not installed' }),
              description: `${placed.step.package} is not installed`,
              from: placed,
              about: [placed.step.package],
            },
          ]
        : [],
    ),
};
