/** The Kubernetes API as `steps/` needs it: over any kubeconfig, watched rather than polled. */
import { Writable } from 'node:stream';
import type { ApiChange, ApiObject, ClusterApi, ListFilter, ServedKind } from '../steps/context.ts';
import type { Connection } from './connection.ts';
import { Discovery } from './discovery.ts';
import { ApiError, Rest } from './rest.ts';

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
    return unlessNotFound(this.#rest.json('GET', pathOf(kind, namespace, name)) as Promise<ApiObject>);
  }

  async list(kind: ServedKind, filter: ListFilter): Promise<{ items: readonly ApiObject[]; resourceVersion: string }> {
    const list = (await this.#rest.json('GET', `${pathOf(kind, filter.namespace)}?${queryOf(filter)}`)) as {
      items?: readonly ApiObject[];
      metadata: { resourceVersion: string };
    };
    // Items of a list carry neither apiVersion nor kind.
    const items = (list.items ?? []).map((item) => ({ ...item, apiVersion: kind.apiVersion, kind: kind.kind }));
    return { items, resourceVersion: list.metadata.resourceVersion };
  }

  async follow(
    kind: ServedKind,
    filter: ListFilter,
    onChange: (changes: readonly ApiChange[]) => void,
    signal: AbortSignal,
  ): Promise<void> {
    const known = new Map<string, ApiObject>();
    for (let pause = FIRST_RETRY_MS; !signal.aborted; pause = Math.min(pause * 2, LONGEST_RETRY_MS)) {
      try {
        const { items, resourceVersion } = await this.list(kind, filter);
        onChange(relisted(known, items));
        pause = FIRST_RETRY_MS;
        await this.#watch(kind, filter, resourceVersion, known, onChange, signal);
      } catch (error) {
        if (signal.aborted) return;
        if (error instanceof ApiError && (error.code === 401 || error.code === 403)) throw error;
        await pauseFor(pause, signal);
      }
    }
  }

  create(kind: ServedKind, object: object, namespace?: string): Promise<ApiObject> {
    return this.#rest.json('POST', pathOf(kind, namespace), object) as Promise<ApiObject>;
  }

  patch(kind: ServedKind, name: string, namespace: string | undefined, patch: object): Promise<ApiObject> {
    return this.#rest.json(
      'PATCH',
      pathOf(kind, namespace, name),
      patch,
      'application/merge-patch+json',
    ) as Promise<ApiObject>;
  }

  async delete(kind: ServedKind, name: string, namespace?: string): Promise<boolean> {
    return (await unlessNotFound(this.#rest.json('DELETE', pathOf(kind, namespace, name)))) !== undefined;
  }

  async logTail(namespace: string, pod: string, container: string, lines: number): Promise<string> {
    const query = new URLSearchParams({ container, tailLines: String(lines) });
    return (await this.#rest.text(`/api/v1/namespaces/${namespace}/pods/${pod}/log?${query}`)).trimEnd();
  }

  async exec(
    namespace: string,
    pod: string,
    container: string,
    command: readonly string[],
    options: { timeoutMs: number },
  ): Promise<{ exit: number; stdout: string; stderr: string }> {
    const { Exec } = await import('@kubernetes/client-node');
    const stdout = new Collector();
    const stderr = new Collector();
    const exec = new Exec(this.#connection.kubeconfig);
    const status = await new Promise<ExecStatus>((resolve, reject) => {
      const timer = setTimeout(
        () =>
          reject(
            new ApiError(0, 'Timeout', `${command[0]} in ${pod} did not end within ${options.timeoutMs / 1_000} s`),
          ),
        options.timeoutMs,
      );
      const opened = exec.exec(namespace, pod, container, [...command], stdout, stderr, null, false, (result) => {
        clearTimeout(timer);
        resolve(result);
      });
      opened.then((socket) => {
        socket.addEventListener('close', () => {
          clearTimeout(timer);
          reject(new ApiError(0, 'NoAnswer', `the connection to ${pod} ended before ${command[0]} did`));
        });
      }, reject);
    });
    return { exit: exitCodeOf(status), stdout: stdout.text(), stderr: stderr.text() };
  }

  /** Any path that answers JSON: `/version` and the like. @throws {ApiError} */
  raw(path: string): Promise<unknown> {
    return this.#rest.json('GET', path);
  }

  async #watch(
    kind: ServedKind,
    filter: ListFilter,
    from: string,
    known: Map<string, ApiObject>,
    onChange: (changes: readonly ApiChange[]) => void,
    signal: AbortSignal,
  ): Promise<void> {
    let resourceVersion = from;
    while (!signal.aborted) {
      const query = queryOf(filter);
      query.set('watch', 'true');
      query.set('allowWatchBookmarks', 'true');
      query.set('resourceVersion', resourceVersion);
      for await (const line of this.#rest.watch(`${pathOf(kind, filter.namespace)}?${query}`, signal)) {
        // 410 Gone and the like: list anew.
        if (line.type === 'ERROR') return;
        const object = line.object as ApiObject;
        resourceVersion = object.metadata.resourceVersion ?? resourceVersion;
        if (line.type === 'BOOKMARK') continue;
        const type = line.type === 'DELETED' ? 'deleted' : 'put';
        if (type === 'put') known.set(keyOf(object), object);
        else known.delete(keyOf(object));
        onChange([{ type, object }]);
      }
    }
  }
}

interface ExecStatus {
  readonly status?: string;
  readonly message?: string;
  readonly details?: { readonly causes?: readonly { readonly reason?: string; readonly message?: string }[] };
}

function exitCodeOf(status: ExecStatus): number {
  if (status.status === 'Success') return 0;
  const cause = status.details?.causes?.find(({ reason }) => reason === 'ExitCode');
  if (cause?.message === undefined)
    throw new ApiError(0, 'ExecFailed', status.message ?? 'the command could not be run');
  return Number(cause.message);
}

class Collector extends Writable {
  readonly #chunks: Buffer[] = [];
  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.#chunks.push(chunk);
    done();
  }
  text(): string {
    return Buffer.concat(this.#chunks).toString('utf8');
  }
}

function keyOf(object: ApiObject): string {
  return `${object.metadata.namespace ?? ''}/${object.metadata.name}`;
}

/** What a list says that was not known: new and changed objects, and those that are gone. Brings `known` up to date. */
function relisted(known: Map<string, ApiObject>, items: readonly ApiObject[]): readonly ApiChange[] {
  const now = new Map(items.map((item) => [keyOf(item), item]));
  const gone = [...known].filter(([key]) => !now.has(key)).map(([, object]) => ({ type: 'deleted' as const, object }));
  known.clear();
  for (const [key, object] of now) known.set(key, object);
  return [...gone, ...items.map((object) => ({ type: 'put' as const, object }))];
}

function pathOf(kind: ServedKind, namespace?: string, name?: string): string {
  const root = kind.apiVersion.includes('/') ? `/apis/${kind.apiVersion}` : `/api/${kind.apiVersion}`;
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

function pauseFor(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(finish, ms);
    signal.addEventListener('abort', finish, { once: true });
    function finish(): void {
      clearTimeout(timer);
      signal.removeEventListener('abort', finish);
      resolve();
    }
  });
}
