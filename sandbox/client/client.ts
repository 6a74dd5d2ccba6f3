/** A thin client of the Kubernetes API: typed objects in and out, API failures as `ApiError`. */

import { setDefaultCACertificates } from 'node:tls';
import { groupOf, rootPathOf } from '../../model/api-version.ts';
import { at, isRecord, parseJson, recordsAt, textAt } from '../../model/fields.ts';
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

/** Whether JSON is an object of the kind, in any version. Its other fields the API server has checked by the kind's schema. */
export function isOfKind<T extends KubeObject>(of: Resource<T>, value: unknown): value is T {
  const apiVersion = textAt(value, 'apiVersion');
  if (apiVersion === undefined || textAt(value, 'kind') !== of.kind) return false;
  return groupOf(apiVersion) === groupOf(of.apiVersion) && isRecord(at(value, 'metadata'));
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

/** One event of a watch. Of a bookmark's object only the kind and the resource version are set; an error's is a `Status`. */
export type WatchEvent<T> =
  | { readonly type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK'; readonly object: T }
  | { readonly type: 'ERROR'; readonly object: unknown };
const EVENTS = ['ADDED', 'MODIFIED', 'DELETED', 'BOOKMARK'] as const;

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
    return this.#object(of, 'GET', this.path(of, namespace, name));
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
    const list = await this.request('GET', this.path(of, options.namespace) + query);
    // Items of a list carry neither apiVersion nor kind on a real API server.
    const items = recordsAt(list, 'items').map((item) =>
      objectOf(of, { ...item, apiVersion: of.apiVersion, kind: of.kind }),
    );
    return { items, resourceVersion: textAt(list, 'metadata', 'resourceVersion') ?? '' };
  }

  create<T extends KubeObject>(of: Resource<T>, object: T): Promise<T> {
    return this.#object(of, 'POST', this.path(of, object.metadata.namespace), object);
  }

  /** PUT; with a `resourceVersion` in the object, a concurrent change is a Conflict. */
  replace<T extends KubeObject>(of: Resource<T>, object: T, subresource?: 'status'): Promise<T> {
    const path = this.path(of, object.metadata.namespace, object.metadata.name, subresource);
    return this.#object(of, 'PUT', path, object);
  }

  patch<T extends KubeObject>(
    of: Resource<T>,
    name: string,
    namespace: string | undefined,
    patch: unknown,
    options: { type?: PatchType; subresource?: string } = {},
  ): Promise<T> {
    const path = this.path(of, namespace, name, options.subresource);
    return this.#object(of, 'PATCH', path, patch, PATCH_TYPES[options.type ?? 'merge']);
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
    return this.request('DELETE', this.path(of, namespace, name), body);
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
    for await (const line of answer.lines()) yield eventOf(of, parseJson(line));
  }

  /** Any path of the API, JSON in and out. */
  async request(method: string, path: string, body?: unknown, contentType = 'application/json'): Promise<unknown> {
    const content = body === undefined ? {} : { body: JSON.stringify(body), contentType };
    return parseJson(await (await this.#ask({ method, path, ...content })).text());
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

  async #object<T extends KubeObject>(of: Resource<T>, ...request: Parameters<Client['request']>): Promise<T> {
    return objectOf(of, await this.request(...request));
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

/** @throws when the server answers with another kind than was asked for. */
function objectOf<T extends KubeObject>(of: Resource<T>, value: unknown): T {
  if (isOfKind(of, value)) return value;
  throw new Error(`the API server answered ${textAt(value, 'kind') ?? 'no object'} where ${of.kind} was expected`);
}

function eventOf<T extends KubeObject>(of: Resource<T>, event: unknown): WatchEvent<T> {
  const [said, object] = [textAt(event, 'type'), at(event, 'object')];
  const type = EVENTS.find((known) => known === said);
  return type === undefined ? { type: 'ERROR', object } : { type, object: objectOf(of, object) };
}

/** Undefined unless it is a `Status`. */
function statusOf(said: string, code: number): ApiError | undefined {
  try {
    const status = parseJson(said);
    return new ApiError(code, textAt(status, 'reason') ?? 'Unknown', textAt(status, 'message') ?? said);
  } catch {
    return undefined;
  }
}
