import { withoutEffect } from '../../../fields/support.ts';
import { disruptionBudgetCauses } from '../../validation/autoscaling.ts';
import { builtinKind, STATUS } from '../builtin.ts';

export const POD_DISRUPTION_BUDGET = builtinKind('policy', 'v1', 'PodDisruptionBudget', {
  short: ['pdb'],
  sub: STATUS,
  strategy: { generation: true, validate: disruptionBudgetCauses },
  fields: withoutEffect('a real cluster refuses evictions by it'),
});
