/** user.openshift.io: the user of the request's token. */
import type { AggregatedApi, ApiRequest, ApiResponse } from '../../api/types.ts';
import { ApiError } from '../../client/client.ts';

const API_VERSION = 'user.openshift.io/v1';

export function userApi(): AggregatedApi {
  return {
    group: 'user.openshift.io',
    version: 'v1',
    resources: [
      { name: 'users', singularName: 'user', namespaced: false, kind: 'User', verbs: ['get', 'list'] },
      { name: 'groups', singularName: 'group', namespaced: false, kind: 'Group', verbs: ['list'] },
    ],
    handle: async (request): Promise<ApiResponse> => {
      if (request.resource === 'groups')
        return { body: { apiVersion: API_VERSION, kind: 'GroupList', metadata: {}, items: [] } };
      const user = userOf(request);
      if (request.verb === 'list')
        return { body: { apiVersion: API_VERSION, kind: 'UserList', metadata: {}, items: [user] } };
      if (request.name !== '~' && request.name !== request.user.name) {
        throw new ApiError(404, 'NotFound', `users.user.openshift.io "${request.name}" not found`);
      }
      return { body: user };
    },
  };
}

function userOf({ user }: ApiRequest): object {
  const metadata = { name: user.name, creationTimestamp: null };
  return { apiVersion: API_VERSION, kind: 'User', metadata, identities: null, groups: user.groups };
}
