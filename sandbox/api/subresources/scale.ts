/** `scale`: the replicas of any scalable kind, as an autoscaling/v1 Scale. */
import { at, fields, number, text } from '../../../model/fields.ts';
import { clone, ensure, type MutableFields } from '../json.ts';
import { applyPatch } from '../patch/patch.ts';
import { keyOf } from '../registry/kind.ts';
import { change } from '../rest/change.ts';
import type { RestContext } from '../rest/context.ts';
import type { RestRequest, RestResult } from '../rest/request.ts';
import { badRequest, conflict, invalid, MODIFIED, methodNotAllowed, noSuchPath, notFound } from '../status.ts';
import { selectorText } from '../tables/workloads.ts';
import { type ApiObject, apiObject } from '../types.ts';

export async function scale(context: RestContext, request: RestRequest): Promise<RestResult> {
  const entry = context.store.get(request.kind.storage, keyOf(request.namespace, text(request.name)));
  if (entry === undefined) throw notFound(request.kind, text(request.name));
  if (request.verb === 'get') return { code: 200, object: scaleOf(request, entry.object) };
  if (request.verb !== 'update' && request.verb !== 'patch') throw methodNotAllowed();
  const make = (current: ApiObject) => withReplicas(request, current);
  const result = await change(context, { ...request, subresource: undefined }, { make, versioned: false });
  return { code: 200, object: scaleOf(request, apiObject(result.object)) };
}

function withReplicas(request: RestRequest, current: ApiObject): ApiObject {
  const before = scaleOf(request, current);
  const wanted = request.verb === 'patch' ? applyPatch(withoutMerge(request), before) : request.body;
  const version = text(at(wanted, 'metadata', 'resourceVersion'));
  if (version !== '' && version !== current.metadata.resourceVersion)
    throw conflict(request.kind, current.metadata.name, MODIFIED);
  const replicas = at(wanted, 'spec', 'replicas') ?? 0;
  if (typeof replicas !== 'number')
    throw badRequest('Scale in version "v1" cannot be handled as a Scale: spec.replicas must be a number');
  if (replicas < 0) {
    const message = `Invalid value: ${replicas}: must be greater than or equal to 0`;
    throw invalid('autoscaling', 'Scale', current.metadata.name, [
      { reason: 'FieldValueInvalid', message, field: 'spec.replicas' },
    ]);
  }
  const object = clone(current);
  set(object, paths(request).spec, replicas);
  return object;
}

/** The strategic merge rules belong to the scaled kind. A Scale has no lists, so a merge patch does the same. */
function withoutMerge(request: RestRequest): RestRequest {
  if (request.contentType !== 'application/strategic-merge-patch+json') return request;
  return { ...request, contentType: 'application/merge-patch+json' };
}

function paths({ kind }: RestRequest): { spec: string; status: string; selector?: string } {
  if (kind.scale === undefined) throw noSuchPath();
  return kind.scale;
}

function follow(object: ApiObject, path: string): unknown {
  return at(object, ...path.split('.').filter((part) => part !== ''));
}

function set(object: MutableFields, path: string, value: unknown): void {
  const keys = path.split('.').filter((part) => part !== '');
  const last = keys.pop() ?? '';
  let target = object;
  for (const key of keys) target = ensure(target, key);
  target[last] = value;
}

function scaleOf(request: RestRequest, object: ApiObject): ApiObject {
  const { spec, status, selector } = paths(request);
  const { name, namespace, uid, resourceVersion, creationTimestamp } = object.metadata;
  const found = selector === undefined ? undefined : follow(object, selector);
  const labels = typeof found === 'string' ? found : found === undefined ? '' : selectorText(found);
  return {
    kind: 'Scale',
    apiVersion: 'autoscaling/v1',
    metadata: { name, ...fields({ namespace, uid, resourceVersion, creationTimestamp }) },
    // Go's `omitempty` leaves out zero.
    spec: number(follow(object, spec)) === 0 ? {} : { replicas: number(follow(object, spec)) },
    status: { replicas: number(follow(object, status)), ...(labels === '' ? {} : { selector: labels }) },
  };
}
