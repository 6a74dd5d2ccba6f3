/** authorization.openshift.io: the access reviews that `oc` requests, answered by Kubernetes' own reviews. */
import type { AggregatedApi, ApiRequest } from '../../api/types.ts';
import { ApiError, type Client } from '../../client/client.ts';

const API_VERSION = 'authorization.openshift.io/v1';
const REVIEWS = '/apis/authorization.k8s.io/v1/subjectaccessreviews';
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

/** An OpenShift review has these fields at the top level (openshift/api, authorization/v1, Action). */
interface Action {
  readonly verb?: string;
  readonly resourceAPIGroup?: string;
  readonly resource?: string;
  readonly resourceName?: string;
  readonly namespace?: string;
  readonly user?: string;
  readonly groups?: readonly string[];
}

async function isAllowed(client: Client, { body, namespace, user }: ApiRequest): Promise<boolean> {
  const action = (body ?? {}) as Action;
  const resourceAttributes = {
    verb: action.verb ?? '',
    group: action.resourceAPIGroup ?? '',
    resource: action.resource ?? '',
    name: action.resourceName ?? '',
    namespace: namespace ?? action.namespace ?? '',
  };
  const asked = action.user
    ? { user: action.user, groups: action.groups ?? [] }
    : { user: user.name, groups: user.groups };
  const aboutOthers = asked.user !== user.name || (action.groups ?? []).some((group) => !user.groups.includes(group));
  if (aboutOthers && !(await review(client, user, MAY_ASK)))
    throw new ApiError(
      403,
      'Forbidden',
      `subjectaccessreviews.authorization.openshift.io is forbidden: User "${user.name}" cannot create resource "subjectaccessreviews" in API group "authorization.openshift.io" about ${asked.user}`,
    );
  return review(client, { name: asked.user, groups: asked.groups }, resourceAttributes);
}

/** The permission that a question about another user needs. */
const MAY_ASK = {
  verb: 'create',
  group: 'authorization.k8s.io',
  resource: 'subjectaccessreviews',
  name: '',
  namespace: '',
};

async function review(
  client: Client,
  { name, groups }: Pick<ApiRequest['user'], 'name' | 'groups'>,
  resourceAttributes: typeof MAY_ASK,
): Promise<boolean> {
  const answer = await client.request<{ status?: { allowed?: boolean } }>('POST', REVIEWS, {
    apiVersion: 'authorization.k8s.io/v1',
    kind: 'SubjectAccessReview',
    spec: { user: name, groups, resourceAttributes },
  });
  return answer.status?.allowed === true;
}
