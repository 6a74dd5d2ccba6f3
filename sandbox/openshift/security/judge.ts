/** Checks a pod against a SecurityContextConstraints object (apiserver-library-go, pkg/securitycontextconstraints). */
import { at, type Fields, fields, items, listAt, number, records, recordsAt, text } from '../../../model/fields.ts';
import { equal } from '../../api/json.ts';
import { CONTAINERS, profileOf, SECCOMP } from './assign.ts';
import type { Provider, Range } from './provider.ts';

/** The paths of fields in a release's messages. */
export interface Paths {
  readonly pod: string;
  container(list: string, index: number): string;
}

/** @param pod with the constraint's values filled in. @returns one message for each violation. */
export function faultsOf(provider: Provider, pod: unknown, paths: Paths): string[] {
  const context = fields(at(pod, 'spec', 'securityContext'));
  return [
    ...groupFaults(provider, context, paths.pod),
    ...seccompFaults(provider, profileOf(context['seccompProfile']), SECCOMP),
    ...seLinuxFaults(provider, context['seLinuxOptions'], paths.pod),
    ...hostFaults(provider.constraint, pod, paths.pod),
    ...volumeFaults(provider.constraint, pod),
    ...containerFaults(provider, pod, paths),
  ];
}

/** How much a constraint allows. With equal priority, the constraint that allows least is tried first. */
export function breadth(constraint: Fields): number {
  const allowed = (field: string, points: number): number => (constraint[field] === true ? points : 0);
  const users = ['MustRunAs', 'MustRunAsRange', 'MustRunAsNonRoot', 'RunAsAny'].indexOf(
    text(at(constraint, 'runAsUser', 'type')),
  );
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

function invalid(field: string, value: string | number | boolean, why: string): string {
  return `${field}: Invalid value: ${JSON.stringify(value)}: ${why}`;
}

function groupFaults({ fsGroups, groups }: Provider, context: Fields, path: string): string[] {
  const faults = (field: string, values: readonly unknown[], allowed: readonly Range[] | undefined): string[] =>
    allowed === undefined
      ? []
      : values.flatMap((value) =>
          allowed.some(({ first, last }) => number(value) >= first && number(value) <= last)
            ? []
            : [`${path}.${field}: Invalid value: []int64{${values.join(', ')}}: ${value} is not an allowed group`],
        );
  const file = context['fsGroup'];
  return [
    ...faults('fsGroup', file === undefined ? [] : [file], fsGroups),
    ...faults('supplementalGroups', items(context['supplementalGroups']), groups),
  ];
}

function seccompFaults({ seccomp }: Provider, profile: string | undefined, annotation: string): string[] {
  if (seccomp.includes('*') || seccomp.includes(profile ?? '') || (seccomp.length === 0 && profile === undefined))
    return [];
  const why =
    seccomp.length === 0
      ? 'seccomp may not be set'
      : `${profile ?? ''} is not an allowed seccomp profile. Valid values are [${seccomp.join(' ')}]`;
  return [`pod.metadata.annotations[${annotation}]: Forbidden: ${why}`];
}

function seLinuxFaults({ seLinux }: Provider, options: unknown, path: string): string[] {
  if (seLinux === undefined || options === undefined) return [];
  return ['level', 'role', 'type', 'user'].flatMap((field) => {
    const [wanted, seen] = [text(seLinux[field]), text(at(options, field))];
    const same = field === 'level' ? equal(categories(wanted), categories(seen)) : wanted === seen;
    return same ? [] : [invalid(`${path}.seLinuxOptions.${field}`, seen, `must be ${wanted}`)];
  });
}

/** Normalizes a level: `s0:c6,c0` becomes `s0:c0,c6`. */
function categories(level: string): string[] {
  const [sensitivity = '', ...rest] = level.split(':');
  return [sensitivity, ...rest.join(':').split(',').sort()];
}

function hostFaults(constraint: Fields, pod: unknown, path: string): string[] {
  return (['Network', 'PID', 'IPC'] as const).flatMap((what) => {
    const asked = at(pod, 'spec', `host${what}`) === true;
    const name = what === 'Network' ? 'network' : what;
    return asked && constraint[`allowHost${what}`] !== true
      ? [invalid(`${path}.host${what}`, true, `Host ${name} is not allowed to be used`)]
      : [];
  });
}

function volumeFaults({ volumes }: Fields, pod: unknown): string[] {
  const allowed = items(volumes);
  if (allowed.includes('*')) return [];
  return recordsAt(pod, 'spec', 'volumes').flatMap((volume, index) => {
    const type = Object.keys(volume).find((key) => key !== 'name') ?? 'emptyDir';
    return allowed.includes(type)
      ? []
      : [invalid(`spec.volumes[${index}]`, type, `${type} volumes are not allowed to be used`)];
  });
}

function containerFaults(provider: Provider, pod: unknown, paths: Paths): string[] {
  const { constraint } = provider;
  const whole = fields(at(pod, 'spec', 'securityContext'));
  return CONTAINERS.flatMap((list) =>
    recordsAt(pod, 'spec', list).flatMap((container, index) => {
      const own = { ...inherited(whole), ...fields(container['securityContext']) };
      const path = paths.container(list, index);
      const annotation = `container.seccomp.security.alpha.kubernetes.io/${text(container['name'])}`;
      return [
        ...userFaults(provider, own, path),
        ...seLinuxFaults(provider, own['seLinuxOptions'], path),
        ...seccompFaults(provider, profileOf(own['seccompProfile']), annotation),
        ...rightFaults(constraint, own, path),
        ...hostFaults(constraint, pod, path),
        ...portFaults(constraint, pod, path),
      ];
    }),
  );
}

/** The settings that containers inherit from their pod. */
function inherited({ runAsUser, runAsNonRoot, seLinuxOptions, seccompProfile }: Fields): Fields {
  return { runAsUser, runAsNonRoot, seLinuxOptions, seccompProfile };
}

function userFaults({ constraint, users }: Provider, { runAsUser, runAsNonRoot }: Fields, path: string): string[] {
  const field = `${path}.runAsUser`;
  if (users !== undefined) {
    if (typeof runAsUser !== 'number') return [`${field}: Required value`];
    if (runAsUser >= users.first && runAsUser <= users.last) return [];
    const one = at(constraint, 'runAsUser', 'type') === 'MustRunAs';
    const why = one ? `must be: ${users.first}` : `must be in the ranges: [${users.first}, ${users.last}]`;
    return [invalid(field, runAsUser, why)];
  }
  if (at(constraint, 'runAsUser', 'type') !== 'MustRunAsNonRoot') return [];
  if (runAsNonRoot === false) return [invalid(`${path}.runAsNonRoot`, false, 'must be true')];
  return runAsUser === 0 ? [invalid(field, 0, 'running with the root UID is forbidden')] : [];
}

function rightFaults(constraint: Fields, own: Fields, path: string): string[] {
  const allowed = [...items(constraint['allowedCapabilities']), ...items(constraint['defaultAddCapabilities'])];
  const capabilities = listAt(own, 'capabilities', 'add').filter(
    (one) => !allowed.includes('*') && !allowed.includes(one),
  );
  return [
    ...(own['privileged'] === true && constraint['allowPrivilegedContainer'] !== true
      ? [invalid(`${path}.privileged`, true, 'Privileged containers are not allowed')]
      : []),
    ...capabilities.map((one) => invalid(`${path}.capabilities.add`, text(one), 'capability may not be added')),
    ...(constraint['readOnlyRootFilesystem'] === true && own['readOnlyRootFilesystem'] !== true
      ? [invalid(`${path}.readOnlyRootFilesystem`, false, 'ReadOnlyRootFilesystem must be set to true')]
      : []),
    ...(own['allowPrivilegeEscalation'] === true && constraint['allowPrivilegeEscalation'] === false
      ? [
          invalid(
            `${path}.allowPrivilegeEscalation`,
            true,
            'Allowing privilege escalation for containers is not allowed',
          ),
        ]
      : []),
  ];
}

/** Like OpenShift, reports the host ports of all containers for each container. */
function portFaults(constraint: Fields, pod: unknown, path: string): string[] {
  if (constraint['allowHostPorts'] === true) return [];
  return CONTAINERS.flatMap((list) =>
    recordsAt(pod, 'spec', list).flatMap((container, index) =>
      records(container['ports']).flatMap(({ hostPort }) =>
        number(hostPort) > 0
          ? [invalid(`${path}.${list}[${index}].hostPort`, number(hostPort), 'Host ports are not allowed to be used')]
          : [],
      ),
    ),
  );
}
