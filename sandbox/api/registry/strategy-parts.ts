/** Parts shared by the strategies of several kinds. */
import type { Fields } from '../../../model/fields.ts';
import type { ApiObject } from '../types.ts';
import type { Strategy } from './kind.ts';

/** Drops the status of a new object: controllers write it. */
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
