/** Security contexts of pods and containers (pkg/apis/core/validation). */
import { at, fields, items, listAt, records, text } from '../../../model/fields.ts';
import type { StatusCause } from '../status.ts';
import { invalidValue, required, unsupported } from './causes.ts';

const HIGHEST_ID = 2 ** 31 - 1;
const PROFILES = ['Localhost', 'RuntimeDefault', 'Unconfined'];
const GROUP_POLICIES = ['Always', 'OnRootMismatch'];
const SUPPLEMENTAL = ['Merge', 'Strict'];
const MOUNTS = ['Default', 'Unmasked'];
const SYSCTL = /^([a-z0-9]([-_a-z0-9]*[a-z0-9])?[./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?$/;

/** @param spec the pod's. @param path of its security context. */
export function podContextCauses(spec: unknown, path: string): StatusCause[] {
  const context = at(spec, 'securityContext');
  const policy = at(context, 'fsGroupChangePolicy');
  const groups = at(context, 'supplementalGroupsPolicy');
  return [
    ...['fsGroup', 'runAsUser', 'runAsGroup'].flatMap((field) => idCauses(at(context, field), `${path}.${field}`)),
    ...items(at(context, 'supplementalGroups')).flatMap((group, index) =>
      idCauses(group, `${path}.supplementalGroups[${index}]`),
    ),
    ...(at(spec, 'shareProcessNamespace') === true && at(spec, 'hostPID') === true
      ? [
          invalidValue(
            `${path}.shareProcessNamespace`,
            true,
            'ShareProcessNamespace and HostPID cannot both be enabled',
          ),
        ]
      : []),
    ...records(at(context, 'sysctls')).flatMap(({ name }, index) =>
      sysctlCauses(text(name), `${path}.sysctls[${index}].name`),
    ),
    ...(policy === undefined || GROUP_POLICIES.includes(text(policy))
      ? []
      : [unsupported(`${path}.fsGroupChangePolicy`, policy, GROUP_POLICIES)]),
    ...seccompCauses(at(context, 'seccompProfile'), `${path}.seccompProfile`),
    ...(groups === undefined || SUPPLEMENTAL.includes(text(groups))
      ? []
      : [unsupported(`${path}.supplementalGroupsPolicy`, groups, SUPPLEMENTAL)]),
  ];
}

export function containerContextCauses(context: unknown, path: string): StatusCause[] {
  const { privileged, allowPrivilegeEscalation: escalation, procMount: mount } = fields(context);
  const shown = JSON.stringify(context);
  const conflict = (why: string): StatusCause => ({
    reason: 'FieldValueInvalid',
    message: `Invalid value: ${shown}: cannot set \`allowPrivilegeEscalation\` to false and ${why}`,
    field: path,
  });
  const admin = listAt(context, 'capabilities', 'add').includes('CAP_SYS_ADMIN');
  return [
    ...['runAsUser', 'runAsGroup'].flatMap((field) => idCauses(at(context, field), `${path}.${field}`)),
    ...(mount === undefined || MOUNTS.includes(text(mount)) ? [] : [unsupported(`${path}.procMount`, mount, MOUNTS)]),
    ...seccompCauses(at(context, 'seccompProfile'), `${path}.seccompProfile`),
    ...(escalation === false && privileged === true ? [conflict('`privileged` to true')] : []),
    ...(escalation === false && admin ? [conflict('`capabilities.Add` CAP_SYS_ADMIN')] : []),
  ];
}

function idCauses(id: unknown, field: string): StatusCause[] {
  if (typeof id !== 'number' || (id >= 0 && id <= HIGHEST_ID)) return [];
  return [invalidValue(field, id, `must be between 0 and ${HIGHEST_ID}, inclusive`)];
}

function sysctlCauses(name: string, field: string): StatusCause[] {
  if (name === '') return [required(field)];
  if (name.length <= 253 && SYSCTL.test(name)) return [];
  const why = `must have at most 253 characters and match regex ^([a-z0-9]([-_a-z0-9]*[a-z0-9])?[\\./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?$`;
  return [invalidValue(field, name, why)];
}

function seccompCauses(profile: unknown, path: string): StatusCause[] {
  if (profile === undefined) return [];
  const type = text(at(profile, 'type'));
  const local = at(profile, 'localhostProfile');
  const field = `${path}.localhostProfile`;
  return [
    ...(PROFILES.includes(type) ? [] : [unsupported(`${path}.type`, type, PROFILES)]),
    ...(type === 'Localhost' && local === undefined
      ? [required(field, 'must be set when seccomp type is Localhost')]
      : []),
    ...(type !== 'Localhost' && local !== undefined
      ? [invalidValue(field, profile, 'can only be set when seccomp type is Localhost')]
      : []),
  ];
}
