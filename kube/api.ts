/** The Kubernetes API as `steps/` need it: for any kubeconfig, with watches instead of polling. */

import { setTimeout as sleep } from 'node:timers/promises';
import { rootPathOf } from '../model/api-version.ts';
import { at } from '../model/fields.ts';
import type { Connection } from './connection.ts';
import { Discovery } from './discovery.ts';
import { type CommandOutcome, execInPod } from './exec.ts';
import { itemsIn, objectIn, versionOfList } from './objects.ts';
import { ApiError, Rest } from './rest.ts';
import type { ApiChange, ApiObject, ClusterApi, ListFilter, ServedKind } from './types.ts';

export type { ApiObject } from './types.ts';

const FIRST_RETRY_MS = 50;
const LONGEST_RETRY_MS = 2_000;

export class KubernetesApi implements ClusterApi {
  readonly #connection: Connection;
  readonly #rest: Rest;
  readonly #discovery: Discovery;

  constructor(connection: Connection) {
    this.#connection = connection;
    this.#rest = new Rest(connection);
    this.#discovery = new Discovery(this.#rest);
  }

  resolve(kind: string): Promise<ServedKind | undefined> {
    return this.#discovery.resolve(kind);
  }

  resolveObject(apiVersion: string, kind: string): Promise<ServedKind | undefined> {
    return this.#discovery.resolveObject(apiVersion, kind);
  }

