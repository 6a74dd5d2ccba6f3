/** Asks the API what a user may do. */
import { at } from '../../model/fields.ts';
import type { Client } from './client.ts';

const REVIEWS = '/apis/authorization.k8s.io/v1/subjectaccessreviews';

export interface ResourceAttributes {
  readonly verb: string;
  readonly group: string;
  readonly resource: string;
  readonly name: string;
  readonly namespace: string;
}

/** Whether the user may do this. The API decides, in the sandbox or on a real cluster. @throws {ApiError} */
export async function mayUser(
  client: Client,
  { name, groups }: { readonly name: string; readonly groups: readonly string[] },
  resourceAttributes: ResourceAttributes,
): Promise<boolean> {
  const review = await client.request('POST', REVIEWS, {
    apiVersion: 'authorization.k8s.io/v1',
    kind: 'SubjectAccessReview',
    spec: { user: name, groups, resourceAttributes },
  });
  return at(review, 'status', 'allowed') === true;
}
