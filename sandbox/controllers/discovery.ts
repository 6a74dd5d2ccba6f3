/** Every kind the API serves that can be listed, watched and deleted, as discovery tells it. */
import type { Client, Resource } from '../runtime/client.ts';

interface ApiResourceList {
  groupVersion: string;
  resources: { name: string; kind: string; namespaced: boolean; verbs: string[] }[];
}
interface ApiGroupList {
  groups: { name: string; preferredVersion: { groupVersion: string }; versions: { groupVersion: string }[] }[];
}

/** The preferred version of each kind that has all of `verbs`. A group that does not answer is left out. */
export async function discover(client: Client, verbs: readonly string[]): Promise<Resource[]> {
  const groups = await client.request<ApiGroupList>('GET', '/apis');
  const paths = ['/api/v1', ...groups.groups.map((group) => `/apis/${group.preferredVersion.groupVersion}`)];
  const lists = await Promise.all(
    paths.map((path) =>
      client.request<ApiResourceList>('GET', path).catch((): ApiResourceList => ({ groupVersion: '', resources: [] })),
    ),
  );
  return lists.flatMap(({ groupVersion, resources }) =>
    resources
      .filter(({ name, verbs: served }) => !name.includes('/') && verbs.every((verb) => served.includes(verb)))
      .map(({ name, kind, namespaced }) => ({ apiVersion: groupVersion, kind, plural: name, namespaced })),
  );
}
