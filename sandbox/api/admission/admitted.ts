/** A request under admission, and a webhook as its configuration describes it. */
import type { RestRequest } from '../rest/request.ts';
import type { ApiObject } from '../types.ts';

export interface Admitted {
  readonly request: RestRequest;
  readonly operation: 'CREATE' | 'UPDATE' | 'DELETE' | 'CONNECT';
  readonly object: ApiObject | undefined;
  readonly old: ApiObject | undefined;
  readonly dryRun: boolean;
}

export type Webhook = Record<string, unknown>;

/** The pod that a request creates; `undefined` for any other request. */
export function newPod({ request, operation, object }: Admitted): ApiObject | undefined {
  const { group, plural } = request.kind;
  return operation === 'CREATE' && group === '' && plural === 'pods' && request.subresource === undefined
    ? object
    : undefined;
}

/** The name that error messages use: `generateName` while the object has no name yet. */
export function nameOf({ metadata }: ApiObject): string {
  return metadata.name || (metadata.generateName ?? '');
}
