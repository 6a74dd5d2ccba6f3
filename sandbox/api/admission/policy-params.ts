/** The parameters of a policy: objects of any kind, by name or by labels, for each binding. */
import { at, isRecord, text } from '../../../model/fields.ts';
import { keyOf } from '../registry/kind.ts';
import type { Registry } from '../registry/registry.ts';
import { matchesSelector } from '../storage/selectors.ts';
import type { Store } from '../storage/store.ts';
import type { ApiObject } from '../types.ts';
import type { Admitted } from './admitted.ts';

/** @returns the parameters to evaluate with (`null` for a policy without any), or a text that says why none were found. */
export function paramsOf(
  { store, registry }: { readonly store: Store; readonly registry: Registry },
  policy: ApiObject,
  binding: ApiObject,
  { request }: Admitted,
): (ApiObject | null)[] | string {
  const of = at(policy, 'spec', 'paramKind');
  const reference = at(binding, 'spec', 'paramRef');
  if (!isRecord(of) || !isRecord(reference)) return [null];
  const kind = registry
    .kinds()
    .find(
      (one) =>
        one.kind === of['kind'] &&
        (one.group === '' ? one.version : `${one.group}/${one.version}`) === of['apiVersion'],
    );
  if (kind === undefined)
    return `failed to find resource referenced by paramKind: '${text(of['apiVersion'])}, Kind=${text(of['kind'])}'`;
  const namespace = kind.namespaced ? text(reference['namespace']) || text(request.namespace) : undefined;
  if (namespace === '') return 'cannot use namespaced paramRef in policy binding that matches cluster-scoped resources';
  const name = text(reference['name']);
  const found =
    name === ''
      ? store.list(kind.storage).filter(({ object }) => {
          const inPlace = namespace === undefined || object.metadata.namespace === namespace;
          return inPlace && matchesSelector(reference['selector'], object.metadata.labels ?? {});
        })
      : [store.get(kind.storage, keyOf(namespace, name))].filter((one) => one !== undefined);
  if (found.length > 0) return found.map(({ object }) => object);
  return reference['parameterNotFoundAction'] === 'Deny'
    ? 'no params found for policy binding with `Deny` parameterNotFoundAction'
    : [];
}
