/**
 * Users cannot use a role or a binding to grant permissions that they do not have (Kubernetes documentation, "Privilege
 * escalation prevention").
 */
import { at, text } from '../../../model/fields.ts';
import type { Admitted } from '../admission/admitted.ts';
import { equal } from '../json.ts';
import { forbidden } from '../status.ts';
import type { Store } from '../storage/store.ts';
import type { User } from '../types.ts';
import type { Authorizer } from './authorizer.ts';
import { type Rule, rulesOfReference, rulesOfRole } from './rules.ts';

export interface EscalationContext {
  readonly store: Store;
  readonly authorizer: Authorizer;
}

const GROUP = 'rbac.authorization.k8s.io';

/** @throws {StatusError} Forbidden, naming what the user lacks. */
export function refuseEscalation({ store, authorizer }: EscalationContext, { request, object, old }: Admitted): void {
  const { kind, user } = request;
  if (kind.group !== GROUP || object === undefined) return;
  const namespace = object.metadata.namespace ?? '';
  const isBinding = kind.plural.endsWith('bindings');
  if (
    old !== undefined &&
    equal(isBinding ? old['roleRef'] : old['rules'], isBinding ? object['roleRef'] : object['rules']) &&
    !isBinding
  )
    return;
  const allowed = isBinding
    ? mayBind(authorizer, user, object['roleRef'], namespace)
    : mayEscalate(authorizer, user, kind.plural, object.metadata.name, namespace);
  if (allowed) return;
  const given = isBinding ? rulesOfReference(store, object['roleRef'], namespace) : rulesOfRole(store, object);
  const missing = given.filter((rule) => !authorizer.holds(user, rule, namespace));
  if (missing.length === 0) return;
  const groups = user.groups.map((group) => JSON.stringify(group)).join(' ');
  const why = `user "${user.name}" (groups=[${groups}]) is attempting to grant RBAC permissions not currently held:\n${missing.map(shown).join('\n')}`;
  throw forbidden(kind, object.metadata.name, why);
}

function mayBind(authorizer: Authorizer, user: User, reference: unknown, namespace: string): boolean {
  const resource = at(reference, 'kind') === 'ClusterRole' ? 'clusterroles' : 'roles';
  const attributes = {
    verb: 'bind',
    group: GROUP,
    version: 'v1',
    resource,
    subresource: '',
    name: text(at(reference, 'name')),
    namespace,
  };
  return authorizer.allows({ user, attributes });
}

function mayEscalate(authorizer: Authorizer, user: User, resource: string, name: string, namespace: string): boolean {
  const attributes = { verb: 'escalate', group: GROUP, version: 'v1', resource, subresource: '', name, namespace };
  return authorizer.allows({ user, attributes });
}

/** A rule in Go's compact notation: `{APIGroups:["apps"], Resources:["deployments"], Verbs:["get"]}`. */
function shown({ apiGroups, resources, resourceNames, nonResourceURLs, verbs }: Rule): string {
  const parts: readonly [string, readonly string[]][] = [
    ['APIGroups', apiGroups],
    ['Resources', resources],
    ['ResourceNames', resourceNames],
    ['NonResourceURLs', nonResourceURLs],
    ['Verbs', verbs],
  ];
  const told = parts.filter(([, values]) => values.length > 0);
  return `{${told.map(([name, values]) => `${name}:[${values.map((value) => JSON.stringify(value)).join(' ')}]`).join(', ')}}`;
}
