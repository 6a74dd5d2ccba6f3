/** PUT and PATCH of objects and their subresources: from the request to the new state. */

import { at, text } from '../../../model/fields.ts';
import { clone } from '../json.ts';
import { applyPatch } from '../patch/patch.ts';
import { checkTypes, decodePatched } from '../patch/undecodable.ts';
import { badRequest, invalid } from '../status.ts';
import type { ApiObject } from '../types.ts';
import { change, find } from './change.ts';
import type { RestContext } from './context.ts';
import { create } from './create.ts';
import { bodyObject, isApply, type RestRequest, type RestResult, reportUnknown } from './request.ts';

export async function replace(context: RestContext, request: RestRequest): Promise<RestResult> {
  const { kind } = request;
  const body = bodyObject(request);
  if (text(body.metadata.name) === '') throw badRequest('name must be provided');
  requireSameName(request, body);
  if (
    kind.strategy.createsOnUpdate === true &&
    request.subresource === undefined &&
    find(context.store, request) === undefined
  )
    return create(context, { ...request, verb: 'create' });
  const decoded = kind.schema.decode(body);
  reportUnknown(request, decoded.unknown);
  return change(context, request, { make: () => clone(decoded.object), versioned: true });
}

export async function patch(context: RestContext, request: RestRequest): Promise<RestResult> {
  const { kind } = request;
  if (isApply(request)) checkTypes(request);
  if (isApply(request) && find(context.store, request) === undefined && request.subresource === undefined) {
    requireSameName(request, request.body);
    const empty = emptyObject(request);
    const body = applyPatch(request, empty);
    decodePatched(request, bodyObject({ ...request, body }), empty);
    return create(context, { ...request, verb: 'create', body });
  }
  const versioned = at(request.body, 'metadata', 'resourceVersion') !== undefined;
  const make = (current: ApiObject): ApiObject => {
    const patched = bodyObject({ ...request, body: applyPatch(request, current) });
    if (text(patched.metadata.name) === '')
      throw badRequest(
        `the name of the object (${text(request.name)} based on URL) was undeterminable: name must be provided`,
      );
    if (patched.metadata.name !== request.name) {
      throw invalid(kind.group, kind.kind, text(request.name), [
        {
          reason: 'FieldValueInvalid',
          message: `Invalid value: ${JSON.stringify(patched.metadata.name)}: field is immutable`,
          field: 'metadata.name',
        },
      ]);
    }
    const decoded = decodePatched(request, patched, current);
    reportUnknown(request, decoded.unknown);
    return clone(decoded.object);
  };
  return change(context, request, { make, versioned });
}

/** @throws {StatusError} BadRequest when the body has another name than the URL. */
function requireSameName({ name }: RestRequest, body: unknown): void {
  const given = text(at(body, 'metadata', 'name'));
  if (given !== '' && given !== name)
    throw badRequest(`the name of the object (${given}) does not match the name on the URL (${name})`);
}

function emptyObject(request: RestRequest): ApiObject {
  const { kind, name, namespace } = request;
  const apiVersion = kind.group === '' ? kind.version : `${kind.group}/${kind.version}`;
  return {
    apiVersion,
    kind: kind.kind,
    metadata: { name: text(name), ...(namespace === undefined ? {} : { namespace }) },
  };
}
