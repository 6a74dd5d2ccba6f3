/** What a SecurityContextConstraints object forbids of a pod (apiserver-library-go, pkg/securitycontextconstraints). */
import { at, type Fields, fields, items, number, records, text } from '../../api/json.ts';

export interface Range {
  readonly first: number;
  readonly last: number;
}

/** @param range the users of the pod's namespace. @returns one sentence for each fault. */
export function faultsOf(constraint: Fields, pod: unknown, range: Range): string[] {
  return [...hostFaults(constraint, pod), ...volumeFaults(constraint, pod), ...containerFaults(constraint, pod, range)];
}

/** How much a constraint allows: of those with the same priority the least is tried first. */
export function breadth(constraint: Fields): number {
  const allowed = (field: string, points: number): number => (constraint[field] === true ? points : 0);
  const users = ['MustRunAsRange', 'MustRunAsNonRoot', 'RunAsAny'].indexOf(text(at(constraint, 'runAsUser', 'type')));
  const host = ['HostNetwork', 'HostPorts', 'HostPID', 'HostIPC', 'HostDirVolumePlugin'].map((what) =>
    allowed(`allow${what}`, 100),
  );
  return (
    allowed('allowPrivilegedContainer', 10_000) +
    host.reduce((sum, one) => sum + one, 0) +
    10 * users +
    allowed('allowPrivilegeEscalation', 1)
  );
}

function hostFaults(constraint: Fields, pod: unknown): string[] {
  return (['Network', 'PID', 'IPC'] as const).flatMap((what) => {
    const asked = at(pod, 'spec', `host${what}`) === true;
    const name = what === 'Network' ? 'network' : what;
    return asked && constraint[`allowHost${what}`] !== true
      ? [`spec.securityContext.host${what}: Invalid value: true: Host ${name} is not allowed to be used`]
      : [];
  });
}

function volumeFaults({ volumes }: Fields, pod: unknown): string[] {
  const allowed = items(volumes);
  if (allowed.includes('*')) return [];
  return records(at(pod, 'spec', 'volumes')).flatMap((volume, index) => {
    const type = Object.keys(volume).find((key) => key !== 'name') ?? 'emptyDir';
    return allowed.includes(type)
      ? []
      : [`spec.volumes[${index}]: Invalid value: "${type}": ${type} volumes are not allowed to be used`];
  });
}

function containerFaults(constraint: Fields, pod: unknown, range: Range): string[] {
  const whole = fields(at(pod, 'spec', 'securityContext'));
  return (['initContainers', 'containers'] as const).flatMap((list) =>
    records(at(pod, 'spec', list)).flatMap((container, index) => {
      const own = fields(container['securityContext']);
      const field = `spec.${list}[${index}].securityContext`;
      return [
        ...userFaults(constraint, own['runAsUser'] ?? whole['runAsUser'], `${field}.runAsUser`, range),
        ...rightFaults(constraint, own, field),
        ...portFaults(constraint, container, `spec.${list}[${index}]`),
      ];
    }),
  );
}

function userFaults(constraint: Fields, user: unknown, field: string, { first, last }: Range): string[] {
  if (typeof user !== 'number') return [];
  switch (text(at(constraint, 'runAsUser', 'type'))) {
    case 'MustRunAsRange':
      return user >= first && user <= last
        ? []
        : [`${field}: Invalid value: ${user}: must be in the ranges: [${first}, ${last}]`];
    case 'MustRunAsNonRoot':
      return user === 0 ? [`${field}: Invalid value: ${user}: running with the root UID is forbidden`] : [];
    default:
      return [];
  }
}

function rightFaults(constraint: Fields, own: Fields, field: string): string[] {
  const allowed = items(constraint['allowedCapabilities']);
  const capabilities = items(at(own, 'capabilities', 'add')).filter(
    (one) => !allowed.includes('*') && !allowed.includes(one),
  );
  return [
    ...(own['privileged'] === true && constraint['allowPrivilegedContainer'] !== true
      ? [`${field}.privileged: Invalid value: true: Privileged containers are not allowed`]
      : []),
    ...capabilities.map(
      (one) => `${field}.capabilities.add: Invalid value: "${text(one)}": capability may not be added`,
    ),
    ...(own['allowPrivilegeEscalation'] === true && constraint['allowPrivilegeEscalation'] === false
      ? [
          `${field}.allowPrivilegeEscalation: Invalid value: true: Allowing privilege escalation for containers is not allowed`,
        ]
      : []),
  ];
}

function portFaults(constraint: Fields, container: Fields, field: string): string[] {
  if (constraint['allowHostPorts'] === true) return [];
  return records(container['ports']).flatMap((port, index) =>
    number(port['hostPort']) > 0
      ? [
          `${field}.ports[${index}].hostPort: Invalid value: ${number(port['hostPort'])}: Host ports are not allowed to be used`,
        ]
      : [],
  );
}
