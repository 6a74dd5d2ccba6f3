/** Reads the API's answers: an answer that is no object of Kubernetes is an error where it arrives. */
import { listAt, textAt } from '../model/fields.ts';
import { isRecord } from '../model/record.ts';
import { ApiError } from './rest.ts';
import type { ApiObject } from './types.ts';

/** @throws {ApiError} `NotAnObject` if the answer has no metadata with a name. */
export function objectIn(answer: unknown): ApiObject {
  if (isApiObject(answer)) return answer;
  throw new ApiError(0, 'NotAnObject', `the API answered with no object: ${JSON.stringify(answer).slice(0, 200)}`);
}

/** The objects of a list; its items lack `apiVersion` and `kind`. */
export function itemsIn(list: unknown, of: { readonly apiVersion: string; readonly kind: string }): ApiObject[] {
  return listAt(list, 'items').map((item) => ({ ...objectIn(item), apiVersion: of.apiVersion, kind: of.kind }));
}

/** @throws {ApiError} `NotAList` if the answer says no version to watch from. */
export function versionOfList(list: unknown): string {
  const version = textAt(list, 'metadata', 'resourceVersion');
  if (version === undefined)
    throw new ApiError(0, 'NotAList', 'the API answered with a list without a resourceVersion');
  return version;
}

/** The fields beside the metadata are the kind's own; a server checks their types by its schemas. */
function isApiObject(value: unknown): value is ApiObject {
  return isRecord(value) && textAt(value, 'metadata', 'name') !== undefined;
}
