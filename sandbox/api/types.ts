/** The interface of the API server, and types that its parts share. */

import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Server } from 'node:net';
import { at, isRecord, textAt } from '../../model/fields.ts';
import type { KindSupport } from '../fields/support.ts';
import type { StatusCause } from './status.ts';

export interface OwnerReference {
  apiVersion: string;
  kind: string;
  name: string;
  uid: string;
  controller?: boolean;
  blockOwnerDeletion?: boolean;
}

export interface ObjectMeta {
  name: string;
  namespace?: string;
  generateName?: string;
  uid?: string;
  resourceVersion?: string;
  generation?: number;
  creationTimestamp?: string;
  deletionTimestamp?: string;
  deletionGracePeriodSeconds?: number;
  finalizers?: string[];
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  ownerReferences?: OwnerReference[];
  managedFields?: unknown[];
  [field: string]: unknown;
}

/** Any object of the API. Stored objects are never changed in place: copy first (`clone`). */
export interface ApiObject {
  apiVersion: string;
  kind: string;
  metadata: ObjectMeta;
  [field: string]: unknown;
}

/** Whether JSON is an object of the API. Its fields are checked by the schema of its kind. */
export function isApiObject(value: unknown): value is ApiObject {
  return (
    textAt(value, 'apiVersion') !== undefined && textAt(value, 'kind') !== undefined && isRecord(at(value, 'metadata'))
  );
}

/** @throws {TypeError} when the value is not an object of the API. */
export function apiObject(value: unknown): ApiObject {
  if (isApiObject(value)) return value;
  throw new TypeError('an object of the API has apiVersion, kind and metadata');
}

export interface User {
  readonly name: string;
  readonly groups: readonly string[];
}

export interface WatchEvent {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK' | 'ERROR';
  readonly object: unknown;
}

export type Verb = 'get' | 'list' | 'watch' | 'create' | 'update' | 'patch' | 'delete' | 'deletecollection';

/** One entry of a group's discovery document. */
export interface ApiResource {
  readonly name: string;
  readonly singularName: string;
  readonly namespaced: boolean;
  readonly kind: string;
  readonly verbs: readonly string[];
  readonly shortNames?: readonly string[];
  readonly categories?: readonly string[];
}

export interface ApiRequest {
  readonly method: string;
  readonly verb: Verb;
  readonly group: string;
  readonly version: string;
  readonly resource: string;
  readonly subresource?: string;
  readonly name?: string;
  readonly namespace?: string;
  readonly query: URLSearchParams;
  /** The parsed JSON body, `undefined` without one. */
  readonly body: unknown;
  readonly user: User;
  /** Aborts when the client goes away or the server stops. */
  readonly signal: AbortSignal;
}

export type ApiResponse =
  | { readonly status?: number; readonly body: unknown }
  /** A body other than JSON, e.g. an image. */
  | { readonly content: Uint8Array; readonly mediaType: string }
  | { readonly watch: AsyncIterable<WatchEvent> };

export interface AggregatedApi {
  readonly group: string;
  readonly version: string;
  readonly resources: readonly ApiResource[];
  /** @throws {StatusError} or any error with `code`, `reason` and `message`. It is answered as a `Status`. */
  readonly handle: (request: ApiRequest) => Promise<ApiResponse>;
  /** Whether the group also has stored kinds, which the server answers itself. A real kube-apiserver cannot do this. */
  readonly beside?: boolean;
  /** Table columns for kubectl, by plural name. */
  readonly tables?: Readonly<Record<string, TablePrinter>>;
}

export type Cell = string | number | boolean | null;

export interface TableColumn {
  readonly name: string;
  readonly type: 'string' | 'integer' | 'number' | 'boolean' | 'date';
  /** `name` marks the column with the object's name. */
  readonly format?: string;
  readonly description?: string;
  /** 0 is always shown, 1 only with `-o wide`. */
  readonly priority?: number;
}

export interface TablePrinter {
  readonly columns: readonly TableColumn[];
  /** One cell per column; `now` in milliseconds since 1970, for ages. */
  row(object: ApiObject, now: number): Cell[];
}

/** A question to the authorizer: may a user do this? */
export interface AccessQuestion {
  readonly verb: string;
  readonly group: string;
  readonly version: string;
  readonly resource: string;
  readonly subresource: string;
  readonly name: string;
  readonly namespace: string;
}

