/** Pod specs, with kube-apiserver's messages (pkg/apis/core/validation). */
import { at, type Fields, fields, items, listAt, records, text } from '../../../model/fields.ts';
import { equal } from '../json.ts';
import type { StatusCause } from '../status.ts';
import type { ApiObject } from '../types.ts';
import { affinityCauses, spreadCauses } from './affinity.ts';
import { forbiddenField, invalidFor, invalidValue, required, unsupported } from './causes.ts';
import { containerListCauses } from './containers.ts';
import { labelCauses } from './labels.ts';
import { ipProblems, labelNameProblems, subdomainProblems } from './names.ts';
import { gateCauses, hostNetworkCauses, preemptionCauses, systemCauses } from './pod-settings.ts';
import { tolerationCauses } from './scheduling.ts';
import { podContextCauses } from './security-context.ts';
import { volumeCauses } from './volumes.ts';

const RESTARTS = ['Always', 'OnFailure', 'Never'];
const DNS = ['ClusterFirstWithHostNet', 'ClusterFirst', 'Default', 'None'];
const LONGEST = 2 ** 31 - 1;

/** @param path e.g. `spec` or `spec.template.spec`. */
export function podSpecCauses(spec: unknown, path: string): StatusCause[] {
  const { mountable, causes } = volumeCauses(spec, path);
  const restart = text(at(spec, 'restartPolicy'));
  const dns = text(at(spec, 'dnsPolicy'));
  return [
    ...causes,
    ...containerListCauses(spec, path, mountable),
    ...hostNetworkCauses(spec, path),
    ...(RESTARTS.includes(restart) ? [] : [unsupported(`${path}.restartPolicy`, restart, RESTARTS)]),
    ...(DNS.includes(dns) ? [] : [unsupported(`${path}.dnsPolicy`, dns, DNS)]),
    ...labelCauses(at(spec, 'nodeSelector'), `${path}.nodeSelector`),
    ...podContextCauses(spec, `${path}.securityContext`),
    ...affinityCauses(at(spec, 'affinity'), `${path}.affinity`),
    ...dnsCauses(dns, at(spec, 'dnsConfig'), `${path}.dnsConfig`),
    ...gateCauses(at(spec, 'schedulingGates'), `${path}.schedulingGates`),
    ...spreadCauses(at(spec, 'topologySpreadConstraints'), `${path}.topologySpreadConstraints`),
    ...nameCauses(spec, path, ['serviceAccountName', 'nodeName']),
    ...deadlineCauses(at(spec, 'activeDeadlineSeconds'), `${path}.activeDeadlineSeconds`),
    ...nameCauses(spec, path, ['hostname', 'subdomain']),
    ...tolerationCauses(at(spec, 'tolerations'), `${path}.tolerations`),
    ...records(at(spec, 'hostAliases')).flatMap((alias, index) => aliasCauses(alias, `${path}.hostAliases[${index}]`)),
    ...nameCauses(spec, path, ['priorityClassName', 'runtimeClassName']),
    ...preemptionCauses(at(spec, 'preemptionPolicy'), `${path}.preemptionPolicy`),
    ...systemCauses(spec, path),
  ];
}

/** Checks that apply to a pod but not to a pod template. */
export function podCreateCauses(spec: unknown): StatusCause[] {
  return [
    ...podSpecCauses(spec, 'spec'),
    ...(listAt(spec, 'ephemeralContainers').length === 0
      ? []
      : [forbiddenField('spec.ephemeralContainers', 'cannot be set on create')]),
  ];
}

const MOST_SERVERS = 3;

function dnsCauses(policy: string, config: unknown, path: string): StatusCause[] {
  if (policy === 'None' && config === undefined)
    return [required(path, 'must provide `dnsConfig` when `dnsPolicy` is None')];
  const servers = listAt(config, 'nameservers');
  const field = `${path}.nameservers`;
  if (policy === 'None' && servers.length === 0)
    return [required(field, 'must provide at least one DNS nameserver when `dnsPolicy` is None')];
  return [
    ...(servers.length > MOST_SERVERS
      ? [invalidValue(field, servers, `must not have more than ${MOST_SERVERS} nameservers`)]
      : []),
    ...servers.flatMap((server, index) => invalidFor(`${field}[${index}]`, server, ipProblems(text(server)))),
    ...records(at(config, 'options')).flatMap(({ name }, index) =>
      text(name) === '' ? [required(`${path}.options[${index}]`, 'must not be empty')] : [],
    ),
  ];
}

function aliasCauses({ ip, hostnames }: Fields, path: string): StatusCause[] {
  return [
    ...invalidFor(`${path}.ip`, text(ip), ipProblems(text(ip))),
    ...items(hostnames).flatMap((name, index) =>
      invalidFor(`${path}.hostnames[${index}]`, name, subdomainProblems(text(name))),
    ),
  ];
}

/** Fields whose value is a single label; other names are subdomains. */
const LABELS = ['hostname', 'subdomain'];

function nameCauses(spec: unknown, path: string, names: readonly string[]): StatusCause[] {
  return names.flatMap((name) => {
    const value = text(at(spec, name));
    const problems = LABELS.includes(name) ? labelNameProblems : subdomainProblems;
    return value === '' ? [] : invalidFor(`${path}.${name}`, value, problems(value));
  });
}

function deadlineCauses(seconds: unknown, field: string): StatusCause[] {
  if (typeof seconds !== 'number' || (seconds >= 1 && seconds <= LONGEST)) return [];
  return [invalidValue(field, seconds, `must be between 1 and ${LONGEST}, inclusive`)];
}

/** An update of a pod's spec can change only images, tolerations and deadlines. */
export function podUpdateCauses(object: ApiObject, old: ApiObject): StatusCause[] {
  if (equal(fixed(object), fixed(old))) return [];
  const why =
    'pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)';
  return [forbiddenField('spec', why)];
}

function fixed(pod: ApiObject): unknown {
  const { tolerations: _t, activeDeadlineSeconds: _a, ephemeralContainers: _e, ...spec } = fields(pod['spec']);
  const { volumes, containers, initContainers, ...rest } = spec;
  const withoutImages = (list: unknown) =>
    list === undefined ? undefined : records(list).map(({ image: _, ...container }) => container);
  return {
    ...rest,
    containers: withoutImages(containers),
    initContainers: withoutImages(initContainers),
    volumes: items(volumes).length === 0 ? undefined : volumes,
  };
}
