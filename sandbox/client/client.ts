/** A thin client of the Kubernetes API: typed objects in and out, API failures as `ApiError`. */

import { setDefaultCACertificates } from 'node:tls';
import { rootPathOf } from '../../model/api-version.ts';
import type { ApiAccess } from './access.ts';
import { HttpTransport } from './http-transport.ts';
import { InProcessTransport, type LocalApi } from './in-process-transport.ts';
import type { ApiAnswer, ApiRequest, Transport } from './transport.ts';

export interface ObjectMeta {
  name: string;
  namespace?: string;
  generateName?: string;
  uid?: string;
  resourceVersion?: string;
  generation?: number;
  creationTimestamp?: string;
  deletionTimestamp?: string;
  finalizers?: string[];
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  ownerReferences?: OwnerReference[];
}
export interface OwnerReference {
  apiVersion: string;
  kind: string;
  name: string;
  uid: string;
  controller?: boolean;
  blockOwnerDeletion?: boolean;
}
export interface KubeObject {
  apiVersion: string;
  kind: string;
  metadata: ObjectMeta;
}

/** A kind and where the API serves it. `T` is the object's type: `resource<Pod>('v1', 'Pod', 'pods')`. */
export interface Resource<T extends KubeObject = KubeObject> {
  readonly apiVersion: string;
  readonly kind: string;
  readonly plural: string;
  readonly namespaced: boolean;
  /** Never set: carries `T` for the compiler. */
  readonly type?: T;
}

export function resource<T extends KubeObject>(
  apiVersion: string,
  kind: string,
  plural: string,
  scope: 'namespaced' | 'cluster' = 'namespaced',
): Resource<T> {
  return { apiVersion, kind, plural, namespaced: scope === 'namespaced' };
}

/** A `Status` of the API, thrown. `reason` is `NotFound`, `AlreadyExists`, `Conflict`, … */
export class ApiError extends Error {
  readonly code: number;
  readonly reason: string;
  constructor(code: number, reason: string, message: string) {
    super(message);
    this.name = 'ApiError';
    this.code = code;
    this.reason = reason;
  }
}

export interface WatchEvent<T> {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK' | 'ERROR';
  readonly object: T;
}

type PatchType = 'merge' | 'json' | 'strategic';
const PATCH_TYPES: Record<PatchType, string> = {
  merge: 'application/merge-patch+json',
  json: 'application/json-patch+json',
  strategic: 'application/strategic-merge-patch+json',
};

/**
 * The single cluster of this process: its authority becomes the only one that the process's TLS clients trust.
 * @param local the server, if it runs in this process.
 */
export function connect({ url, token, certificateAuthority }: ApiAccess, local?: LocalApi): Client {
  if (certificateAuthority !== undefined) setDefaultCACertificates([certificateAuthority]);
  const http = new HttpTransport(url, token);
  return new Client(local === undefined ? http : new InProcessTransport(local, http));
}

export class Client {
  readonly #transport: Transport;

  /** @param to a transport, or the URL of a server that asks for no token: `http://127.0.0.1:8001`. */
  constructor(to: Transport | string) {
    this.#transport = typeof to === 'string' ? new HttpTransport(to) : to;
  }

  /** @throws {ApiError} NotFound among others. */
  get<T extends KubeObject>(of: Resource<T>, name: string, namespace?: string): Promise<T> {
    return this.#json<T>('GET', this.path(of, namespace, name));
  }

  /** The object, or `undefined` if there is none. */
  async find<T extends KubeObject>(of: Resource<T>, name: string, namespace?: string): Promise<T | undefined> {
    try {
      return await this.get(of, name, namespace);
    } catch (error) {
      if (error instanceof ApiError && error.code === 404) return undefined;
      throw error;
    }
  }

