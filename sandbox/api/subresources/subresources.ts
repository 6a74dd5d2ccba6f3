/** Subresources other than status: which part answers which. */
import type { Core } from '../core.ts';
import type { Exchange } from '../http/exchange.ts';
import type { RestRequest, RestResult } from '../rest/request.ts';
import { methodNotAllowed, notImplemented } from '../status.ts';
import { serveLog } from './log.ts';
import { bindPod, evictPod } from './pod.ts';
import { scale } from './scale.ts';
import { createToken } from './token.ts';
import { refuseWithoutUpgrade } from './tunnel.ts';

/** @returns `undefined` when the answer has been sent. */
export async function serveSubresource(
  core: Core,
  request: RestRequest,
  exchange: Exchange,
): Promise<RestResult | undefined> {
  switch (request.subresource) {
    case 'scale':
      return scale(core, request);
    case 'binding':
      return onlyPost(request, () => bindPod(core, request));
    case 'eviction':
      return onlyPost(request, () => evictPod(core, request));
    case 'token':
      return onlyPost(request, () => createToken(core, request));
    case 'log':
      await serveLog(core, request, exchange);
      return undefined;
    case 'exec':
    case 'attach':
    case 'portforward':
      return refuseWithoutUpgrade();
    default:
      throw notImplemented(`the subresource ${request.kind.plural}/${request.subresource}`);
  }
}

async function onlyPost(request: RestRequest, answer: () => Promise<RestResult>): Promise<RestResult> {
  if (request.verb !== 'create') throw methodNotAllowed();
  return answer();
}
