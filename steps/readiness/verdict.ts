/** The verdict on an object's readiness, and the rules that many kinds share. */
import type { ApiObject } from '../../kube/types.ts';
import { type Fields, numberAt, recordsAt, textAt } from '../../model/fields.ts';

/** `failed`: waiting can't resolve it. */
export type Readiness =
  | { readonly ready: true }
  | { readonly ready: false; readonly why: string; readonly failed?: true };

/** How one kind is judged. */
export interface KindReadiness {
  /** Empty for the core group. */
  readonly group: string;
  readonly kind: string;
  /** As people type it: singular, plural and short names. */
  readonly names: readonly string[];
  readonly judge: (object: ApiObject) => Readiness;
  /** An object with the same name that must be ready as well. */
  readonly companion?: {
    readonly apiVersion: string;
    readonly kind: string;
    readonly unless: (object: ApiObject) => boolean;
  };
}

export const READY: Readiness = { ready: true };

export function notReady(why: string): Readiness {
  return { ready: false, why };
}

export function failed(why: string): Readiness {
  return { ready: false, why, failed: true };
}

/** The first that is not ready; ready if all are. */
export function allOf(...verdicts: readonly (Readiness | undefined)[]): Readiness {
  return verdicts.find((verdict) => verdict?.ready === false) ?? READY;
}

/** For a controller that has not yet processed the latest generation. */
export function unobserved(object: ApiObject): Readiness | undefined {
  const { generation } = object.metadata;
  const observed = numberAt(object.status, 'observedGeneration');
  if (observed === undefined || generation === undefined || observed >= generation) return undefined;
  return notReady(`its controller has seen generation ${observed} of ${generation}`);
}

export function conditionOf(object: ApiObject, type: string): Fields | undefined {
  return recordsAt(object.status, 'conditions').find((condition) => condition['type'] === type);
}

export function isTrue(object: ApiObject, type: string): boolean {
  return conditionOf(object, type)?.['status'] === 'True';
}

/** Each of these conditions must exist, be True, and be about the latest generation. */
export function conditionsHold(object: ApiObject, types: readonly string[]): Readiness {
  for (const type of types) {
    const condition = conditionOf(object, type);
    if (condition === undefined) return notReady(`has no condition ${type} yet`);
    const about = numberAt(condition, 'observedGeneration');
    if (about !== undefined && about < (object.metadata.generation ?? 0))
      return notReady(`its condition ${type} is about generation ${about} of ${object.metadata.generation}`);
    if (condition['status'] !== 'True') return notReady(describeCondition(condition));
  }
  return READY;
}

/** None of these conditions may be True. */
export function conditionsAbsent(object: ApiObject, types: readonly string[]): Readiness {
  const condition = types.map((type) => conditionOf(object, type)).find((found) => found?.['status'] === 'True');
  return condition === undefined ? READY : notReady(describeCondition(condition));
}

/** @param options.failing phases that waiting can't resolve. */
export function phaseIs(
  object: ApiObject,
  wanted: readonly string[],
  options: { failing?: readonly string[] } = {},
): Readiness {
  const phase = textAt(object.status, 'phase');
  if (phase !== undefined && wanted.includes(phase)) return READY;
  const words = [textAt(object.status, 'reason'), textAt(object.status, 'message')].filter(
    (word) => word !== undefined && word !== '',
  );
  const why = `phase is ${phase ?? 'not set'}${words.length === 0 ? '' : ` (${words.join(': ')})`}`;
  return phase !== undefined && options.failing?.includes(phase) === true ? failed(why) : notReady(why);
}

/** `Ready=False (PausingInstall): Paused until …` */
export function describeCondition(condition: Fields): string {
  const reason = textAt(condition, 'reason') ?? '';
  const message = textAt(condition, 'message') ?? '';
  return `${textAt(condition, 'type')}=${textAt(condition, 'status')}${reason === '' ? '' : ` (${reason})`}${message === '' ? '' : `: ${message}`}`;
}
