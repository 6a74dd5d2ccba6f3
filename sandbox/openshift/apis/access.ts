/** authorization.openshift.io: the access reviews that `oc` requests, answered by Kubernetes' own reviews. */

import { fields, text, textsAt } from '../../../model/fields.ts';
import type { AggregatedApi, ApiRequest } from '../../api/types.ts';
import { mayUser } from '../../client/access-review.ts';
import { ApiError, type Client } from '../../client/client.ts';

const API_VERSION = 'authorization.openshift.io/v1';
const KINDS: Record<string, string> = {
  subjectaccessreviews: 'SubjectAccessReview',
  localsubjectaccessreviews: 'LocalSubjectAccessReview',
  selfsubjectrulesreviews: 'SelfSubjectRulesReview',
};

export function accessApi(client: Client): AggregatedApi {
  return {
    group: 'authorization.openshift.io',
    version: 'v1',
    resources: Object.entries(KINDS).map(([name, kind]) => ({
      name,
      singularName: kind.toLowerCase(),
      namespaced: name !== 'subjectaccessreviews',
      kind,
      verbs: ['create'],
    })),
    handle: async (request) => {
      const { resource, namespace } = request;
      if (resource === 'selfsubjectrulesreviews') {
        // `oc` only displays these rules. It checks single permissions with access reviews.
        const rules: readonly object[] = [];
        return {
          status: 201,
          body: { apiVersion: API_VERSION, kind: KINDS[resource], spec: { scopes: null }, status: { rules } },
        };
      }
      const allowed = await isAllowed(client, request);
      const body = { apiVersion: API_VERSION, kind: 'SubjectAccessReviewResponse', namespace, allowed };
      return { status: 201, body };
    },
  };
}

async function isAllowed(client: Client, { body, namespace, user }: ApiRequest): Promise<boolean> {
  // An OpenShift review has these fields at the top level (openshift/api, authorization/v1, Action).
  const action = fields(body);
  const resourceAttributes = {
    verb: text(action['verb']),
    group: text(action['resourceAPIGroup']),
    resource: text(action['resource']),
    name: text(action['resourceName']),
    namespace: namespace ?? text(action['namespace']),
  };
  const groups = textsAt(action, 'groups');
  const about = text(action['user']);
  const asked = about === '' ? { user: user.name, groups: user.groups } : { user: about, groups };
  const aboutOthers = asked.user !== user.name || groups.some((group) => !user.groups.includes(group));
  if (aboutOthers && !(await mayUser(client, user, MAY_ASK)))
    throw new ApiError(
      403,
      'Forbidden',
      `subjectaccessreviews.authorization.openshift.io is forbidden: User "${user.name}" cannot create resource "subjectaccessreviews" in API group "authorization.openshift.io" about ${asked.user}`,
    );
  return mayUser(client, { name: asked.user, groups: asked.groups }, resourceAttributes);
}

/** The permission that a question about another user needs. */
const MAY_ASK = {
  verb: 'create',
  group: 'authorization.k8s.io',
  resource: 'subjectaccessreviews',
  name: '',
  namespace: '',
};
