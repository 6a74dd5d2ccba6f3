/** Endpoints and EndpointSlices (pkg/apis/core/validation, pkg/apis/discovery/validation). */
import { isIPv4 } from 'node:net';
import { items, number, records, text } from '../../../model/fields.ts';
import type { StatusCause } from '../status.ts';
import type { ApiObject } from '../types.ts';
import { duplicate, immutable, invalidFor, invalidValue, required, unsupported } from './causes.ts';
import { ipProblems, labelNameProblems } from './names.ts';

const TYPES = ['FQDN', 'IPv4', 'IPv6'];
const PROTOCOLS = ['SCTP', 'TCP', 'UDP'];

export function endpointsCauses(object: ApiObject): StatusCause[] {
  return records(object['subsets']).flatMap((subset, index) => {
    const path = `subsets[${index}]`;
    const lists = ['addresses', 'notReadyAddresses'] as const;
    const ports = records(subset['ports']);
    return [
      ...(lists.every((list) => items(subset[list]).length === 0)
        ? [required(path, 'must specify `addresses` or `notReadyAddresses`')]
        : []),
      ...lists.flatMap((list) =>
        records(subset[list]).flatMap((address, place) => addressCauses(address, `${path}.${list}[${place}]`)),
      ),
      ...ports.flatMap((port, place) => portCauses(port, ports.length > 1, `${path}.ports[${place}]`)),
    ];
  });
}

function addressCauses({ ip, hostname }: Record<string, unknown>, path: string): StatusCause[] {
  const name = text(hostname);
  return [
    ...invalidFor(`${path}.ip`, text(ip), ipProblems(text(ip))),
    ...(name === '' ? [] : invalidFor(`${path}.hostname`, name, labelNameProblems(name))),
    ...loopbackCauses(text(ip), `${path}.ip`),
  ];
}

function portCauses({ name, port, protocol }: Record<string, unknown>, named: boolean, path: string): StatusCause[] {
  const value = number(port);
  return [
    ...(named && text(name) === '' ? [required(`${path}.name`)] : []),
    ...(value >= 1 && value <= 65_535
      ? []
      : [invalidValue(`${path}.port`, value, 'must be between 1 and 65535, inclusive')]),
    ...(PROTOCOLS.includes(text(protocol)) ? [] : [unsupported(`${path}.protocol`, protocol, PROTOCOLS)]),
  ];
}

function ipCauses(address: string, type: 'IPv4' | 'IPv6', list: string, field: string): StatusCause[] {
  const problems = ipProblems(address);
  if (problems.length > 0) return invalidFor(field, address, problems);
  return [
    ...(isIPv4(address) === (type === 'IPv4') ? [] : [invalidValue(list, address, `must be an ${type} address`)]),
    ...loopbackCauses(address, field),
  ];
}

function loopbackCauses(address: string, field: string): StatusCause[] {
  return /^127\.|^::1$/.test(address)
    ? [invalidValue(field, address, 'may not be in the loopback range (127.0.0.0/8, ::1/128)')]
    : [];
}

function slicePortCauses(ports: readonly Record<string, unknown>[]): StatusCause[] {
  const names = ports.map(({ name }) => text(name));
  return ports.flatMap(({ protocol }, index) => {
    const [field, name] = [`ports[${index}]`, names[index] ?? ''];
    return [
      ...(name === '' ? [] : invalidFor(`${field}.name`, name, labelNameProblems(name))),
      ...(names.indexOf(name) < index ? [duplicate(`${field}.name`, name)] : []),
      ...(protocol === undefined || PROTOCOLS.includes(text(protocol))
        ? []
        : [unsupported(`${field}.protocol`, protocol, PROTOCOLS)]),
    ];
  });
}

export function endpointSliceCauses(object: ApiObject, old: ApiObject | undefined): StatusCause[] {
  const type = object['addressType'];
  return [
    ...(type === undefined || type === '' ? [required('addressType')] : []),
    ...(text(type) === '' || TYPES.includes(text(type)) ? [] : [unsupported('addressType', type, TYPES)]),
    ...(old !== undefined && old['addressType'] !== type ? [immutable('addressType', type)] : []),
    ...records(object['endpoints']).flatMap((endpoint, index) => {
      const path = `endpoints[${index}].addresses`;
      const addresses = items(endpoint['addresses']);
      return [
        ...(addresses.length === 0 ? [required(path, 'must contain at least 1 address')] : []),
        ...(type === 'IPv4' || type === 'IPv6'
          ? addresses.flatMap((address, place) => ipCauses(text(address), type, path, `${path}[${place}]`))
          : []),
      ];
    }),
    ...slicePortCauses(records(object['ports'])),
  ];
}
