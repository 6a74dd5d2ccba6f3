/** What the rest of the sandbox sees of the API server, and what its parts share. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Server } from 'node:net';
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
  /** What is no JSON, e.g. a picture. */
  | { readonly content: Uint8Array; readonly mediaType: string }
  | { readonly watch: AsyncIterable<WatchEvent> };

export interface AggregatedApi {
  readonly group: string;
  readonly version: string;
  readonly resources: readonly ApiResource[];
  /** @throws {StatusError} or anything with `code`, `reason` and `message`: answered as a `Status`. */
  readonly handle: (request: ApiRequest) => Promise<ApiResponse>;
  /** Its group has stored kinds too, which the server answers itself. A kube-apiserver of Kubernetes' own can't do both. */
  readonly beside?: boolean;
  /** kubectl's columns, by plural name. */
  readonly tables?: Readonly<Record<string, TablePrinter>>;
}

export type Cell = string | number | boolean | null;

export interface TableColumn {
  readonly name: string;
  readonly type: 'string' | 'integer' | 'number' | 'boolean' | 'date';
  /** `name` marks the column that is the object's name. */
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

/** What is asked of who may do what. */
export interface AccessQuestion {
  readonly verb: string;
  readonly group: string;
  readonly version: string;
  readonly resource: string;
  readonly subresource: string;
  readonly name: string;
  readonly namespace: string;
}

/** The cluster, for who decides whether an object is let in. */
export interface AdmissionView {
  /** Who makes the object. */
  readonly user: User;
  get(group: string, plural: string, key: string): ApiObject | undefined;
  list(group: string, plural: string): ApiObject[];
  allows(user: User, question: AccessQuestion): boolean;
}

/** What a real cluster's own API server does to a kind that is a CRD here. The objects given are copies and may be changed. */
export interface KindRules {
  /** On every write, after the schema's own defaults. */
  defaults?(object: ApiObject): void;
  /**
   * On a create, before webhooks, and again after one has changed the object: may change it. @throws {StatusError} to refuse
   * it.
   */
  admit?(object: ApiObject, view: AdmissionView): void;
  /** On a create, when the object has its name. */
  prepareCreate?(object: ApiObject): void;
  /** On a change of the object itself, not of its status. */
  prepareUpdate?(object: ApiObject, old: ApiObject): void;
  /** @returns what is wrong; said instead of what the schema says of the same field. */
  validate?(object: ApiObject, old: ApiObject | undefined): StatusCause[];
}

export interface ApiServerOptions {
  /** Plain-HTTP listener for what runs beside the server: cluster administrator, no token. Port 0 lets the kernel choose. */
  readonly internal: { readonly host: string; readonly port: number };
  /** Listening sockets; the server does TLS on their connections and asks for bearer tokens. */
  readonly external?: readonly Server[];
  /** Where pods reach one of them: the endpoint of the Service `kubernetes`. */
  readonly endpoint?: { readonly host: string; readonly port: number };
  /** PEM key and certificate for `external`. */
  readonly tls?: { readonly key: string; readonly cert: string };
  /** Read at every request, so tokens may be added and removed while the server runs. */
  readonly tokens: Map<string, User>;
  /** Answers requests of the external listener that carry no token, such as those of a login. @returns whether it did. */
  readonly anonymous?: (request: IncomingMessage, response: ServerResponse) => Promise<boolean>;
  /** Where Service addresses come from, e.g. `172.30.0.0/16`. */
  readonly serviceCidr: string;
  /** What `/version` says: Kubernetes of the release's OpenShift. Default `v1.21.1`, of OpenShift 4.8. */
  readonly gitVersion?: string;
  /** Never gets a token or a Secret's data. */
  readonly log?: (line: string) => void;
}

export interface ApiServer {
  /** The internal listener: `http://127.0.0.1:PORT`. */
  readonly url: string;
  /** Serves a group version by a handler in this process; visible in discovery at once. */
  aggregate(api: AggregatedApi): void;
  /** Columns for a stored kind (a CRD's); before the CRD's own `additionalPrinterColumns`. */
  printTable(group: string, plural: string, printer: TablePrinter): void;
  /** Rules of a CRD's kind beyond its schema; for objects written from now on, whenever the CRD is installed. */
  extendKind(group: string, plural: string, rules: KindRules): void;
  /** Says which fields of a kind have an effect, beside what the server knows itself of the built-in ones. */
  supportFields(tables: readonly KindSupport[]): void;
  /** Ends both listeners, every watch and every tunnel. Idempotent. */
  stop(): Promise<void>;
}
