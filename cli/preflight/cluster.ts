/** What the preflight asks of a cluster: lists that may be refused or not be served, and the catalog. */
import type { ApiObject, KubernetesApi } from '../../cluster/api.ts';
import { ApiError } from '../../cluster/rest.ts';

/** All objects of a kind; none where it is not served, or may not be listed. */
export async function listAll(api: KubernetesApi, groupVersion: string, plural: string): Promise<readonly ApiObject[]> {
  const root = groupVersion.includes('/') ? `/apis/${groupVersion}` : `/api/${groupVersion}`;
  const list = await unlessRefused(api.raw(`${root}/${plural}`));
  return (list as { items?: readonly ApiObject[] } | undefined)?.items ?? [];
}

export interface Catalog {
  readonly channels: readonly { readonly name: string; readonly currentCSV: string }[];
}

export async function packageManifest(
  api: KubernetesApi,
  name: string,
  namespace = 'openshift-marketplace',
): Promise<Catalog | undefined> {
  const path = `/apis/packages.operators.coreos.com/v1/namespaces/${namespace}/packagemanifests/${name}`;
  const found = (await unlessRefused(api.raw(path))) as { status?: Partial<Catalog> } | undefined;
  return found === undefined ? undefined : { channels: found.status?.channels ?? [] };
}

/** Undefined for 403 and 404. @throws {ApiError} */
export async function unlessRefused<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof ApiError && (error.code === 403 || error.code === 404)) return undefined;
    throw error;
  }
}
