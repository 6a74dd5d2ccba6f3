/** Parts that several kinds' strategies share. */
import type { Fields } from '../json.ts';
import type { ApiObject } from '../types.ts';
import type { Strategy } from './kind.ts';

/** A new object's status is written by controllers, whatever its maker says. */
export function dropStatus(object: ApiObject): void {
  object['status'] = {};
}

/** A kind with a spec, a status and a generation. */
export function workloadStrategy(
  defaults: (object: Fields) => void,
  validate: NonNullable<Strategy['validate']>,
): Strategy {
  return { defaults, prepareCreate: dropStatus, generation: true, validate };
}

export function pendingStatus(object: ApiObject): void {
  object['status'] = { phase: 'Pending' };
}
