/** Queries that the preflight makes: lists that may be refused or not served, and the catalog. */

import type { ApiObject, KubernetesApi } from '../../kube/api.ts';
import { ApiError } from '../../kube/rest.ts';
import { rootPathOf } from '../../model/api-version.ts';
import { recordsAt, textAt } from '../../model/fields.ts';

/** All objects of a kind; empty if it is not served or may not be listed. */
export async function listAll(api: KubernetesApi, groupVersion: string, plural: string): Promise<readonly ApiObject[]> {
  return (await unlessRefused(api.listAt(`${rootPathOf(groupVersion)}/${plural}`))) ?? [];
}

export interface Catalog {
  readonly channels: readonly { readonly name: string; readonly currentCSV: string }[];
}

export function packageManifest(
  api: KubernetesApi,
  name: string,
  namespace = 'openshift-marketplace',
): Promise<Look<Catalog>> {
  const path = `/apis/packages.operators.coreos.com/v1/namespaces/${namespace}/packagemanifests/${name}`;
  return look(
    api.raw(path).then((found) => {
      const channels = recordsAt(found, 'status', 'channels').map((channel) => ({
        name: textAt(channel, 'name') ?? '',
        currentCSV: textAt(channel, 'currentCSV') ?? '',
      }));
      return { channels };
    }),
  );
}

/** Tells apart what does not exist and what may not be read. */
export interface Look<T> {
  readonly found?: T;
  readonly refused: boolean;
}

/** @throws {ApiError} for anything but 403 and 404. */
export async function look<T>(answer: Promise<T>): Promise<Look<T>> {
  try {
    return { found: await answer, refused: false };
  } catch (error) {
    if (error instanceof ApiError && (error.code === 403 || error.code === 404)) return { refused: error.code === 403 };
    throw error;
  }
}

/** Undefined for 403 and 404. @throws {ApiError} */
export async function unlessRefused<T>(answer: Promise<T>): Promise<T | undefined> {
  return (await look(answer)).found;
}
