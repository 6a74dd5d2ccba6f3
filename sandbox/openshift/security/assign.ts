/** Fills in a pod's security context from its constraint (apiserver-library-go, sccmatching/provider.go). */
import { at, type Fields, fields, items, listAt, text } from '../../../model/fields.ts';
import { clone, editable, ensure } from '../../api/json.ts';
import type { ApiObject } from '../../api/types.ts';
import type { Provider } from './provider.ts';

export const SECCOMP = 'seccomp.security.alpha.kubernetes.io/pod';
export const CONTAINERS = ['initContainers', 'containers', 'ephemeralContainers'] as const;

/** @param marksNonRoot whether to set `runAsNonRoot`, as OpenShift 4.11 and later do. @returns a copy of the pod. */
export function assigned(provider: Provider, pod: ApiObject, marksNonRoot: boolean): ApiObject {
  const copy = clone(pod);
  const spec = ensure(copy, 'spec');
  const context = podContext(provider, fields(spec['securityContext']));
  spec['securityContext'] = context;
  const profile = profileOf(context['seccompProfile']);
  if (profile !== undefined && provider.seccomp.length > 0)
    copy.metadata.annotations = { ...copy.metadata.annotations, [SECCOMP]: profile };
  for (const list of CONTAINERS)
    for (const container of editable(spec[list]))
      container['securityContext'] = containerContext(
        provider,
        context,
        fields(container['securityContext']),
        marksNonRoot,
      );
  return copy;
}

function podContext({ fsGroups, groups, seLinux, seccomp }: Provider, own: Fields): Fields {
  const [profile] = seccomp.filter((one) => one !== '*');
  return {
    ...(groups === undefined ? {} : { supplementalGroups: groups.slice(0, 1).map(({ first }) => first) }),
    ...(fsGroups?.[0] === undefined ? {} : { fsGroup: fsGroups[0].first }),
    ...(seLinux === undefined ? {} : { seLinuxOptions: seLinux }),
    ...(profile === undefined ? {} : { seccompProfile: profileField(profile) }),
    ...own,
  };
}

function containerContext(provider: Provider, pod: Fields, own: Fields, marksNonRoot: boolean): Fields {
  const { constraint, users } = provider;
  const user = own['runAsUser'] ?? pod['runAsUser'] ?? users?.first;
  const mustNot = at(constraint, 'runAsUser', 'type') === 'MustRunAsNonRoot' && user === undefined;
  const nonRoot = mustNot || (marksNonRoot && typeof user === 'number' && user > 0);
  const said = own['runAsNonRoot'] ?? pod['runAsNonRoot'];
  const privileged = own['privileged'] === true;
  const escalation = constraint['defaultAllowPrivilegeEscalation'];
  return {
    ...(pod['runAsUser'] === undefined && user !== undefined ? { runAsUser: user } : {}),
    ...(said === undefined && nonRoot ? { runAsNonRoot: true } : {}),
    ...(constraint['readOnlyRootFilesystem'] === true ? { readOnlyRootFilesystem: true } : {}),
    ...(typeof escalation === 'boolean' && !privileged ? { allowPrivilegeEscalation: escalation } : {}),
    ...(constraint['allowPrivilegeEscalation'] === false ? { allowPrivilegeEscalation: false } : {}),
    ...own,
    ...capabilities(constraint, own),
  };
}

function capabilities(constraint: Fields, own: Fields): Fields {
  const add = listAt(own, 'capabilities', 'add').map(text);
  const drop = listAt(own, 'capabilities', 'drop').map(text);
  const byDefault = items(constraint['defaultAddCapabilities']).map(text);
  const required = items(constraint['requiredDropCapabilities']).map(text);
  const added = union(
    byDefault.filter((one) => !drop.includes(one)),
    add,
  );
  const dropped = union(required, drop);
  if (added.length === add.length && dropped.length === drop.length) return {};
  return {
    capabilities: {
      ...(added.length === 0 ? {} : { add: added }),
      ...(dropped.length === 0 ? {} : { drop: dropped }),
    },
  };
}

function union(one: readonly string[], other: readonly string[]): string[] {
  return [...new Set([...one, ...other])].sort();
}

/** The name of a profile in annotations, `undefined` if there is none. */
export function profileOf(profile: unknown): string | undefined {
  switch (at(profile, 'type')) {
    case 'RuntimeDefault':
      return 'runtime/default';
    case 'Unconfined':
      return 'unconfined';
    case 'Localhost':
      return `localhost/${text(at(profile, 'localhostProfile'))}`;
    default:
      return undefined;
  }
}

function profileField(name: string): Fields {
  if (name === 'unconfined') return { type: 'Unconfined' };
  if (!name.startsWith('localhost/')) return { type: 'RuntimeDefault' };
  return { type: 'Localhost', localhostProfile: name.slice('localhost/'.length) };
}
