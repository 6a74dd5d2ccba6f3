/** Dispatches requests to subresources other than `status`, `finalize` and `log`. */

import { get } from '../rest/read.ts';
import type { RestRequest, RestResult } from '../rest/request.ts';
import { patch, replace } from '../rest/update.ts';
import type { ServerContext } from '../server-context.ts';
import { methodNotAllowed, notImplemented } from '../status.ts';
import { approve } from './approval.ts';
import { evictPod } from './eviction.ts';
import { bindPod } from './pod.ts';
import { scale } from './scale.ts';
import { createToken } from './token.ts';
import { refuseWithoutUpgrade } from './tunnel.ts';

/** @throws {StatusError} */
export async function performSubresource(context: ServerContext, request: RestRequest): Promise<RestResult> {
  switch (request.subresource) {
    case 'scale':
      return scale(context, request);
    case 'binding':
      return onlyPost(request, () => bindPod(context, request));
    case 'eviction':
      return onlyPost(request, () => evictPod(context, request));
    case 'token':
      return onlyPost(request, () => createToken(context, request));
    case 'approval':
      return approve(context, request);
    case 'ephemeralcontainers':
    case 'resize':
      return part(context, request);
    case 'exec':
    case 'attach':
    case 'portforward':
      return refuseWithoutUpgrade();
    default:
      throw notImplemented(`the subresource ${request.kind.plural}/${request.subresource}`);
  }
}

/** Reads and writes a part of the object that has its own subresource. */
async function part(context: ServerContext, request: RestRequest): Promise<RestResult> {
  switch (request.verb) {
    case 'get':
      return get(context.store, request);
    case 'update':
      return replace(context, request);
    case 'patch':
      return patch(context, request);
    default:
      throw methodNotAllowed();
  }
}

async function onlyPost(request: RestRequest, answer: () => Promise<RestResult>): Promise<RestResult> {
  if (request.verb !== 'create') throw methodNotAllowed();
  return answer();
}
