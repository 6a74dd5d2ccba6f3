/** What of a kind has an effect in the sandbox: the form of the tables that stand beside each kind's owner. */

/**
 * Whoever sets a field that has no effect is warned. A path has its list items as `[]` (`spec.containers[].image`) and
 * covers all below it; of two paths that fit, the longer one decides. With `=value` it covers that value alone
 * (`spec.type=LoadBalancer`). `metadata` and `status` need not be listed.
 */
export interface FieldSupport {
  readonly supported: readonly string[];
  /** Why a path has no effect, for those that are not listed above and for exceptions below one that is. */
  readonly unsupported: Readonly<Record<string, string>>;
  readonly keys?: readonly KeySupport[];
  /** Why the whole kind has no effect; no path is listed then. */
  readonly kind?: string;
}

/** Annotations or labels that a real cluster acts on. */
export interface KeySupport {
  /** Where they stand, e.g. `metadata.annotations` or `spec.template.metadata.labels`. */
  readonly at: string;
  /** Beginnings of keys, e.g. `haproxy.router.openshift.io/`. Other keys are free text. */
  readonly domains: readonly string[];
  /** Of those, the keys that have an effect here; one that ends in `*` stands for all that begin so. */
  readonly supported: readonly string[];
}

/** A table and the kind it is for. */
export interface KindSupport {
  readonly group: string;
  readonly kind: string;
  readonly plural: string;
  readonly support: FieldSupport;
}

/** For kinds that the sandbox stores and nothing acts on. @param why e.g. `there is no signer in the sandbox`. */
export function withoutEffect(why: string): FieldSupport {
  return { supported: [], unsupported: {}, kind: why };
}

/** A table for what stands at `at` in another kind, e.g. a pod's `spec` at `spec.template.spec`. */
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
