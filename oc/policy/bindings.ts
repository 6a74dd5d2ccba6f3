/** Role bindings as `oc adm policy` names them: after the role, then with `-0`, `-1`, … */

import { listAt } from '../../model/fields.ts';
import { OcError } from '../error.ts';
import { getObject, kubectl, send } from '../kubectl.ts';
import { isSame, nameOf, roleOf, type Subject, subjectsOf, withSubjects, written } from './subjects.ts';

export interface RoleChange {
  readonly role: string;
  readonly roleKind: 'ClusterRole' | 'Role';
  /** Namespace of the binding; if absent, it is a ClusterRoleBinding. */
  readonly namespace: string | undefined;
  /** `--rolebinding-name` */
  readonly binding: string | undefined;
  readonly subjects: readonly Subject[];
  /** Whether to warn about a missing role or subject. */
  readonly warn: boolean;
  readonly dryRun: string | undefined;
  /** Options for kubectl, without a namespace. */
  readonly kubectl: readonly string[];
}

/** @throws {OcError} */
export async function addSubjects(change: RoleChange): Promise<void> {
  const bindings = await bindingsOf(change);
  const ofRole = bindings.filter((binding) => isOfRole(binding, change));
  const chosen = change.binding === undefined ? undefined : named(bindings, change);
  const complete = (binding: unknown): boolean =>
    change.subjects.every((subject) => subjectsOf(binding).some((known) => isSame(known, subject)));
  if (change.binding === undefined && ofRole.some(complete)) return;
  const before = subjectsOf(chosen);
  const added = change.subjects.filter((subject) => !before.some((known) => isSame(known, subject)));
  if (change.warn) await warnOfMissing(change, added);
  if (change.dryRun === 'client') return;
  if (chosen !== undefined) {
    await send('replace', withSubjects(chosen, [...before, ...added]), optionsOf(change));
    return;
  }
  await send(
    'create',
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: change.namespace === undefined ? 'ClusterRoleBinding' : 'RoleBinding',
      metadata: { name: change.binding ?? freeName(change.role, bindings.map(nameOf)) },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: change.roleKind, name: change.role },
      subjects: added.map(written),
    },
    optionsOf(change),
  );
}

/** Deletes a binding that has no subjects left. @throws {OcError} if no binding has the role. */
export async function removeSubjects(change: RoleChange): Promise<void> {
  const bindings = await bindingsOf(change);
  const chosen = change.binding === undefined ? undefined : named(bindings, change);
  if (change.binding !== undefined && chosen === undefined)
    throw new OcError(`${kindOf(change)} "${change.binding}" not found`);
  const ofRole = chosen === undefined ? bindings.filter((binding) => isOfRole(binding, change)) : [chosen];
  const kind = change.namespace === undefined ? 'ClusterRoleBinding' : 'RoleBinding';
  if (ofRole.length === 0) throw new OcError(`unable to locate any ${kind} for ${change.roleKind} "${change.role}"`);
  let found = false;
  for (const binding of ofRole) {
    const before = subjectsOf(binding);
    const left = before.filter((known) => !change.subjects.some((subject) => isSame(subject, known)));
    if (left.length === before.length) continue;
    found = true;
    if (change.dryRun === 'client') continue;
    if (left.length > 0) await send('replace', withSubjects(binding, left), optionsOf(change));
    else await kubectl(['delete', kindOf(change), nameOf(binding), ...optionsOf(change)]);
  }
  if (!found) throw new OcError(`unable to find target [${change.subjects.map(({ name }) => name).join(' ')}]`);
}

function kindOf({ namespace }: RoleChange): string {
  return namespace === undefined
    ? 'clusterrolebindings.rbac.authorization.k8s.io'
    : 'rolebindings.rbac.authorization.k8s.io';
}

async function bindingsOf(change: RoleChange): Promise<readonly unknown[]> {
  const list: unknown = JSON.parse(await kubectl(['get', kindOf(change), ...readingOf(change), '-o', 'json']));
  return listAt(list, 'items');
}

function isOfRole(binding: unknown, { role, roleKind }: RoleChange): boolean {
  const { kind, name } = roleOf(binding);
  return kind === roleKind && name === role;
}

function named(bindings: readonly unknown[], change: RoleChange): unknown {
  const found = bindings.find((binding) => nameOf(binding) === change.binding);
  if (found === undefined || isOfRole(found, change)) return found;
  throw new OcError(`rolebinding ${change.binding} found for role ${roleOf(found).name}, not ${change.role}`);
}

function freeName(base: string, taken: readonly string[]): string {
  if (!taken.includes(base)) return base;
  for (let number = 0; ; number += 1) if (!taken.includes(`${base}-${number}`)) return `${base}-${number}`;
}

async function warnOfMissing(change: RoleChange, subjects: readonly Subject[]): Promise<void> {
  const role =
    change.roleKind === 'Role' ? 'roles.rbac.authorization.k8s.io' : 'clusterroles.rbac.authorization.k8s.io';
  if (!(await exists([role, change.role, ...readingOf(change)])))
    console.error(`Warning: role '${change.role}' not found`);
  for (const { kind, name, namespace } of subjects) {
    const where = namespace === undefined ? change.kubectl : [...change.kubectl, `--namespace=${namespace}`];
    const resource = kind === 'ServiceAccount' ? 'serviceaccounts' : `${kind.toLowerCase()}s.user.openshift.io`;
    if (!(await exists([resource, name, ...where]))) console.error(`Warning: ${kind} '${name}' not found`);
  }
}

/** Does not report an object as missing if the user may not read it. */
async function exists(args: readonly string[]): Promise<boolean> {
  try {
    return (await getObject(args)) !== undefined;
  } catch {
    return true;
  }
}

function readingOf({ kubectl: options, namespace }: RoleChange): readonly string[] {
  return namespace === undefined ? options : [...options, `--namespace=${namespace}`];
}

function optionsOf(change: RoleChange): readonly string[] {
  return [...readingOf(change), ...(change.dryRun === undefined ? [] : [`--dry-run=${change.dryRun}`])];
}
