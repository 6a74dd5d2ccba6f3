/** Which fields of a kind have an effect in the sandbox: the format of the tables beside each kind. */

/**
 * Setting a field without effect gives a warning. A path has list items as `[]` (`spec.containers[].image`) and includes everything
 * below it; if two paths match, the longer one decides. With `=value` it covers that value alone (`spec.type=LoadBalancer`).
 * `metadata` and `status` need not be listed.
 */
export interface FieldSupport {
  readonly supported: readonly string[];
  /** Why a path has no effect, for unlisted paths and for exceptions below a listed one. */
  readonly unsupported: Readonly<Record<string, string>>;
  readonly keys?: readonly KeySupport[];
  /** Why the whole kind has no effect; then no path is listed. */
  readonly kind?: string;
}

/** Annotations or labels that a real cluster acts on. */
export interface KeySupport {
  /** Where they are, e.g. `metadata.annotations` or `spec.template.metadata.labels`. */
  readonly at: string;
  /** Prefixes of keys, e.g. `haproxy.router.openshift.io/`. Other keys are free text. */
  readonly domains: readonly string[];
  /** The keys among them that have an effect here; one that ends in `*` matches all with that prefix. */
  readonly supported: readonly string[];
}

/** A table and the kind it is for. */
export interface KindSupport {
  readonly group: string;
  readonly kind: string;
  readonly plural: string;
  readonly support: FieldSupport;
}

/** For kinds that the sandbox stores but does not implement. @param why e.g. `there is no signer in the sandbox`. */
export function withoutEffect(why: string): FieldSupport {
  return { supported: [], unsupported: {}, kind: why };
}

/** A table for a value at path `at` in another kind, e.g. a pod's `spec` at `spec.template.spec`. */
export function below(at: string, { supported, unsupported, keys = [] }: FieldSupport): FieldSupport {
  return {
    supported: supported.map((path) => `${at}.${path}`),
    unsupported: Object.fromEntries(Object.entries(unsupported).map(([path, why]) => [`${at}.${path}`, why])),
    keys: keys.map((one) => ({ ...one, at: `${at}.${one.at}` })),
  };
}

export function merged(...tables: readonly FieldSupport[]): FieldSupport {
  const kind = tables.map((table) => table.kind).find((why) => why !== undefined);
  return {
    ...(kind === undefined ? {} : { kind }),
    supported: tables.flatMap(({ supported }) => supported),
    unsupported: Object.assign({}, ...tables.map(({ unsupported }) => unsupported)),
    keys: tables.flatMap(({ keys = [] }) => keys),
  };
}
