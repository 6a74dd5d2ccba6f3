/** Every kind that the API serves and that can be listed, watched and deleted, from discovery. */

import { groupOf } from '../../model/api-version.ts';
import { at, recordsAt, text, textsAt } from '../../model/fields.ts';
import type { Client, Resource } from '../client/client.ts';

/**
 * Each kind that has all of `verbs`, once: in its group's preferred version, or else in the first that has it (not every version of
 * a group serves every kind). A group that does not answer is left out.
 */
export async function discover(client: Client, verbs: readonly string[]): Promise<Resource[]> {
  const groups = recordsAt(await client.request('GET', '/apis'), 'groups');
  const versions = groups.flatMap((group) => {
    const preferred = text(at(group, 'preferredVersion', 'groupVersion'));
    const all = recordsAt(group, 'versions').map(({ groupVersion }) => text(groupVersion));
    return [preferred, ...all.filter((one) => one !== preferred)];
  });
  const paths = ['/api/v1', ...versions.map((version) => `/apis/${version}`)];
  const lists = await Promise.all(paths.map((path) => client.request('GET', path).catch(() => undefined)));
  const found = new Map<string, Resource>();
  for (const list of lists) {
    const apiVersion = text(at(list, 'groupVersion'));
    for (const one of recordsAt(list, 'resources')) {
      const plural = text(one['name']);
      const key = `${groupOf(apiVersion)}/${plural}`;
      const served = textsAt(one, 'verbs');
      if (plural.includes('/') || found.has(key) || !verbs.every((verb) => served.includes(verb))) continue;
      found.set(key, { apiVersion, kind: text(one['kind']), plural, namespaced: one['namespaced'] === true });
    }
  }
  return [...found.values()];
}
