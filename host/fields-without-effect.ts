/** Fields that the sandbox accepted without effect: it records an Event for each (sandbox/api/README.md). */

import type { ApiObject, ClusterApi } from '../kube/types.ts';
import { isRecord } from '../model/fields.ts';

const REASON = 'FieldWithoutEffect';

export class FieldsWithoutEffect {
  readonly #told = new Set<string>();

  /** Fields recorded since the last call, a line each: `Deployment shop/web: spec.template.spec.affinity`. */
  async next(api: Pick<ClusterApi, 'resolveObject' | 'list'>): Promise<string[]> {
    const events = await api.resolveObject('v1', 'Event');
    if (events === undefined) return [];
    const { items } = await api.list(events, { fieldSelector: `reason=${REASON}` });
    const lines = items.flatMap(lineOf).filter((line) => !this.#told.has(line));
    for (const line of lines) this.#told.add(line);
    return [...new Set(lines)];
  }
}

function lineOf(event: ApiObject): string[] {
  // An Event's own fields are beside its metadata, which the type of generic objects does not cover.
  const fields: Readonly<Record<string, unknown>> = { ...event };
  const { involvedObject: object, message } = fields;
  if (!isRecord(object)) return [];
  const { kind, namespace, name, fieldPath } = object;
  // The pods that `call` makes are not part of the lab.
  if (kind === 'Pod' && String(name).startsWith('labwright-call-')) return [];
  const place = namespace === undefined ? `${name}` : `${namespace}/${name}`;
  return [`${kind} ${place}: ${fieldPath ?? message}`];
}
