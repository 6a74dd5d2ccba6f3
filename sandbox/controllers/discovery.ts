/** Every kind that the API serves and that can be listed, watched and deleted, from discovery. */
import { groupOf } from '../../model/api-version.ts';
import type { Client, Resource } from '../client/client.ts';

interface ApiResourceList {
  groupVersion: string;
  resources: { name: string; kind: string; namespaced: boolean; verbs: string[] }[];
}
interface ApiGroupList {
  groups: { name: string; preferredVersion: { groupVersion: string }; versions: { groupVersion: string }[] }[];
}

/**
 * Each kind that has all of `verbs`, once: in its group's preferred version, or else in the first that has it (not every version of
 * a group serves every kind). A group that does not answer is left out.
 */
export async function discover(client: Client, verbs: readonly string[]): Promise<Resource[]> {
  const { groups } = await client.request<ApiGroupList>('GET', '/apis');
  const versions = groups.flatMap(({ preferredVersion, versions: all }) => {
    const others = all.map(({ groupVersion }) => groupVersion).filter((one) => one !== preferredVersion.groupVersion);
    return [preferredVersion.groupVersion, ...others];
  });
  const nothing: ApiResourceList = { groupVersion: '', resources: [] };
  const paths = ['/api/v1', ...versions.map((version) => `/apis/${version}`)];
  const lists = await Promise.all(
    paths.map((path) => client.request<ApiResourceList>('GET', path).catch(() => nothing)),
  );
  const found = new Map<string, Resource>();
  for (const { groupVersion, resources } of lists) {
    for (const { name, kind, namespaced, verbs: served } of resources) {
      const key = `${groupOf(groupVersion)}/${name}`;
      if (name.includes('/') || found.has(key) || !verbs.every((verb) => served.includes(verb))) continue;
      found.set(key, { apiVersion: groupVersion, kind, plural: name, namespaced });
    }
  }
  return [...found.values()];
}
