/** authorization.openshift.io: the access reviews `oc` asks for. Whoever is logged in administers the sandbox. */
import type { AggregatedApi } from '../../api/types.ts';

const API_VERSION = 'authorization.openshift.io/v1';
const KINDS: Record<string, string> = {
  subjectaccessreviews: 'SubjectAccessReview',
  localsubjectaccessreviews: 'LocalSubjectAccessReview',
  selfsubjectrulesreviews: 'SelfSubjectRulesReview',
};

export function accessApi(): AggregatedApi {
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
    handle: async ({ resource, namespace }) => {
      const rules = [{ verbs: ['*'], apiGroups: ['*'], resources: ['*'], attributeRestrictions: null }];
      const body =
        resource === 'selfsubjectrulesreviews'
          ? { apiVersion: API_VERSION, kind: KINDS[resource], spec: { scopes: null }, status: { rules } }
          : {
              apiVersion: API_VERSION,
              kind: 'SubjectAccessReviewResponse',
              namespace,
              allowed: true,
              reason: 'the sandbox has one user, its administrator',
            };
      return { status: 201, body };
    },
  };
}
