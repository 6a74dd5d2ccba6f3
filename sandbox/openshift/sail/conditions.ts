/** Conditions and state of the sail operator's objects (api/v1 and controllers of its branches). Pure. */
import { condition, withCondition } from '../../client/conditions.ts';
import type { Condition } from '../../client/kinds.ts';
import type { SailFigures } from '../release.ts';
import type { SailStatus } from './kinds.ts';

/** What keeps a condition from being True. */
export interface Trouble {
  readonly status?: 'False' | 'Unknown';
  readonly reason: string;
  readonly message: string;
}

/** The condition types whose reasons make up the state, in that order; `undefined` where all is well. */
export type Findings = Readonly<Record<string, Trouble | undefined>>;

export const HEALTHY = 'Healthy';

/** The reason of the first condition that isn't True. */
export function stateOf(findings: Findings): string {
  return Object.values(findings).find((trouble) => trouble !== undefined)?.reason ?? HEALTHY;
}

/** The whole status of an object, with the times of conditions that did not change. */
export function statusOf(
  before: SailStatus | undefined,
  generation: number | undefined,
  findings: Findings,
  figures: SailFigures,
): SailStatus & { conditions: Condition[]; state: string } {
  const conditions = Object.entries(findings).reduce<Condition[]>(
    (list, [type, trouble]) => withCondition(list, conditionOf(type, trouble, figures)),
    (before?.conditions ?? []).filter(({ type }) => type in findings || type === 'InUse'),
  );
  return { observedGeneration: generation ?? 1, conditions, state: stateOf(findings) };
}

/** When reconciling failed nothing is known of readiness. */
export function failed(message: string): Findings {
  return {
    Reconciled: { reason: 'ReconcileError', message },
    Ready: {
      status: 'Unknown',
      reason: 'ReconcileError',
      message: 'cannot determine readiness due to reconciliation error',
    },
  };
}

function conditionOf(type: string, trouble: Trouble | undefined, figures: SailFigures): Condition {
  if (trouble !== undefined)
    return { type, status: trouble.status ?? 'False', reason: trouble.reason, message: trouble.message };
  return { type, status: 'True', ...(figures.reasonsWhenTrue ? { reason: type } : {}) };
}

/** @param used whether a pod or namespace refers to the revision or tag. */
export function inUse(used: boolean): Condition {
  return used
    ? {
        type: 'InUse',
        status: 'True',
        reason: 'ReferencedByWorkloads',
        message: 'Referenced by at least one pod or namespace',
      }
    : {
        type: 'InUse',
        status: 'False',
        reason: 'NotReferencedByAnything',
        message: 'Not referenced by any pod or namespace',
      };
}

export function isTrue(status: SailStatus | undefined, type: string): boolean {
  return condition(status?.conditions, type)?.status === 'True';
}
