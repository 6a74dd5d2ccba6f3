/** Conditions in a status: set by type; the transition time changes only with the status. */
import type { Condition } from './kinds.ts';

export function now(): string {
  return new Date().toISOString().replace(/\.\d+Z$/, 'Z');
}

export function condition(conditions: readonly Condition[] | undefined, type: string): Condition | undefined {
  return conditions?.find((one) => one.type === type);
}

/** A new list with the condition `next`; the same list if nothing changes. */
export function withCondition(conditions: readonly Condition[], next: Condition, updateTime = false): Condition[] {
  const before = condition(conditions, next.type);
  if (
    before?.status === next.status &&
    (before.reason ?? '') === (next.reason ?? '') &&
    (before.message ?? '') === (next.message ?? '')
  ) {
    return [...conditions];
  }
  const time = now();
  const changed: Condition = {
    ...next,
    lastTransitionTime: before?.status === next.status ? (before.lastTransitionTime ?? time) : time,
    ...(updateTime ? { lastUpdateTime: time } : {}),
  };
  return before === undefined
    ? [...conditions, changed]
    : conditions.map((one) => (one.type === next.type ? changed : one));
}

export function withoutCondition(conditions: readonly Condition[], type: string): Condition[] {
  return conditions.filter((one) => one.type !== type);
}
