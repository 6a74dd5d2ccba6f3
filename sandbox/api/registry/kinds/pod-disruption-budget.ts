import type { ApiObject } from '../../types.ts';
import { disruptionBudgetCauses } from '../../validation/autoscaling.ts';
import { builtinKind, STATUS } from '../builtin.ts';

export const POD_DISRUPTION_BUDGET = builtinKind('policy', 'v1', 'PodDisruptionBudget', {
  short: ['pdb'],
  sub: STATUS,
  strategy: { generation: true, needsVersion: true, prepareCreate: emptyStatus, validate: disruptionBudgetCauses },
});

/** The Go type always includes these counts, even when they are zero. */
function emptyStatus(budget: ApiObject): void {
  budget['status'] = { currentHealthy: 0, desiredHealthy: 0, disruptionsAllowed: 0, expectedPods: 0 };
}
