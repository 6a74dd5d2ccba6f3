/**
 * Admits a pod if it complies with a SecurityContextConstraints object that its service account or its creator may use, and
 * sets users, groups and capabilities as a real cluster does. The sandbox's containers still run as the sandbox's own user.
 */
import { at, text } from '../../../model/fields.ts';
import { StatusError } from '../../api/status.ts';
import type { AdmissionView, ApiObject, KindRules, User } from '../../api/types.ts';
import { assigned } from './assign.ts';
import { breadth, faultsOf, type Paths } from './judge.ts';
import { refuseMustGather, refuseNodeDebugging } from './out-of-reach.ts';
import { GROUPS, LEVEL, providerFor, USERS } from './provider.ts';

const GROUP = 'security.openshift.io';
const REQUIRED = 'openshift.io/required-scc';
const SIZE = 10_000;
const FIRST = 1_000_000_000;
/** Namespaces of the cluster itself, which are exempt. */
const EXEMPT = /^(default|openshift|kube-.*|openshift-.*)$/;
/** The user of the sandbox's controllers. On a real cluster, controllers may not use any constraint. */
const CONTROLLER = 'system:admin';

/** Assigns a range of user IDs to each new namespace, as OpenShift's namespace-security-allocation controller does. */
export function namespaceRules(): KindRules {
  let blocks = 60;
  return {
    admit: (namespace) => {
      refuseMustGather(namespace);
      const { metadata } = namespace;
      if (metadata.annotations?.[USERS] !== undefined) return;
      blocks += 5;
      const range = `${FIRST + blocks * SIZE}/${SIZE}`;
      metadata.annotations = {
        ...metadata.annotations,
        [LEVEL]: `s0:c${26 + Math.floor(blocks / 25)},c${blocks % 25}`,
        [GROUPS]: range,
        [USERS]: range,
      };
    },
  };
}

export const POD_RULES: KindRules = { admit: admitPod };

function admitPod(pod: ApiObject, view: AdmissionView): void {
  refuseNodeDebugging(pod);
  const namespace = text(pod.metadata.namespace);
  if (EXEMPT.test(namespace)) return;
  const all = view.list(GROUP, 'securitycontextconstraints');
  const annotations = view.get('', 'namespaces', namespace)?.metadata.annotations;
  // Namespaces of the cluster have no range of users, and pods in a namespace without one are not checked.
  if (all.length === 0 || annotations?.[USERS] === undefined) return;
  // OpenShift 4.11 added the `-v2` constraints, and changed the paths in messages.
  const second = all.some(({ metadata }) => metadata.name === 'restricted-v2');
  const account = accountOf(namespace, text(at(pod, 'spec', 'serviceAccountName')) || 'default');
  const users = [account, ...(view.user.name === CONTROLLER ? [] : [view.user])];
  const faults: string[] = [];
  for (const constraint of inOrder(all, pod)) {
    const { name } = constraint.metadata;
    if (!users.some((user) => mayUse(constraint, user, namespace, view))) {
      faults.push(`provider "${name}": Forbidden: not usable by user or serviceaccount`);
      continue;
    }
    const provider = providerFor(constraint, annotations);
    if (provider === undefined) continue;
    const assignedPod = assigned(provider, pod, second);
    const own = faultsOf(provider, assignedPod, pathsOf(second ? `provider ${name}: .` : undefined));
    if (own.length === 0) {
      Object.assign(pod, assignedPod);
      pod.metadata.annotations = { ...pod.metadata.annotations, 'openshift.io/scc': name };
      return;
    }
    faults.push(...own);
  }
  const who = pod.metadata.name || (pod.metadata.generateName ?? '');
  const why = `unable to validate against any security context constraint: [${faults.join(', ')}]`;
  throw new StatusError(403, 'Forbidden', `pods "${who}" is forbidden: ${why}`, { name: who, kind: 'pods' });
}

/** The constraints by priority, then the most restrictive first. If the pod requires one, only that one. */
function inOrder(all: readonly ApiObject[], { metadata }: ApiObject): ApiObject[] {
  const required = metadata.annotations?.[REQUIRED] ?? '';
  return all
    .filter((one) => required === '' || one.metadata.name === required)
    .sort((a, b) => Number(b['priority'] ?? 0) - Number(a['priority'] ?? 0) || breadth(a) - breadth(b));
}

/** @param root the start of paths in messages, `undefined` for the format before OpenShift 4.11. */
function pathsOf(root: string | undefined): Paths {
  return root === undefined
    ? { pod: 'spec.securityContext', container: (list, index) => `spec.${list}[${index}].securityContext` }
    : { pod: `${root}spec.securityContext`, container: (list, index) => `${root}${list}[${index}]` };
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

/** The columns of `oc get scc`, from the CRD of a real cluster. */
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