/** A read-only view of the cluster for admission rules. */
export interface AdmissionView {
  /** The user who creates the object. */
  readonly user: User;
  get(group: string, plural: string, key: string): ApiObject | undefined;
  list(group: string, plural: string): ApiObject[];
  allows(user: User, question: AccessQuestion): boolean;
}

/** Rules that a real cluster's API server has for a kind that is a CRD here. The objects are copies and may be changed. */
export interface KindRules {
  /** Called on every write, after the schema's defaults. */
  defaults?(object: ApiObject): void;
  /**
   * Called on create, before webhooks, and again after a webhook has changed the object. May change the object.
   * @throws {StatusError} to refuse it.
   */
  admit?(object: ApiObject, view: AdmissionView): void;
  /** Called on create, when the object has its name. */
  prepareCreate?(object: ApiObject): void;
  /** Called when the object itself changes, not its status. */
  prepareUpdate?(object: ApiObject, old: ApiObject): void;
  /** @returns what is wrong. These causes replace the schema's causes for the same fields. */
  validate?(object: ApiObject, old: ApiObject | undefined): StatusCause[];
}

export interface ApiServerOptions {
  /** Plain-HTTP listener for local components. Requests need no token and act as administrator. Port 0 picks a port. */
  readonly internal: { readonly host: string; readonly port: number };
  /** Listening sockets; the server does TLS on their connections and asks for bearer tokens. */
  readonly external?: readonly Server[];
  /** Where pods reach an external listener: the endpoint of the Service `kubernetes`. */
  readonly endpoint?: { readonly host: string; readonly port: number };
  /** PEM key and certificate for `external`. */
  readonly tls?: { readonly key: string; readonly cert: string };
  /** Users by token. Read on every request, so tokens can be added and removed while the server runs. */
  readonly tokens: Map<string, User>;
  /** Answers requests without a token on the external listener, such as a login. @returns whether it did. */
  readonly anonymous?: (request: IncomingMessage, response: ServerResponse) => Promise<boolean>;
  /** The address range of Services, e.g. `172.30.0.0/16`. */
  readonly serviceCidr: string;
  /** The version in `/version`: the Kubernetes of the OpenShift release. The default is `v1.21.1`, from OpenShift 4.8. */
  readonly gitVersion?: string;
  /** Receives log lines. They never contain a token or the data of a Secret. */
  readonly log?: (line: string) => void;
}

/** A request of a client in the server's process. */
export interface LocalRequest {
  readonly method: string;
  /** With the query. */
  readonly path: string;
  /** JSON text. */
  readonly body?: string;
  /** Media type of the body, without parameters; JSON by default. */
  readonly contentType?: string;
  /** Ends a watch. */
  readonly signal?: AbortSignal;
}

export interface LocalAnswer {
  /** HTTP's status code. */
  readonly status: number;
  /** The whole body, as JSON. */
  text(): Promise<string>;
  /** The events of a watch, each as JSON. @throws the reason of the request's signal when it aborts. */
  lines(): AsyncIterable<string>;
}

export interface ApiServer {
  /** The internal listener: `http://127.0.0.1:PORT`. */
  readonly url: string;
  /**
   * Answers a request from within the process as the internal listener does, without sockets.
   * @returns `undefined` for what is answered only over HTTP: discovery, logs, reviews, aggregated APIs.
   */
  answer(request: LocalRequest): Promise<LocalAnswer> | undefined;
  /** Serves a group version by a handler in this process. It is visible in discovery at once. */
  aggregate(api: AggregatedApi): void;
  /** Sets the columns of a CRD's kind. They take precedence over its `additionalPrinterColumns`. */
  printTable(group: string, plural: string, printer: TablePrinter): void;
  /** Adds rules to a CRD's kind beyond its schema. They apply to later writes, whenever the CRD is installed. */
  extendKind(group: string, plural: string, rules: KindRules): void;
  /** Declares which fields of kinds have an effect, in addition to the server's own tables for built-in kinds. */
  supportFields(tables: readonly KindSupport[]): void;
  /** Stops all listeners, watches and tunnels. Idempotent. */
  stop(): Promise<void>;
}