  async list<T extends KubeObject>(
    of: Resource<T>,
    options: { namespace?: string; labelSelector?: string } = {},
  ): Promise<{ items: T[]; resourceVersion: string }> {
    const query =
      options.labelSelector === undefined ? '' : `?labelSelector=${encodeURIComponent(options.labelSelector)}`;
    const list = await this.#json<{ items: T[] | null; metadata: { resourceVersion: string } }>(
      'GET',
      this.path(of, options.namespace) + query,
    );
    // Items of a list carry neither apiVersion nor kind on a real API server.
    const items = (list.items ?? []).map((item) => ({ ...item, apiVersion: of.apiVersion, kind: of.kind }));
    return { items, resourceVersion: list.metadata.resourceVersion };
  }

  create<T extends KubeObject>(of: Resource<T>, object: T): Promise<T> {
    return this.#json<T>('POST', this.path(of, object.metadata.namespace), object);
  }

  /** PUT; with a `resourceVersion` in the object, a concurrent change is a Conflict. */
  replace<T extends KubeObject>(of: Resource<T>, object: T, subresource?: 'status'): Promise<T> {
    return this.#json<T>('PUT', this.path(of, object.metadata.namespace, object.metadata.name, subresource), object);
  }

  patch<T extends KubeObject>(
    of: Resource<T>,
    name: string,
    namespace: string | undefined,
    patch: unknown,
    options: { type?: PatchType; subresource?: string } = {},
  ): Promise<T> {
    return this.#json<T>(
      'PATCH',
      this.path(of, namespace, name, options.subresource),
      patch,
      PATCH_TYPES[options.type ?? 'merge'],
    );
  }

  delete<T extends KubeObject>(
    of: Resource<T>,
    name: string,
    namespace?: string,
    options: { uid?: string; gracePeriodSeconds?: number } = {},
  ): Promise<unknown> {
    const body = {
      apiVersion: 'v1',
      kind: 'DeleteOptions',
      ...(options.gracePeriodSeconds === undefined ? {} : { gracePeriodSeconds: options.gracePeriodSeconds }),
      ...(options.uid === undefined ? {} : { preconditions: { uid: options.uid } }),
    };
    return this.#json('DELETE', this.path(of, namespace, name), body);
  }

  /** Events after `resourceVersion`, until `signal` aborts or the server ends the watch. */
  async *watch<T extends KubeObject>(
    of: Resource<T>,
    options: { resourceVersion: string; namespace?: string; labelSelector?: string; signal: AbortSignal },
  ): AsyncGenerator<WatchEvent<T>> {
    const query = new URLSearchParams({
      watch: 'true',
      allowWatchBookmarks: 'true',
      resourceVersion: options.resourceVersion,
    });
    if (options.labelSelector !== undefined) query.set('labelSelector', options.labelSelector);
    const path = `${this.path(of, options.namespace)}?${query}`;
    const answer = await this.#ask({ method: 'GET', path, signal: options.signal });
    for await (const line of answer.lines()) yield JSON.parse(line) as WatchEvent<T>;
  }

  /** Any path of the API, JSON in and out. */
  request<T>(method: string, path: string, body?: unknown): Promise<T> {
    return this.#json<T>(method, path, body);
  }

  path(of: Resource, namespace?: string, name?: string, subresource?: string): string {
    const root = rootPathOf(of.apiVersion);
    const parts = [
      of.namespaced && namespace !== undefined ? `namespaces/${namespace}` : undefined,
      of.plural,
      name,
      subresource,
    ];
    return [root, ...parts.filter((part) => part !== undefined)].join('/');
  }

  async #json<T>(method: string, path: string, body?: unknown, contentType = 'application/json'): Promise<T> {
    const content = body === undefined ? {} : { body: JSON.stringify(body), contentType };
    return JSON.parse(await (await this.#ask({ method, path, ...content })).text()) as T;
  }

  /** @throws {ApiError} the server's error. */
  async #ask(request: ApiRequest): Promise<ApiAnswer> {
    const answer = await this.#transport.send(request);
    const { status } = answer;
    if (status >= 200 && status < 300) return answer;
    const said = await answer.text();
    throw statusOf(said, status) ?? new ApiError(status, 'Unknown', said || `status ${status}`);
  }
}

/** Undefined unless it is a `Status`. */
function statusOf(said: string, code: number): ApiError | undefined {
  try {
    const { reason, message } = JSON.parse(said) as { reason?: string; message?: string };
    return new ApiError(code, reason ?? 'Unknown', message ?? said);
  } catch {
    return undefined;
  }
}
