/** Which kinds the cluster serves, and where; refreshed if a name is unknown, since operators install kinds. */

import { groupOf, rootPathOf } from '../model/api-version.ts';
import { at, type Fields, recordsAt, textAt, textsAt } from '../model/fields.ts';
import type { Rest } from './rest.ts';
import { ApiError } from './rest.ts';
import type { ServedKind } from './types.ts';

interface Discovered extends ServedKind {
  readonly names: ReadonlySet<string>;
  readonly group: string;
}

export class Discovery {
  readonly #rest: Rest;
  #known: readonly Discovered[] = [];
  readonly #objects = new Map<string, ServedKind>();

  constructor(rest: Rest) {
    this.#rest = rest;
  }

  /** @param name kind, plural, singular or short name in any case, optionally with `.group`. */
  async resolve(name: string): Promise<ServedKind | undefined> {
    const found = this.#find(name);
    if (found !== undefined) return found;
    this.#known = await this.#discover();
    return this.#find(name);
  }

  async resolveObject(apiVersion: string, kind: string): Promise<ServedKind | undefined> {
    const key = `${apiVersion} ${kind}`;
    const known = this.#objects.get(key);
    if (known !== undefined) return known;
    const found = (await this.#resources(apiVersion)).find((resource) => resource.kind === kind);
    if (found !== undefined) this.#objects.set(key, found);
    return found;
  }

  #find(name: string): ServedKind | undefined {
    const [wanted = '', ...group] = name.toLowerCase().split('.');
    return this.#known.find((kind) => kind.names.has(wanted) && (group.length === 0 || kind.group === group.join('.')));
  }

  /**
   * Core kinds first, then the groups in the server's order, in each the preferred version first, as kubectl chooses. All versions
   * are read, since not every version serves every kind.
   */
  async #discover(): Promise<readonly Discovered[]> {
    const groups = recordsAt(await this.#rest.json('GET', '/apis'), 'groups');
    const ofGroups = groups.flatMap((group) => [at(group, 'preferredVersion'), ...recordsAt(group, 'versions')]);
    const named = ofGroups.map((version) => textAt(version, 'groupVersion')).filter((name) => name !== undefined);
    const versions = new Set(['v1', ...named]);
    return (await Promise.all([...versions].map((version) => this.#resources(version)))).flat();
  }

  async #resources(apiVersion: string): Promise<readonly Discovered[]> {
    const path = rootPathOf(apiVersion);
    try {
      const resources = recordsAt(await this.#rest.json('GET', path), 'resources');
      return resources
        .map((resource) => discovered(apiVersion, resource))
        .filter(({ plural }) => !plural.includes('/'));
    } catch (error) {
      // A group whose server is unavailable (503) or missing (404) must not hide the others.
      if (error instanceof ApiError && (error.code === 404 || error.code === 503)) return [];
      throw error;
    }
  }
}

function discovered(apiVersion: string, resource: Fields): Discovered {
  const plural = textAt(resource, 'name') ?? '';
  const kind = textAt(resource, 'kind') ?? '';
  const names = [
    plural,
    kind.toLowerCase(),
    textAt(resource, 'singularName') ?? '',
    ...textsAt(resource, 'shortNames'),
  ];
  return {
    apiVersion,
    kind,
    plural,
    namespaced: at(resource, 'namespaced') === true,
    names: new Set(names.filter((name) => name !== '')),
    group: groupOf(apiVersion),
  };
}
