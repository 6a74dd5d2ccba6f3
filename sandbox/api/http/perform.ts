/** Requests to stored kinds, by verb and subresource, however they came. */
import { create } from '../rest/create.ts';
import { remove, removeCollection } from '../rest/delete.ts';
import { get } from '../rest/read.ts';
import type { RestRequest, RestResult } from '../rest/request.ts';
import { patch, replace } from '../rest/update.ts';
import type { ServerContext } from '../server-context.ts';
import { methodNotAllowed, noSuchPath } from '../status.ts';
import { performSubresource } from '../subresources/subresources.ts';

/** @throws {StatusError} when the kind is not served at such a path, or not with this verb. */
export function requireServed({ kind, verb, namespace, name, subresource }: RestRequest): void {
  if (kind.namespaced ? namespace === undefined && name !== undefined : namespace !== undefined) throw noSuchPath();
  if (subresource !== undefined && !kind.subresources.has(subresource)) throw noSuchPath();
  if (subresource === undefined && !kind.verbs.includes(verb)) throw methodNotAllowed();
}

/** Answers any request but a list, a watch and a log. It must have passed `requireServed`. @throws {StatusError} */
export async function perform(context: ServerContext, request: RestRequest): Promise<RestResult> {
  const { kind, verb, namespace, name } = request;
  if (request.subresource !== undefined) return performPart(context, request);
  switch (verb) {
    case 'get':
      return get(context.store, request);
    case 'create':
      if (name !== undefined) throw methodNotAllowed();
      if (kind.namespaced && namespace === undefined) throw methodNotAllowed();
      return create(context, request);
    case 'update':
      if (name === undefined) throw methodNotAllowed();
      return replace(context, request);
    case 'patch':
      if (name === undefined) throw methodNotAllowed();
      return patch(context, request);
    case 'delete':
      return remove(context, request);
    case 'deletecollection':
      if (kind.namespaced && namespace === undefined) throw methodNotAllowed();
      return removeCollection(context, request);
    default:
      throw methodNotAllowed();
  }
}

/** `status` and `finalize` are written like the object itself. */
async function performPart(context: ServerContext, request: RestRequest): Promise<RestResult> {
  const { subresource, verb } = request;
  if (subresource !== 'status' && subresource !== 'finalize') return performSubresource(context, request);
  if (verb === 'get') return get(context.store, request);
  if (verb === 'update') return replace(context, request);
  if (verb === 'patch') return patch(context, request);
  throw methodNotAllowed();
}
