/** The patch types by media type. */
import jsonPatch, { type Operation } from 'fast-json-patch';
import { at, isRecord, textAt } from '../../../model/fields.ts';
import { clone } from '../json.ts';
import type { RestRequest } from '../rest/request.ts';
import { badRequest, StatusError } from '../status.ts';
import type { ApiObject } from '../types.ts';
import { serverSideApply } from './apply.ts';
import { mergePatch } from './merge.ts';
import { strategicPatch } from './strategic.ts';

const JSON_PATCH = 'application/json-patch+json';
const MERGE = 'application/merge-patch+json';
const STRATEGIC = 'application/strategic-merge-patch+json';
const APPLY = 'application/apply-patch+yaml';

/** @returns the patched object; the current one is not changed. @throws {StatusError} when the patch cannot be applied. */
export function applyPatch(request: RestRequest, current: ApiObject): unknown {
  const { kind, body } = request;
  switch (request.contentType) {
    case JSON_PATCH:
      return applyJsonPatch(current, body);
    case MERGE:
      return mergePatch(current, body);
    case STRATEGIC:
      if (kind.schema.strategicMerge === undefined) break;
      if (!isRecord(body)) throw badRequest('a strategic merge patch must be an object');
      return strategicPatch(current, clone(body), kind.schema.strategicMerge);
    case APPLY:
      return serverSideApply(request, current);
  }
  const accepted = [JSON_PATCH, MERGE, ...(kind.schema.strategicMerge === undefined ? [] : [STRATEGIC]), APPLY];
  throw new StatusError(
    415,
    'UnsupportedMediaType',
    `the body of the request was in an unknown format - accepted media types include: ${accepted.join(', ')}`,
  );
}

/** JSON patch (RFC 6902). @returns the patched copy. @throws {StatusError} BadRequest, Invalid when an operation fails. */
export function applyJsonPatch(current: unknown, patch: unknown): unknown {
  if (!Array.isArray(patch)) throw badRequest('a JSON patch must be a list of operations');
  try {
    let document: unknown = clone(current);
    if (!patch.every(isOperation)) throw new TypeError('an operation has op and path');
    for (const operation of patch)
      document = jsonPatch.applyPatch(document, [withValue(document, operation)], true).newDocument;
    return document;
  } catch {
    // The real server does not name the failed operation either.
    throw new StatusError(422, 'Invalid', 'the server rejected our request due to an error in our request', {});
  }
}

/** The library checks the rest. */
function isOperation(value: unknown): value is Operation {
  return textAt(value, 'op') !== undefined && textAt(value, 'path') !== undefined;
}

/** The real server copies null from a missing field, and adds a field that is to be replaced; neither is an error there. */
function withValue(document: unknown, operation: Operation): Operation {
  if (operation.op === 'copy' && isMissing(document, operation.from))
    return { op: 'add', path: operation.path, value: null };
  if (operation.op === 'replace' && isMissing(document, operation.path)) return { ...operation, op: 'add' };
  return operation;
}

/** Whether a JSON pointer names a field that its parent, which exists, does not have. */
function isMissing(document: unknown, pointer: string): boolean {
  const keys = pointer
    .split('/')
    .slice(1)
    .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'));
  const parent = at(document, ...keys.slice(0, -1));
  return isRecord(parent) && !Object.hasOwn(parent, keys.at(-1) ?? '');
}
