/** A served kind, built in or from a CRD. */

import type { FieldSupport } from '../../fields/support.ts';
import type { MutableFields } from '../json.ts';
import type { StatusCause } from '../status.ts';
import type { AdmissionView, ApiObject, TablePrinter, Verb } from '../types.ts';

/** A decoded body: an object with known fields only, and the paths of the unknown ones. */
export interface Decoded {
  readonly object: ApiObject;
  readonly unknown: readonly string[];
}

/** How the fields of a kind are checked and merged. */
export interface KindSchema {
  /** Drops unknown fields. @throws {StatusError} BadRequest when a value cannot be converted to its field's type. */
  decode(object: ApiObject): Decoded;
  /** Sets the defaults of a CRD's schema in the object. The defaults of built-in kinds are in their strategies. */
  applyDefaults(object: ApiObject): void;
  /** @param old the object before the change; absent on create. */
  validate(object: ApiObject, old?: ApiObject): StatusCause[];
  /** How apply merges objects of the kind. */
  readonly merge: MergeSchema;
  /** How a strategic patch merges them; `undefined` for kinds that do not accept one, as most custom resources. */
  readonly strategicMerge: MergeSchema | undefined;
}

/** The merge rules of a value. Without rules, lists are replaced and objects merged. */
export interface MergeSchema {
  /** The rules of the value under a key of a struct or map. */
  field(key: string): MergeSchema | undefined;
  /** Whether the key is a field of the type, rather than a key of a map. */
  isNamed(key: string): boolean;
  /** The rules of a list's items. */
  readonly items: MergeSchema | undefined;
  /** The keys by which a list's items merge; `[]` for a set, `undefined` for a list that is replaced. */
  readonly listKeys: readonly string[] | undefined;
  /** Whether a struct or map is replaced as a whole. */
  readonly atomic: boolean;
  /** Whether a value has an owner besides those of its fields: a map of a built-in type, and all of a custom resource. */
  readonly ownsItself: boolean;
  /** Whether Go holds the struct by value, so that an object without the field has an empty one. */
  readonly byValue: boolean;
}

/** The rules of a kind beyond its schema. All objects passed in are copies and may be changed. */
export interface Strategy {
  defaults?(object: MutableFields): void;
  admit?(object: ApiObject, view: AdmissionView): void;
  prepareCreate?(object: ApiObject): void;
  prepareUpdate?(object: ApiObject, old: ApiObject): void;
  validate?(object: ApiObject, old: ApiObject | undefined): StatusCause[];
  /** Validates a write to a subresource. */
  validateSubresource?(object: ApiObject, old: ApiObject, subresource: string): StatusCause[];
  /** @returns what is wrong with an object's name. When absent, names must be DNS subdomains. */
  nameProblems?(name: string): readonly string[];
  /** Whether a change outside `metadata` and `status` increments `metadata.generation`; for a Deployment, annotations count too. */
  readonly generation?: true | 'annotations-count';
  /** Whether labels stay as they are when the status is written. */
  readonly statusKeepsLabels?: true;
  /** Whether an update must give the resourceVersion it changes. */
  readonly needsVersion?: boolean;
  /** Whether a PUT creates an object that does not exist. */
  readonly createsOnUpdate?: boolean;
  /** Called after the object has been stored, for consequences in the server itself. */
  stored?(object: ApiObject, old: ApiObject | undefined): void;
  removed?(object: ApiObject): void;
}

export interface Kind {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly listKind: string;
  readonly plural: string;
  readonly singular: string;
  readonly namespaced: boolean;
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
  readonly subresources: ReadonlySet<string>;
  readonly verbs: readonly Verb[];
  /** Where the objects of all versions of the kind are stored: `group/plural`. */
  readonly storage: string;
  /** The version in which objects are stored. */
  readonly storageVersion: string;
  readonly schema: KindSchema;
  readonly strategy: Strategy;
  readonly printer: TablePrinter;
  readonly custom: boolean;
  /** Fields of a CRD's kind that field selectors may use: `spec.color`. */
  readonly selectable?: readonly string[];
  /** Sent with every answer, for a deprecated version. */
  readonly deprecation?: string;
  /** Which fields have an effect; absent when all have. */
  readonly fields?: FieldSupport;
  /** A CRD's schema, for OpenAPI. */
  readonly openApiSchema?: unknown;
  /** Converts from the stored version to this one; absent when they are the same. */
  readonly fromStored?: (object: ApiObject) => ApiObject;
  readonly toStored?: (object: ApiObject) => ApiObject;
  /** The paths of the scale subresource: `.spec.replicas`, … */
  readonly scale?: { readonly spec: string; readonly status: string; readonly selector?: string };
}

/** `v1` or `apps/v1`. */
export function apiVersionOf(kind: { group: string; version: string }): string {
  return kind.group === '' ? kind.version : `${kind.group}/${kind.version}`;
}

/** The key of an object in the store: `namespace/name`, or `name` for a cluster-scoped object. */
export function keyOf(namespace: string | undefined, name: string): string {
  return namespace === undefined ? name : `${namespace}/${name}`;
}
