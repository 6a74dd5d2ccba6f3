/** Single settings of a pod's spec, with kube-apiserver's messages (pkg/apis/core/validation). */
import { at, isRecord, listAt, number, records, recordsAt, text } from '../../../model/fields.ts';
import type { StatusCause } from '../status.ts';
import { duplicate, forbiddenField, invalidFor, invalidValue, required, unsupported } from './causes.ts';
import { qualifiedNameProblems } from './names.ts';

const PREEMPTION = ['PreemptLowerPriority', 'Never'];
const SYSTEMS = ['linux', 'windows'];
/** Fields that a pod for Windows cannot have, in the order in which kube-apiserver names them. */
const NOT_ON_WINDOWS = {
  pod: ['hostPID', 'hostIPC', 'shareProcessNamespace'],
  context: [
    'appArmorProfile',
    'seLinuxOptions',
    'seccompProfile',
    'fsGroup',
    'fsGroupChangePolicy',
    'sysctls',
    'runAsUser',
    'runAsGroup',
    'supplementalGroups',
    'supplementalGroupsPolicy',
    'seLinuxChangePolicy',
  ],
  container: [
    'appArmorProfile',
    'seLinuxOptions',
    'seccompProfile',
    'capabilities',
    'readOnlyRootFilesystem',
    'privileged',
    'allowPrivilegeEscalation',
    'procMount',
    'runAsUser',
    'runAsGroup',
  ],
} as const;

/** On the node's network a port of the node is the container's. */
export function hostNetworkCauses(spec: unknown, path: string): StatusCause[] {
  if (at(spec, 'hostNetwork') !== true) return [];
  return recordsAt(spec, 'containers').flatMap((container, index) =>
    records(container['ports']).flatMap((port, place) => {
      const host = number(port['hostPort']);
      if (host === 0 || host === number(port['containerPort'])) return [];
      const field = `${path}.containers[${index}].ports[${place}].hostPort`;
      return [invalidValue(field, host, 'must match `containerPort` when `hostNetwork` is true')];
    }),
  );
}

export function gateCauses(gates: unknown, path: string): StatusCause[] {
  const names = records(gates).map(({ name }) => text(name));
  return names.flatMap((name, index) => [
    ...invalidFor(`${path}[${index}]`, name, qualifiedNameProblems(name)),
    ...(names.indexOf(name) < index ? [duplicate(`${path}[${index}]`, name)] : []),
  ]);
}

export function preemptionCauses(policy: unknown, field: string): StatusCause[] {
  if (policy === undefined || PREEMPTION.includes(text(policy))) return [];
  return policy === '' ? [required(field)] : [unsupported(field, policy, PREEMPTION)];
}

export function systemCauses(spec: unknown, path: string): StatusCause[] {
  const system = at(spec, 'os');
  if (!isRecord(system)) return [];
  const name = text(system['name']);
  if (name === '') return [required(`${path}.os.name`)];
  if (!SYSTEMS.includes(name)) return [unsupported(`${path}.os`, name, SYSTEMS)];
  return name === 'windows' ? windowsCauses(spec, path) : [];
}

function windowsCauses(spec: unknown, path: string): StatusCause[] {
  const set = (object: unknown, names: readonly string[], where: string): StatusCause[] =>
    names
      .filter((name) => at(object, name) !== undefined && at(object, name) !== false)
      .map((name) => forbiddenField(`${where}.${name}`, 'cannot be set for a windows pod'));
  return [
    ...set(spec, NOT_ON_WINDOWS.pod, path),
    ...set(at(spec, 'securityContext'), NOT_ON_WINDOWS.context, `${path}.securityContext`),
    ...(['initContainers', 'containers'] as const).flatMap((list) =>
      listAt(spec, list).flatMap((container, index) =>
        set(at(container, 'securityContext'), NOT_ON_WINDOWS.container, `${path}.${list}[${index}].securityContext`),
      ),
    ),
  ];
}
