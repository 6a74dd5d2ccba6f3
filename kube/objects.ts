/** Reads the API's answers: an answer that is not a Kubernetes object is an error where it arrives. */
import { isRecord, listAt, recordAt, textAt } from '../model/fields.ts';
import { ApiError } from './rest.ts';
import type { ApiObject } from './types.ts';

/** @throws {ApiError} `NotAnObject` if the answer has no metadata with a name. */
export function objectIn(answer: unknown): ApiObject {
  if (isApiObject(answer)) return answer;
  throw notAnObject(answer);
}

/** The error for an answer that is not an object. */
export function notAnObject(answer: unknown): ApiError {
  return new ApiError(0, 'NotAnObject', `the API answered with no object: ${JSON.stringify(answer).slice(0, 200)}`);
}

interface Kind {
  readonly apiVersion: string;
  readonly kind: string;
}

/** The objects of a list, with the kind, which its items lack. */
export function itemsIn(list: unknown, { apiVersion, kind }: Kind = kindOfItems(list)): ApiObject[] {
  return listAt(list, 'items').map((item) => ({ ...objectIn(item), apiVersion, kind }));
}

/** What a list says of its items, which don't say it themselves. */
export function kindOfItems(list: unknown): Kind {
  return {
    apiVersion: textAt(list, 'apiVersion') ?? '',
    kind: (textAt(list, 'kind') ?? '').replace(/List$/, ''),
  };
}

/**
 * The version to watch from. Empty for a list without one, such as OLM's packages, on a cluster too; a watch from the empty version begins
 * with what exists.
 * @throws {ApiError} `NotAList` if the answer is not a list.
 */
export function versionOfList(list: unknown): string {
  const metadata = recordAt(list, 'metadata');
  if (metadata === undefined) throw new ApiError(0, 'NotAList', 'the API answered with no list');
  return textAt(metadata, 'resourceVersion') ?? '';
}

/** The fields beside the metadata are the kind's own; a server checks their types by its schemas. */
function isApiObject(value: unknown): value is ApiObject {
  return isRecord(value) && textAt(value, 'metadata', 'name') !== undefined;
}
