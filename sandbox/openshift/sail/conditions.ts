/** Conditions and state of the sail operator's objects (sail-operator, api/v1 and controllers). Pure. */
import type { KubeObject } from '../../client/client.ts';
import { condition, withCondition } from '../../client/conditions.ts';
import type { Condition, Namespace } from '../../client/kinds.ts';
import type { SailFigures } from '../release.ts';
import type { SailStatus } from './kinds.ts';

/** Why a condition is not True. */
export interface Trouble {
  readonly status?: 'False' | 'Unknown';
  readonly reason: string;
  readonly message: string;
}

/** A result for each condition type, in the order in which they determine the state; `undefined` for True. */
export type Findings = Readonly<Record<string, Trouble | undefined>>;

export const HEALTHY = 'Healthy';

/** The reason of the first condition that is not True, or `Healthy`. */
export function stateOf(findings: Findings): string {
  return Object.values(findings).find((trouble) => trouble !== undefined)?.reason ?? HEALTHY;
}

/** The whole status of an object. Unchanged conditions keep their times. */
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

/** The result of a failed reconciliation. Readiness is still checked. */
export function reconcileError(message: string): Trouble {
  return { reason: 'ReconcileError', message: `error reconciling resource: ${message}` };
}

/** The result when the operator does not try: what is asked for cannot be. */
export function validationError(message: string): Trouble {
  return reconcileError(`validation error: ${message}`);
}

/** The error when the namespace does not exist or is being deleted. */
export function namespaceTrouble(found: Namespace | undefined, name: string): Trouble | undefined {
  if (found === undefined) return validationError(`namespace "${name}" doesn't exist`);
  return found.metadata.deletionTimestamp === undefined
    ? undefined
    : validationError(`namespace "${name}" is being deleted`);
}

/**
 * The error when an IstioRevision and an IstioRevisionTag have the same name. The older one keeps the name; in some releases
 * both fail.
 * @param kind of the other one. @returns `undefined` when `object` keeps its name.
 */
export function nameTaken(
  object: KubeObject,
  other: KubeObject | undefined,
  kind: 'IstioRevision' | 'IstioRevisionTag',
  { nameConflictsFailBoth }: SailFigures,
): Trouble | undefined {
  if (other === undefined) return undefined;
  if (nameConflictsFailBoth)
    return kind === 'IstioRevisionTag'
      ? validationError(`an ${kind} exists with this name`)
      : { reason: 'NameAlreadyExists', message: `there is an ${kind} with this name` };
  if (!takesPrecedence(other.metadata, object.metadata)) return undefined;
  return { reason: 'NameAlreadyExists', message: `an ${kind} exists with this name` };
}

function takesPrecedence(one: KubeObject['metadata'], other: KubeObject['metadata']): boolean {
  const made = ({ creationTimestamp = '' }: KubeObject['metadata']): string => creationTimestamp;
  return made(one) < made(other) || (made(one) === made(other) && (one.uid ?? '') < (other.uid ?? ''));
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
