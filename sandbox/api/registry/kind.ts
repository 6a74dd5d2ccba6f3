/** What the server knows of a served kind, built in or from a CRD. */
import type { FieldSupport } from '../../fields/support.ts';
import type { Fields } from '../json.ts';
import type { StatusCause } from '../status.ts';
import type { AdmissionView, ApiObject, TablePrinter, Verb } from '../types.ts';

/** What `decode` made of a body: known fields only, and the paths of the others. */
export interface Decoded {
  readonly object: ApiObject;
  readonly unknown: readonly string[];
}

/** How fields of a kind are checked and merged. */
export interface KindSchema {
  /** Drops unknown fields. @throws {StatusError} BadRequest where a value cannot have its field's type. */
  decode(object: ApiObject): Decoded;
  /** Sets defaults of a CRD's schema; the built-in ones are the strategy's. Changes its argument. */
  applyDefaults(object: ApiObject): void;
  /** @param old the object before a change. */
  validate(object: ApiObject, old?: ApiObject): StatusCause[];
  /** How apply merges objects of the kind. */
  readonly merge: MergeSchema;
  /** How a strategic patch merges them; `undefined` for kinds that take none, as most custom resources. */
  readonly strategicMerge: MergeSchema | undefined;
}

/** The merge rules of one value. Without any, lists are replaced and objects merged. */
export interface MergeSchema {
  /** Of the value under a key, of a struct or a map. */
  field(key: string): MergeSchema | undefined;
  /** Whether the key is a field of the type, not the key of a map. */
  isNamed(key: string): boolean;
  /** Of a list's items. */
  readonly items: MergeSchema | undefined;
  /** Keys by which a list's items merge; `[]` is a set, `undefined` a list that is replaced. */
  readonly listKeys: readonly string[] | undefined;
  /** A struct or map that is replaced as a whole. */
  readonly atomic: boolean;
}

/** What is peculiar to a built-in kind. The objects given are copies and may be changed. */
export interface Strategy {
  defaults?(object: Fields): void;
  admit?(object: ApiObject, view: AdmissionView): void;
  prepareCreate?(object: ApiObject): void;
  prepareUpdate?(object: ApiObject, old: ApiObject): void;
  validate?(object: ApiObject, old: ApiObject | undefined): StatusCause[];
  /** Of a write to a subresource. */
  validateSubresource?(object: ApiObject, old: ApiObject, subresource: string): StatusCause[];
  /** @returns what is wrong with an object's name; DNS subdomains are right where this is absent. */
  nameProblems?(name: string): readonly string[];
  /** Whether a change of fields other than metadata and status counts a generation. */
  readonly generation?: boolean;
  /** Whether a change must say which version it changes. */
  readonly needsVersion?: boolean;
  /** Whether a PUT makes an object that is not there. */
  readonly createsOnUpdate?: boolean;
  /** After the object is stored: what must follow in the server itself. */
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
  /** Where objects of all versions of the kind are stored: `group/plural`. */
  readonly storage: string;
  /** The version objects are stored in. */
  readonly storageVersion: string;
  readonly schema: KindSchema;
  readonly strategy: Strategy;
  readonly printer: TablePrinter;
  readonly custom: boolean;
  /** Fields of a CRD's kind that may be selected on: `spec.color`. */
  readonly selectable?: readonly string[];
  /** Which fields have an effect; absent where all have. */
  readonly fields?: FieldSupport;
  /** A CRD's schema, for OpenAPI. */
  readonly openApiSchema?: unknown;
  /** From the stored form to this version; absent when the two are the same. */
  readonly fromStored?: (object: ApiObject) => ApiObject;
  readonly toStored?: (object: ApiObject) => ApiObject;
  /** Paths of a scale subresource: `.spec.replicas`, … */
  readonly scale?: { readonly spec: string; readonly status: string; readonly selector?: string };
}

export function apiVersionOf(kind: { group: string; version: string }): string {
  return kind.group === '' ? kind.version : `${kind.group}/${kind.version}`;
}

export function keyOf(namespace: string | undefined, name: string): string {
  return namespace === undefined ? name : `${namespace}/${name}`;
}
