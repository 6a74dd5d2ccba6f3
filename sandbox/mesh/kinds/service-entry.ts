import { isIP } from 'node:net';
import type { FieldSupport } from '../../fields/support.ts';
import { SERVICE_ENTRIES, type ServiceEntry } from '../model/service-entry.ts';
import type { MeshKind } from './kind.ts';
import { exportToProblems, labelProblems } from './selector.ts';
import { fqdnProblem, hostProblems, isDnsLabel, portProblems, protocolProblems, subnetProblems } from './values.ts';

const FIELDS: FieldSupport = {
  supported: [
    'spec.hosts',
    'spec.addresses',
    'spec.ports',
    'spec.resolution',
    'spec.endpoints[].address',
    'spec.endpoints[].ports',
    'spec.endpoints[].labels',
    'spec.workloadSelector',
    'spec.exportTo',
  ],
  unsupported: {
    'spec.location': 'what has a proxy is called by mutual TLS wherever it is',
    'spec.endpoints[].network': 'everything is in one place',
    'spec.endpoints[].locality': 'everything is in one place',
    'spec.endpoints[].weight': 'every endpoint gets the same share',
  },
};

export const SERVICE_ENTRY: MeshKind<ServiceEntry> = {
  resource: SERVICE_ENTRIES,
  fields: FIELDS,
  problems: ({ metadata, spec }) => [
    ...problems(spec ?? {}),
    ...exportToProblems(metadata.namespace, spec?.exportTo, { none: true }),
  ],
  unsupported: ({ spec }) =>
    spec.endpoints?.some(({ address }) => address?.startsWith('unix://')) === true
      ? ['endpoints: the sandbox does not reach Unix sockets']
      : [],
};

function problems(spec: Partial<ServiceEntry['spec']>): readonly string[] {
  const { hosts = [], addresses = [], ports = [], endpoints = [], resolution = 'NONE', workloadSelector } = spec;
  const numbers = ports.map(({ number }) => number);
  const names = ports.map(({ name }) => name ?? '');
  return [
    ...(workloadSelector !== undefined && endpoints.length > 0
      ? ['only one of WorkloadSelector or Endpoints is allowed in Service Entry']
      : []),
    ...(hosts.length === 0 ? ['service entry must have at least one host'] : []),
    ...hosts.flatMap((host) => (host === '*' ? ['invalid host *'] : hostProblems(host))),
    ...twice(numbers).map((number) => `service entry port ${number} already defined`),
    ...twice(names).map((name) => `service entry port name "${name}" already defined`),
    ...ports.flatMap(({ number, name, protocol, targetPort }) => [
      ...portProblems(targetPort === 0 ? undefined : targetPort),
      ...(isDnsLabel(name ?? '') ? [] : [`invalid port name: ${name ?? ''}`]),
      ...protocolProblems(protocol),
      ...portProblems(number ?? 0),
    ]),
    ...addresses.flatMap(subnetProblems),
    ...endpointsProblems(spec),
    ...(resolution === 'NONE' && endpoints.length > 0
      ? ['no endpoints should be provided for resolution type none']
      : []),
    ...(resolution.startsWith('DNS') && endpoints.length === 0 ? unresolved(hosts, resolution) : []),
    ...(resolution.startsWith('DNS') && addresses.some((address) => address.includes('/'))
      ? ['CIDR addresses are allowed only for NONE/STATIC resolution types']
      : []),
  ];
}

function endpointsProblems({
  resolution = 'NONE',
  endpoints = [],
  ports = [],
}: Partial<ServiceEntry['spec']>): readonly string[] {
  const names = ports.map(({ name }) => name ?? '');
  const one = resolution === 'DNS_ROUND_ROBIN' && endpoints.length > 1;
  return [
    ...(one ? [`there must only be 0 or 1 endpoint for resolution mode ${resolution}`] : []),
    ...endpoints.flatMap(({ address = '', labels, ports: own = {} }) => [
      ...addressProblems(address, resolution),
      ...labelProblems(labels),
      ...Object.entries(own).flatMap(([name, port]) => [
        ...(names.includes(name) ? [] : [`endpoint port ${port} is not defined by the service entry`]),
        ...portProblems(port),
      ]),
    ]),
  ];
}

function addressProblems(address: string, resolution: string): readonly string[] {
  if (address.startsWith('unix://') || isIP(address) !== 0) return [];
  if (address === '') return resolution === 'STATIC' ? ['endpoint address is required'] : [];
  if (resolution === 'STATIC') return [`endpoint address "${address}" is not a valid IP address`];
  return hostProblems(address).length === 0 && !address.includes('*')
    ? []
    : [`endpoint address "${address}" is not a valid FQDN or an IP address`];
}

/** Istio names the first one alone. */
function unresolved(hosts: readonly string[], resolution: string): readonly string[] {
  const must = 'hosts must be FQDN or contain only prefix wildcards if no endpoints are provided for resolution mode';
  return hosts
    .map(fqdnProblem)
    .filter((problem) => problem !== undefined)
    .slice(0, 1)
    .map((problem) => `${must} ${resolution}, ${problem}`);
}

function twice<T>(values: readonly T[]): readonly T[] {
  return [...new Set(values.filter((value, index) => values.indexOf(value) !== index))];
}
