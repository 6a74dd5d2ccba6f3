/** The Kubernetes API as `steps/` need it; `api.ts` implements it. */

/** An object of the API as received. */
export interface ApiObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly uid?: string;
    readonly generation?: number;
    readonly resourceVersion?: string;
    readonly creationTimestamp?: string;
    readonly deletionTimestamp?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
    /** Who has written it; the first one is who created it. */
    readonly managedFields?: readonly { readonly manager?: string }[];
  };
  readonly spec?: Readonly<Record<string, unknown>>;
  readonly status?: Readonly<Record<string, unknown>>;
}

/** Where the API serves a kind, from discovery. */
export interface ServedKind {
  readonly apiVersion: string;
  readonly kind: string;
  readonly plural: string;
  readonly namespaced: boolean;
}

export type ApiChange = { readonly type: 'put' | 'deleted'; readonly object: ApiObject };

export interface ClusterApi {
  /**
   * @param kind as people write it: kind, plural, singular, short name, optionally with `.group`.
   * @returns undefined if the cluster does not serve it (yet).
   */
  resolve(kind: string): Promise<ServedKind | undefined>;
  /** For a manifest's `apiVersion` and `kind`. */
  resolveObject(apiVersion: string, kind: string): Promise<ServedKind | undefined>;
  get(kind: ServedKind, name: string, namespace?: string): Promise<ApiObject | undefined>;
  list(kind: ServedKind, filter: ListFilter): Promise<{ items: readonly ApiObject[]; resourceVersion: string }>;
  /**
   * Calls `onChange` for each existing object and then for each change, across lost connections, until `signal` aborts; `onTrouble`
   * gets the error of each failed attempt. Rejects only if waiting can't help (401, 403).
   */
  follow(
    kind: ServedKind,
    filter: ListFilter,
    onChange: (changes: readonly ApiChange[]) => void,
    signal: AbortSignal,
    onTrouble?: (error: Error) => void,
  ): Promise<void>;
  create(kind: ServedKind, object: object, namespace?: string): Promise<ApiObject>;
  /** JSON merge patch. */
  patch(kind: ServedKind, name: string, namespace: string | undefined, patch: object): Promise<ApiObject>;
  /** Resolves when the server has accepted the deletion; false if there was nothing to delete. */
  delete(kind: ServedKind, name: string, namespace?: string): Promise<boolean>;
  /** The last lines of a container's log; empty if there is none. */
  logTail(namespace: string, pod: string, container: string, lines: number): Promise<string>;
  /** What a container has logged since then, to the second. */
  logSince(namespace: string, pod: string, container: string, since: Date): Promise<string>;
  /** Runs a command in a container. */
  exec(
    namespace: string,
    pod: string,
    container: string,
    command: readonly string[],
    options: { timeoutMs: number },
  ): Promise<{ exit: number; stdout: string; stderr: string }>;
}

export interface ListFilter {
  readonly namespace?: string;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
}
