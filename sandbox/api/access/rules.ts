/** The rules of Roles, and where they apply to a user (Kubernetes documentation, "Using RBAC Authorization"). */
import { at, type Fields, items, records, recordsAt, text } from '../../../model/fields.ts';
import { matchesSelector } from '../storage/selectors.ts';
import type { Store } from '../storage/store.ts';
import type { ApiObject, User } from '../types.ts';
import { type Attributes, isResource } from './attributes.ts';

export interface Rule {
  readonly verbs: readonly string[];
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly resourceNames: readonly string[];
  readonly nonResourceURLs: readonly string[];
}

const GROUP = 'rbac.authorization.k8s.io';
export const CLUSTER_ROLES = `${GROUP}/clusterroles`;
export const ROLES = `${GROUP}/roles`;
export const CLUSTER_BINDINGS = `${GROUP}/clusterrolebindings`;
export const BINDINGS = `${GROUP}/rolebindings`;

/** The rules that bindings give to a user: cluster-wide, and in `namespace` unless it is empty. */
export function rulesFor(store: Store, user: User, namespace: string): readonly Rule[] {
  const everywhere = store.list(CLUSTER_BINDINGS).map(({ object }) => object);
  const here = namespace === '' ? [] : store.list(BINDINGS, namespace).map(({ object }) => object);
  return [...everywhere, ...here]
    .filter((binding) => records(binding['subjects']).some((subject) => isMeant(subject, user, binding)))
    .flatMap((binding) => rulesOfReference(store, binding['roleRef'], binding.metadata.namespace ?? ''));
}

function isMeant(subject: Fields, user: User, binding: ApiObject): boolean {
  const name = text(subject['name']);
  switch (subject['kind']) {
    case 'User':
      return name === user.name;
    case 'Group':
      return user.groups.includes(name);
    case 'ServiceAccount': {
      const namespace = text(subject['namespace']) || (binding.metadata.namespace ?? '');
      return user.name === `system:serviceaccount:${namespace}:${name}`;
    }
    default:
      return false;
  }
}

/** @param namespace the binding's namespace, where a referenced Role is looked up. */
export function rulesOfReference(store: Store, reference: unknown, namespace: string): readonly Rule[] {
  const name = text(at(reference, 'name'));
  const role =
    at(reference, 'kind') === 'ClusterRole'
      ? store.get(CLUSTER_ROLES, name)?.object
      : store.get(ROLES, `${namespace}/${name}`)?.object;
  return role === undefined ? [] : rulesOfRole(store, role);
}

/** The rules of a role. An aggregated role has the rules of the ClusterRoles that its selectors match. */
export function rulesOfRole(store: Store, role: ApiObject): readonly Rule[] {
  const selectors = recordsAt(role, 'aggregationRule', 'clusterRoleSelectors');
  if (selectors.length === 0) return records(role['rules']).map(ruleOf);
  return store
    .list(CLUSTER_ROLES)
    .filter(({ object }) => object.metadata.name !== role.metadata.name)
    .filter(({ object }) => selectors.some((selector) => matchesSelector(selector, object.metadata.labels ?? {})))
    .flatMap(({ object }) => rulesOfRole(store, object));
}

export function ruleOf(rule: Fields): Rule {
  const texts = (key: string): string[] => items(rule[key]).map(text);
  return {
    verbs: texts('verbs'),
    apiGroups: texts('apiGroups'),
    resources: texts('resources'),
    resourceNames: texts('resourceNames'),
    nonResourceURLs: texts('nonResourceURLs'),
  };
}

/** Whether a rule allows a request. Understands `*` in every part of the rule. */
export function covers(rule: Rule, attributes: Attributes): boolean {
  if (!has(rule.verbs, attributes.verb)) return false;
  if (!isResource(attributes)) {
    return rule.nonResourceURLs.some((url) =>
      url.endsWith('*') ? attributes.path.startsWith(url.slice(0, -1)) : url === attributes.path,
    );
  }
  const { group, resource, subresource, name } = attributes;
  if (!has(rule.apiGroups, group)) return false;
  const full = subresource === '' ? resource : `${resource}/${subresource}`;
  const named = has(rule.resources, full) || (subresource !== '' && rule.resources.includes(`*/${subresource}`));
  return named && (rule.resourceNames.length === 0 || rule.resourceNames.includes(name));
}

function has(list: readonly string[], value: string): boolean {
  return list.includes('*') || list.includes(value);
}
