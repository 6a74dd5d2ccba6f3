/** `oc adm policy` and `oc policy`: grant and revoke roles and security context constraints. */
import { type Command, list, type Parsed, parse, text } from '../command.ts';
import { OcError } from '../error.ts';
import { currentNamespace } from '../kubeconfig.ts';
import { getObject, send } from '../kubectl.ts';
import { addSubjects, type RoleChange, removeSubjects } from '../policy/bindings.ts';
import { type Subject, userSubject } from '../policy/subjects.ts';

const OPTIONS = {
  serviceaccount: { ...list, short: 'z' },
  'rolebinding-name': text,
  'role-namespace': text,
  'dry-run': text,
} as const;

/** `add-cluster-role-to-user` and the fifteen similar commands. */
const ACTION = /^(?:(add)-(cluster-role|role|scc)-to|(remove)-(cluster-role|role|scc)-from)-(user|group)$/;

interface Action {
  readonly adds: boolean;
  readonly what: 'cluster-role' | 'role' | 'scc';
  readonly whom: 'user' | 'group';
}

export const policies: readonly Command[] = ['adm policy', 'policy'].map((words) => ({
  words,
  about: 'grants roles and security context constraints to users, groups and service accounts',
  run: (rest) => play(words, rest),
}));

async function play(command: string, words: readonly string[]): Promise<string> {
  const [name = ''] = words;
  const action = actionOf(name);
  if (action === undefined || (command === 'policy' && action.what !== 'role'))
    throw new OcError(
      `this oc does not have \`oc ${command} ${name}\`. It stands in for the real one and can add and remove roles, cluster roles and SCCs for users and groups. \`oc auth can-i --as=USER\` shows what a user may do`,
    );
  const parsed = parse(`${command} ${name}`, words.slice(1), OPTIONS);
  const [role, ...names] = parsed.positionals;
  const { targets, subjects } = await whom(action, names, parsed);
  if (role === undefined || subjects.length === 0) throw new OcError(missing(action, role));
  const change = await changeOf(action, role, subjects, parsed);
  if (action.what === 'scc' && action.adds) await needSccRole(role, change);
  await (action.adds ? addSubjects(change) : removeSubjects(change));
  const who =
    targets.length === 1 ? JSON.stringify(targets[0]) : `[${targets.map((one) => JSON.stringify(one)).join(' ')}]`;
  const dry = change.dryRun === undefined ? '' : change.dryRun === 'server' ? ' (server dry run)' : ' (dry run)';
  return `${change.roleKind.toLowerCase()}.rbac.authorization.k8s.io/${change.role} ${action.adds ? 'added' : 'removed'}: ${who}${dry}`;
}

function actionOf(name: string): Action | undefined {
  const [, add, added, , removed, whom] = ACTION.exec(name) ?? [];
  const what = added ?? removed;
  if ((what !== 'cluster-role' && what !== 'role' && what !== 'scc') || (whom !== 'user' && whom !== 'group'))
    return undefined;
  return { adds: add !== undefined, what, whom };
}

async function whom(
  { whom: kind }: Action,
  names: readonly string[],
  { values, namespace }: Parsed<typeof OPTIONS>,
): Promise<{ targets: readonly string[]; subjects: readonly Subject[] }> {
  const accounts = (values.serviceaccount ?? []).flatMap((one) => one.split(','));
  for (const account of accounts)
    if (account.startsWith('system:serviceaccount'))
      throw new OcError(
        '--serviceaccount (-z) should only be used with short-form serviceaccount names (e.g. `default`)',
      );
  const where = namespace ?? (await currentNamespace());
  const subjects = [
    ...names.map((name): Subject => (kind === 'group' ? { kind: 'Group', name } : userSubject(name))),
    ...accounts.map((name): Subject => ({ kind: 'ServiceAccount', name, namespace: where })),
  ];
  return { targets: [...names, ...accounts], subjects };
}

function missing({ what, whom }: Action, role: string | undefined): string {
  if (whom === 'group') return 'you must specify at least two arguments: <role> <group> [group]...';
  if (role === undefined) return `you must specify ${what === 'scc' ? 'a scc' : 'a role'}`;
  return 'you must specify at least one user or service account';
}

async function changeOf(
  { what }: Action,
  role: string,
  subjects: readonly Subject[],
  { values, namespace, kubectl }: Parsed<typeof OPTIONS>,
): Promise<RoleChange> {
  const common = {
    subjects,
    binding: values['rolebinding-name'],
    dryRun: values['dry-run'],
    kubectl: kubectl.filter((option) => !option.startsWith('--namespace=')),
  };
  // An SCC is granted in all namespaces unless one is named; a cluster role always is.
  if (what === 'scc') {
    const name = `system:openshift:scc:${role}`;
    return { ...common, role: name, roleKind: 'ClusterRole', namespace, binding: name, warn: false };
  }
  if (what === 'cluster-role') return { ...common, role, roleKind: 'ClusterRole', namespace: undefined, warn: true };
  const roleNamespace = values['role-namespace'];
  const where = namespace ?? (await currentNamespace());
  if (roleNamespace !== undefined && roleNamespace !== where)
    throw new OcError(
      `role binding in namespace "${where}" can't reference role in different namespace "${roleNamespace}"`,
    );
  return {
    ...common,
    role,
    roleKind: roleNamespace === undefined ? 'ClusterRole' : 'Role',
    namespace: where,
    warn: true,
  };
}

/** Creates the cluster role that grants the use of an SCC, if it does not exist. */
async function needSccRole(scc: string, change: RoleChange): Promise<void> {
  if ((await getObject(['clusterrole', change.role, ...change.kubectl])) !== undefined) return;
  const rule = {
    apiGroups: ['security.openshift.io'],
    resources: ['securitycontextconstraints'],
    resourceNames: [scc],
  };
  const role = {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRole',
    metadata: { name: change.role },
    rules: [{ ...rule, verbs: ['use'] }],
  };
  const dryRun = change.dryRun === undefined ? [] : [`--dry-run=${change.dryRun}`];
  await send('create', role, [...change.kubectl, ...dryRun]);
}
