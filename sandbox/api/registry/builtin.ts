/** The definition of a built-in kind. Each kind has a file in `kinds/`. */
import type { FieldSupport } from '../../fields/support.ts';
import type { Store } from '../storage/store.ts';
import type { ApiObject, TablePrinter } from '../types.ts';
import type { Strategy } from './kind.ts';

/** Parts of the server that the strategies of some kinds need. */
export interface StrategyContext {
  readonly store: Store;
  /** The address range of Services, e.g. `172.30.0.0/16`. */
  readonly serviceCidr: string;
}

/** Names and subresources, as in kube-apiserver's discovery. */
export interface KindNames {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly plural: string;
  readonly namespaced: boolean;
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
  readonly subresources: readonly string[];
  /** Name of the model in @kubernetes/client-node whose fields the kind has. */
  readonly model: string;
}

/** How a version of a kind is converted from and to the stored version. */
export interface StoredAs {
  /** `group/plural` of the storage. */
  readonly storage: string;
  readonly version: string;
  readonly fromStored: (object: ApiObject) => ApiObject;
  readonly toStored: (object: ApiObject) => ApiObject;
}

export interface BuiltinKind extends KindNames {
  readonly strategy: (context: StrategyContext) => Strategy;
  /** Table columns; absent when `tables/builtin.ts` has them. */
  readonly printer?: TablePrinter;
  /** Which fields have an effect; absent when all have. */
  readonly fields?: FieldSupport;
  /** Absent for the stored version. */
  readonly storedAs?: StoredAs;
}

interface NameOptions {
  readonly short?: readonly string[];
  readonly sub?: readonly string[];
  /** Whether `kubectl get all` shows it. */
  readonly all?: boolean;
  readonly cluster?: boolean;
  readonly model?: string;
  readonly plural?: string;
}

interface KindOptions extends NameOptions {
  readonly strategy?: Strategy | ((context: StrategyContext) => Strategy);
  readonly printer?: TablePrinter;
  readonly fields?: FieldSupport;
  readonly storedAs?: StoredAs;
}

/** @param options the differences from a namespaced kind without short names, subresources or rules of its own. */
export function builtinKind(group: string, version: string, name: string, options: KindOptions = {}): BuiltinKind {
  const { strategy = {}, printer, fields, storedAs } = options;
  return {
    ...namesOf(group, version, name, options),
    strategy: typeof strategy === 'function' ? strategy : () => strategy,
    ...(printer === undefined ? {} : { printer }),
    ...(fields === undefined ? {} : { fields }),
    ...(storedAs === undefined ? {} : { storedAs }),
  };
}

function namesOf(group: string, version: string, name: string, options: NameOptions = {}): KindNames {
  return {
    group,
    version,
    kind: name,
    plural: options.plural ?? plural(name),
    namespaced: options.cluster !== true,
    shortNames: options.short ?? [],
    categories: options.all === true ? ['all'] : [],
    subresources: options.sub ?? [],
    model: options.model ?? `V1${name}`,
  };
}

function plural(name: string): string {
  const lower = name.toLowerCase();
  if (lower.endsWith('s')) return `${lower}es`;
  return lower.endsWith('y') ? `${lower.slice(0, -1)}ies` : `${lower}s`;
}

export const STATUS = ['status'];
export const SCALABLE = ['status', 'scale'];

/** Kinds that are answered on create, and never stored. */
export const REVIEW_KINDS: readonly KindNames[] = [
  namesOf('authentication.k8s.io', 'v1', 'TokenReview', { cluster: true }),
  namesOf('authentication.k8s.io', 'v1', 'SelfSubjectReview', { cluster: true }),
  namesOf('authorization.k8s.io', 'v1', 'SubjectAccessReview', { cluster: true }),
  namesOf('authorization.k8s.io', 'v1', 'SelfSubjectAccessReview', { cluster: true }),
  namesOf('authorization.k8s.io', 'v1', 'SelfSubjectRulesReview', { cluster: true }),
  namesOf('authorization.k8s.io', 'v1', 'LocalSubjectAccessReview'),
];

/** Models of request bodies that are not stored kinds. */
export const EXTRA_MODELS: readonly string[] = [
  'V1DeleteOptions',
  'V1Scale',
  'V1Binding',
  'V1Eviction',
  'AuthenticationV1TokenRequest',
];
