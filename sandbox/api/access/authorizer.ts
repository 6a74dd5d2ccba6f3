/** Decides, by RBAC, whether a user may do something. */
import type { Store } from '../storage/store.ts';
import type { User } from '../types.ts';
import { type Attributes, isResource, type Question } from './attributes.ts';
import { BINDINGS, CLUSTER_BINDINGS, CLUSTER_ROLES, covers, ROLES, type Rule, rulesFor } from './rules.ts';

export const MASTERS = 'system:masters';

export class Authorizer {
  readonly #store: Store;
  /** Rules by user, groups and namespace. Cleared whenever a role or binding changes. */
  readonly #known = new Map<string, readonly Rule[]>();

  constructor(store: Store) {
    this.#store = store;
    for (const storage of [CLUSTER_ROLES, ROLES, CLUSTER_BINDINGS, BINDINGS])
      store.subscribe(storage, () => this.#known.clear());
  }

  allows({ user, attributes }: Question): boolean {
    if (user.groups.includes(MASTERS)) return true;
    const namespace = isResource(attributes) ? attributes.namespace : '';
    return this.rules(user, namespace).some((rule) => covers(rule, attributes));
  }

  /** All rules that apply to a user in a namespace, including the cluster-wide ones. */
  rules(user: User, namespace: string): readonly Rule[] {
    const key = JSON.stringify([user.name, user.groups, namespace]);
    const known = this.#known.get(key) ?? rulesFor(this.#store, user, namespace);
    this.#known.set(key, known);
    return known;
  }

  /** Whether a user already has every permission in `rule`. Used to prevent privilege escalation. */
  holds(user: User, rule: Rule, namespace: string): boolean {
    if (user.groups.includes(MASTERS)) return true;
    return atoms(rule).every((attributes) => {
      const asked: Attributes = 'resource' in attributes ? { ...attributes, namespace } : attributes;
      return this.rules(user, namespace).some((own) => covers(own, asked));
    });
  }
}

/** Splits a rule into the single requests it allows. `*` is kept as it is: only a rule with `*` covers it. */
function atoms(rule: Rule): readonly Attributes[] {
  const paths = rule.verbs.flatMap((verb) => rule.nonResourceURLs.map((path) => ({ verb, path })));
  const names = rule.resourceNames.length === 0 ? [''] : rule.resourceNames;
  const resources = rule.verbs.flatMap((verb) =>
    rule.apiGroups.flatMap((group) =>
      rule.resources.flatMap((full) =>
        names.map((name) => {
          const [resource = '', subresource = ''] = full.split('/');
          return { verb, group, version: '', resource, subresource, name, namespace: '' };
        }),
      ),
    ),
  );
  return [...paths, ...resources];
}