  async get(kind: ServedKind, name: string, namespace?: string): Promise<ApiObject | undefined> {
    const answer = await unlessNotFound(this.#rest.json('GET', pathOf(kind, namespace, name)));
    return answer === undefined ? undefined : objectIn(answer);
  }

  async list(
    kind: ServedKind,
    filter: ListFilter,
    signal?: AbortSignal,
  ): Promise<{ items: readonly ApiObject[]; resourceVersion: string }> {
    const path = `${pathOf(kind, filter.namespace)}?${queryOf(filter)}`;
    const list = await this.#rest.json('GET', path, signal === undefined ? {} : { signal, retries: false });
    return { items: itemsIn(list, kind), resourceVersion: versionOfList(list) };
  }

  async follow(
    kind: ServedKind,
    filter: ListFilter,
    onChange: (changes: readonly ApiChange[]) => void,
    signal: AbortSignal,
    onTrouble: (error: Error) => void = () => undefined,
  ): Promise<void> {
    const known = new Map<string, ApiObject>();
    let pause = FIRST_RETRY_MS;
    while (!signal.aborted) {
      try {
        const { items, resourceVersion } = await this.list(kind, filter, signal);
        onChange(relisted(known, items));
        const events = await this.#watch(kind, filter, resourceVersion, known, onChange, signal);
        if (events > 0) pause = FIRST_RETRY_MS;
      } catch (error) {
        if (signal.aborted) return;
        if (!(error instanceof ApiError) || error.code === 401 || error.code === 403) throw error;
        onTrouble(error);
      }
      // Also after a watch that just ended: one that ends at once must not make this loop spin.
      await sleep(pause, undefined, { signal }).catch(() => undefined);
      pause = Math.min(pause * 2, LONGEST_RETRY_MS);
    }
  }

  async create(kind: ServedKind, object: object, namespace?: string): Promise<ApiObject> {
    return objectIn(await this.#rest.json('POST', pathOf(kind, namespace), { body: object }));
  }

  async patch(kind: ServedKind, name: string, namespace: string | undefined, patch: object): Promise<ApiObject> {
    const options = { body: patch, contentType: 'application/merge-patch+json' };
    return objectIn(await this.#rest.json('PATCH', pathOf(kind, namespace, name), options));
  }

  async delete(kind: ServedKind, name: string, namespace?: string): Promise<boolean> {
    return (await unlessNotFound(this.#rest.json('DELETE', pathOf(kind, namespace, name)))) !== undefined;
  }

  async logTail(namespace: string, pod: string, container: string, lines: number): Promise<string> {
    const query = new URLSearchParams({ container, tailLines: String(lines) });
    return (await this.#rest.text(`/api/v1/namespaces/${namespace}/pods/${pod}/log?${query}`)).trimEnd();
  }

  async logSince(namespace: string, pod: string, container: string, since: Date): Promise<string> {
    const query = new URLSearchParams({ container, sinceTime: since.toISOString() });
    return this.#rest.text(`/api/v1/namespaces/${namespace}/pods/${pod}/log?${query}`);
  }

  exec(
    namespace: string,
    pod: string,
    container: string,
    command: readonly string[],
    options: { timeoutMs: number },
  ): Promise<CommandOutcome> {
    return execInPod(this.#connection, { namespace, pod, container }, command, options.timeoutMs);
  }

  /** Whether this user may do it. @param attributes as in a SelfSubjectAccessReview's `resourceAttributes`. */
  async isAllowed(attributes: object): Promise<boolean> {
    const review = {
      apiVersion: 'authorization.k8s.io/v1',
      kind: 'SelfSubjectAccessReview',
      metadata: {},
      spec: { resourceAttributes: attributes },
    };
    const path = `${rootPathOf(review.apiVersion)}/selfsubjectaccessreviews`;
    return at(await this.#rest.json('POST', path, { body: review }), 'status', 'allowed') === true;
  }

  /** All objects at a path, such as `/api/v1/nodes`. @throws {ApiError} */
  async listAt(path: string): Promise<readonly ApiObject[]> {
    return itemsIn(await this.#rest.json('GET', path));
  }

  /** Any path that answers JSON: `/version` and the like. @throws {ApiError} */
  raw(path: string): Promise<unknown> {
    return this.#rest.json('GET', path);
  }

  /** @returns how many events came before the server ended the watch or required a new list. */
  async #watch(
    kind: ServedKind,
    filter: ListFilter,
    from: string,
    known: Map<string, ApiObject>,
    onChange: (changes: readonly ApiChange[]) => void,
    signal: AbortSignal,
  ): Promise<number> {
    const query = queryOf(filter);
    query.set('watch', 'true');
    query.set('allowWatchBookmarks', 'true');
    query.set('resourceVersion', from);
    let events = 0;
    for await (const line of this.#rest.watch(`${pathOf(kind, filter.namespace)}?${query}`, signal)) {
      // 410 Gone and the like: list again.
      if (line.type === 'ERROR') return events;
      events += 1;
      if (line.type === 'BOOKMARK') continue;
      const object = objectIn(line.object);
      const type = line.type === 'DELETED' ? 'deleted' : 'put';
      if (type === 'put') known.set(keyOf(object), object);
      else known.delete(keyOf(object));
      onChange([{ type, object }]);
    }
    return events;
  }
}

function keyOf(object: ApiObject): string {
  return `${object.metadata.namespace ?? ''}/${object.metadata.name}`;
}

/** Differences between a list and `known`: new, changed and deleted objects. Updates `known`. */
function relisted(known: Map<string, ApiObject>, items: readonly ApiObject[]): readonly ApiChange[] {
  const now = new Map(items.map((item) => [keyOf(item), item]));
  const gone = [...known].filter(([key]) => !now.has(key)).map(([, object]) => ({ type: 'deleted' as const, object }));
  known.clear();
  for (const [key, object] of now) known.set(key, object);
  return [...gone, ...items.map((object) => ({ type: 'put' as const, object }))];
}

function pathOf(kind: ServedKind, namespace?: string, name?: string): string {
  const root = rootPathOf(kind.apiVersion);
  const scope = kind.namespaced && namespace !== undefined ? `/namespaces/${encodeURIComponent(namespace)}` : '';
  return `${root}${scope}/${kind.plural}${name === undefined ? '' : `/${encodeURIComponent(name)}`}`;
}

function queryOf(filter: ListFilter): URLSearchParams {
  const query = new URLSearchParams();
  if (filter.labelSelector !== undefined) query.set('labelSelector', filter.labelSelector);
  if (filter.fieldSelector !== undefined) query.set('fieldSelector', filter.fieldSelector);
  return query;
}

async function unlessNotFound<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof ApiError && error.code === 404) return undefined;
    throw error;
  }
}
