/**
 * Pods must fit a SecurityContextConstraints object that they, or who makes them, may use. Here a pod is refused or let in as it
 * is: the user that a real cluster writes into it is not, since containers all run with the user of the sandbox.
 */
import { at, text } from '../../api/json.ts';
import { StatusError } from '../../api/status.ts';
import type { AdmissionView, ApiObject, KindRules, User } from '../../api/types.ts';
import { breadth, faultsOf, type Range } from './judge.ts';

const GROUP = 'security.openshift.io';
const RANGE = 'openshift.io/sa.scc.uid-range';
const SIZE = 10_000;
const FIRST = 1_000_000_000;
/** The namespaces of the cluster itself have rules of their own. */
const EXEMPT = /^(default|openshift|kube-.*|openshift-.*)$/;
/** The sandbox's controllers, which on a real cluster may use none. */
const CONTROLLER = 'system:admin';

/** Gives each new namespace a range of users, as OpenShift's namespace-security-allocation controller does. */
export function namespaceRules(): KindRules {
  let blocks = 60;
  return {
    admit: ({ metadata }) => {
      if (metadata.annotations?.[RANGE] !== undefined) return;
      blocks += 5;
      const range = `${FIRST + blocks * SIZE}/${SIZE}`;
      metadata.annotations = {
        ...metadata.annotations,
        'openshift.io/sa.scc.mcs': `s0:c${26 + Math.floor(blocks / 25)},c${blocks % 25}`,
        'openshift.io/sa.scc.supplemental-groups': range,
        [RANGE]: range,
      };
    },
  };
}

export const POD_RULES: KindRules = { admit: admitPod };

function admitPod(pod: ApiObject, view: AdmissionView): void {
  const namespace = text(pod.metadata.namespace);
  if (EXEMPT.test(namespace)) return;
  const constraints = view
    .list(GROUP, 'securitycontextconstraints')
    .sort((a, b) => Number(b['priority'] ?? 0) - Number(a['priority'] ?? 0) || breadth(a) - breadth(b));
  const range = rangeOf(view.get('', 'namespaces', namespace));
  if (constraints.length === 0 || range === undefined) return;
  const account = accountOf(namespace, text(at(pod, 'spec', 'serviceAccountName')) || 'default');
  const users = [account, ...(view.user.name === CONTROLLER ? [] : [view.user])];
  const faults: string[] = [];
  for (const constraint of constraints) {
    const { name } = constraint.metadata;
    if (!users.some((user) => mayUse(constraint, user, namespace, view))) {
      faults.push(`provider "${name}": Forbidden: not usable by user or serviceaccount`);
      continue;
    }
    const own = faultsOf(constraint, pod, range);
    if (own.length === 0) {
      pod.metadata.annotations = { ...pod.metadata.annotations, 'openshift.io/scc': name };
      return;
    }
    faults.push(...own.map((fault) => (name.endsWith('-v2') ? `provider ${name}: .${fault}` : fault)));
  }
  const who = pod.metadata.name || (pod.metadata.generateName ?? '');
  const why = `unable to validate against any security context constraint: [${faults.join(', ')}]`;
  throw new StatusError(403, 'Forbidden', `pods "${who}" is forbidden: ${why}`, { name: who, kind: 'pods' });
}

/** Those of the cluster come with its namespaces; one without a range is not judged. */
function rangeOf(namespace: ApiObject | undefined): Range | undefined {
  const [, first, size] = /^(\d+)\/(\d+)$/.exec(namespace?.metadata.annotations?.[RANGE] ?? '') ?? [];
  return first === undefined ? undefined : { first: Number(first), last: Number(first) + Number(size) - 1 };
}

function accountOf(namespace: string, name: string): User {
  const groups = ['system:serviceaccounts', `system:serviceaccounts:${namespace}`, 'system:authenticated'];
  return { name: `system:serviceaccount:${namespace}:${name}`, groups };
}

function mayUse(constraint: ApiObject, user: User, namespace: string, view: AdmissionView): boolean {
  const named = (list: unknown): string[] => (Array.isArray(list) ? list.map(text) : []);
  if (named(constraint['users']).includes(user.name)) return true;
  if (named(constraint['groups']).some((group) => user.groups.includes(group))) return true;
  return view.allows(user, {
    verb: 'use',
    group: GROUP,
    version: 'v1',
    resource: 'securitycontextconstraints',
    subresource: '',
    name: constraint.metadata.name,
    namespace,
  });
}

const yesNo = (value: unknown): string => String(value === true);

/** The columns of `oc get scc`, as the CRD of a real cluster has them. */
export const CONSTRAINT_PRINTER = {
  columns: [
    'Name',
    'Priv',
    'Caps',
    'SELinux',
    'RunAsUser',
    'FSGroup',
    'SupGroup',
    'Priority',
    'ReadOnlyRootFS',
    'Volumes',
  ].map((name, index) => ({ name, type: 'string' as const, ...(index === 0 ? { format: 'name' } : {}) })),
  row: (one: ApiObject) => [
    one.metadata.name,
    yesNo(one['allowPrivilegedContainer']),
    listText(one['allowedCapabilities']),
    ...(['seLinuxContext', 'runAsUser', 'fsGroup', 'supplementalGroups'] as const).map((field) =>
      text(at(one, field, 'type')),
    ),
    one['priority'] == null ? '<no value>' : String(one['priority']),
    yesNo(one['readOnlyRootFilesystem']),
    listText(one['volumes']),
  ],
};

function listText(value: unknown): string {
  return Array.isArray(value) ? JSON.stringify(value) : '<no value>';
}
