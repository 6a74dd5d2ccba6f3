/** Which parts of an object its own endpoint and those of its subresources change. */
import { at, type Fields, fields, recordsAt } from '../../../model/fields.ts';
import { clone, editable } from '../json.ts';
import type { ApiObject } from '../types.ts';
import type { RestRequest } from './request.ts';

/** Whether the subresource changes only the status. */
export function changesStatus({ subresource }: RestRequest): boolean {
  return subresource === 'status' || subresource === 'approval';
}

/**
 * The status endpoint changes the status and, of built-in kinds, labels, annotations and what else a client may set in the metadata.
 * The object's own endpoint changes everything except the status.
 */
export function restrict(request: RestRequest, object: ApiObject, old: ApiObject): ApiObject {
  const { kind, subresource } = request;
  if (changesStatus(request)) {
    const { status: _, metadata: before, ...rest } = clone(old);
    const metadata = kind.custom ? before : { ...object.metadata };
    if (kind.strategy.statusKeepsLabels) {
      delete metadata.labels;
      Object.assign(metadata, before.labels === undefined ? {} : { labels: before.labels });
    }
    return { ...rest, metadata, ...(object['status'] === undefined ? {} : { status: object['status'] }) };
  }
  if (subresource === 'finalize') return { ...clone(old), spec: object['spec'] };
  if (subresource === 'ephemeralcontainers' || subresource === 'resize')
    return { ...clone(old), spec: withPart(old['spec'], object['spec'], subresource) };
  if (!kind.subresources.has('status')) return object;
  const { status: _, ...rest } = object;
  return { ...rest, ...(old['status'] === undefined ? {} : { status: clone(old['status']) }) };
}

/** The old pod spec, with the part that the subresource may change taken from `wanted`. */
function withPart(old: unknown, wanted: unknown, subresource: 'ephemeralcontainers' | 'resize'): Fields {
  const spec = clone(fields(old));
  if (subresource === 'ephemeralcontainers') {
    const ephemeralContainers = at(wanted, 'ephemeralContainers');
    return { ...spec, ...(ephemeralContainers === undefined ? {} : { ephemeralContainers }) };
  }
  for (const container of editable(spec['containers'])) {
    const changed = recordsAt(wanted, 'containers').find(({ name }) => name === container['name']);
    if (changed !== undefined) container['resources'] = changed['resources'];
  }
  return spec;
}
