/** Ingresses and NetworkPolicies (pkg/apis/networking/validation). */
import { isIP, isIPv4 } from 'node:net';
import { type Fields, fields, isRecord, items, number, records, text } from '../../../model/fields.ts';
import type { StatusCause } from '../status.ts';
import type { ApiObject } from '../types.ts';
import { forbiddenField, invalidFor, invalidValue, required, unsupported } from './causes.ts';
import { selectorCauses } from './labels.ts';
import {
  cidrProblems,
  label1035Problems,
  portNameProblems,
  portNumberProblems,
  subdomainProblems,
  wildcardProblems,
} from './names.ts';

const PATH_TYPES = ['Exact', 'ImplementationSpecific', 'Prefix'];
const NOT_IN_PATHS = ['//', '/./', '/../', '%2f', '%2F'];
const NOT_AT_THE_END = ['/..', '/.'];

const CLASS_ANNOTATION = 'kubernetes.io/ingress.class';

/** The class is named in one place, or the same in both. */
function classCauses({ metadata }: ApiObject, className: string): StatusCause[] {
  const named = metadata.annotations?.[CLASS_ANNOTATION];
  if (named === undefined || className === '' || named === className) return [];
  const why = 'must match `ingressClassName` when both are specified';
  return [invalidValue(`annotations.${CLASS_ANNOTATION}`, named, why)];
}

export function ingressCauses(object: ApiObject, old: ApiObject | undefined): StatusCause[] {
  const spec = fields(object['spec']);
  const rules = records(spec['rules']);
  const backend = spec['defaultBackend'];
  const className = text(spec['ingressClassName']);
  const rules_ = spec['rules'] ?? null;
  return [
    ...(rules.length === 0 && backend === undefined
      ? [invalidValue('spec', rules_, 'either `defaultBackend` or `rules` must be specified')]
      : []),
    ...(isRecord(backend) ? backendCauses(backend, 'spec.defaultBackend') : []),
    ...rules.flatMap((rule, index) => ruleCauses(rule, `spec.rules[${index}]`)),
    ...records(spec['tls']).flatMap((tls, index) => tlsCauses(tls, `spec.tls[${index}]`)),
    ...(className === '' ? [] : invalidFor('spec.ingressClassName', className, subdomainProblems(className))),
    ...(old === undefined ? classCauses(object, className) : []),
  ];
}

function tlsCauses({ hosts, secretName }: Fields, path: string): StatusCause[] {
  const secret = text(secretName);
  return [
    ...items(hosts).flatMap((host, index) => hostCauses(text(host), `${path}.hosts[${index}]`)),
    ...(secret === '' ? [] : invalidFor(`${path}.secretName`, secret, subdomainProblems(secret))),
  ];
}

function ruleCauses(rule: Fields, field: string): StatusCause[] {
  const host = text(rule['host']);
  const http = rule['http'];
  return [
    ...(host === '' ? [] : hostCauses(host, `${field}.host`)),
    ...(isRecord(http) ? httpCauses(http, `${field}.http`) : []),
  ];
}

function hostCauses(host: string, field: string): StatusCause[] {
  if (isIP(host) !== 0) return [invalidValue(field, host, 'must be a DNS name, not an IP address')];
  return invalidFor(field, host, host.includes('*') ? wildcardProblems(host) : subdomainProblems(host));
}

function httpCauses(http: Fields, field: string): StatusCause[] {
  const paths = records(http['paths']);
  if (paths.length === 0) return [required(`${field}.paths`)];
  return paths.flatMap((path, index) => pathCauses(path, `${field}.paths[${index}]`));
}

function pathCauses(path: Fields, field: string): StatusCause[] {
  const [type, value] = [path['pathType'], text(path['path'])];
  if (type === undefined) return [required(`${field}.pathType`, 'pathType must be specified')];
  const causes: StatusCause[] = [];
  const wrong = (why: string): number => causes.push(invalidValue(`${field}.path`, value, why));
  if (type === 'Exact' || type === 'Prefix') {
    if (!value.startsWith('/')) wrong('must be an absolute path');
    if (value !== '') {
      for (const part of NOT_IN_PATHS) if (value.includes(part)) wrong(`must not contain '${part}'`);
      for (const part of NOT_AT_THE_END) if (value.endsWith(part)) wrong(`cannot end with '${part}'`);
    }
  } else if (type === 'ImplementationSpecific') {
    if (value !== '' && !value.startsWith('/')) wrong('must be an absolute path');
  } else causes.push(unsupported(`${field}.pathType`, type, PATH_TYPES));
  return [...causes, ...backendCauses(fields(path['backend']), `${field}.backend`)];
}

function backendCauses(backend: Fields, field: string): StatusCause[] {
  const { service, resource } = backend;
  if (isRecord(service) && isRecord(resource))
    return [invalidValue(field, '', 'cannot set both resource and service backends')];
  if (isRecord(resource)) return [];
  if (!isRecord(service)) return [invalidValue(field, '', 'resource or service backend is required')];
  const name = text(service['name']);
  return [
    ...(name === ''
      ? [required(`${field}.service.name`)]
      : invalidFor(`${field}.service.name`, name, label1035Problems(name))),
    ...backendPortCauses(fields(service['port']), field),
  ];
}

function backendPortCauses(port: Fields, field: string): StatusCause[] {
  const [name, value] = [text(port['name']), number(port['number'])];
  if (name !== '' && value !== 0) return [invalidValue(field, '', 'cannot set both port name & port number')];
  if (name !== '') return invalidFor(`${field}.service.port.name`, name, portNameProblems(name));
  if (value !== 0) return invalidFor(`${field}.service.port.number`, value, portNumberProblems(value));
  return [required(field, 'port name or number is required')];
}

const PROTOCOLS = ['TCP', 'UDP', 'SCTP'];
const POLICY_TYPES = ['Ingress', 'Egress'];

/** The real server validates an update twice, so its message lists each cause twice. */
export function networkPolicyCauses(object: ApiObject, old?: ApiObject): StatusCause[] {
  const causes = causesOfPolicy(object);
  return old === undefined ? causes : [...causes, ...causes];
}

function causesOfPolicy(object: ApiObject): StatusCause[] {
  const spec = fields(object['spec']);
  const types = items(spec['policyTypes']).map(text);
  const side = (rules: string, peers: string): StatusCause[] =>
    records(spec[rules]).flatMap((rule, index) => {
      const field = `spec.${rules}[${index}]`;
      return [
        ...records(rule['ports']).flatMap((port, at) => policyPortCauses(port, `${field}.ports[${at}]`)),
        ...records(rule[peers]).flatMap((peer, at) => peerCauses(peer, `${field}.${peers}[${at}]`)),
      ];
    });
  return [
    ...selectorCauses(spec['podSelector'], 'spec.podSelector'),
    ...side('ingress', 'from'),
    ...side('egress', 'to'),
    ...(types.length > 2 ? [invalidValue('spec.policyTypes', types, 'may not specify more than two policyTypes')] : []),
    ...types.flatMap((type, index) =>
      POLICY_TYPES.includes(type) ? [] : [unsupported(`spec.policyTypes[${index}]`, type, POLICY_TYPES)],
    ),
  ];
}

function policyPortCauses(port: Fields, field: string): StatusCause[] {
  const protocol = text(port['protocol']);
  const { port: value, endPort } = port;
  const end = `${field}.endPort`;
  const causes = PROTOCOLS.includes(protocol) ? [] : [unsupported(`${field}.protocol`, protocol, PROTOCOLS)];
  if (typeof value === 'number') {
    causes.push(...invalidFor(`${field}.port`, value, portNumberProblems(value)));
    if (typeof endPort === 'number' && endPort < value)
      causes.push(invalidValue(end, value, 'must be greater than or equal to `port`'));
    if (endPort !== undefined) causes.push(...invalidFor(end, endPort, portNumberProblems(endPort)));
  } else if (typeof value === 'string') {
    if (endPort !== undefined)
      causes.push(invalidValue(end, endPort, 'may not be specified when `port` is non-numeric'));
    causes.push(...invalidFor(`${field}.port`, value, portNameProblems(value)));
  } else if (endPort !== undefined)
    causes.push(invalidValue(end, endPort, 'may not be specified when `port` is not specified'));
  return causes;
}

function peerCauses(peer: Fields, field: string): StatusCause[] {
  const selectors = ['podSelector', 'namespaceSelector'].filter((name) => isRecord(peer[name]));
  const causes = selectors.flatMap((name) => selectorCauses(peer[name], `${field}.${name}`));
  const block = peer['ipBlock'];
  if (!isRecord(block)) return selectors.length === 0 ? [required(field, 'must specify a peer')] : causes;
  const own = [...causes, ...blockCauses(block, `${field}.ipBlock`)];
  return selectors.length === 0
    ? own
    : [...own, forbiddenField(field, 'may not specify both ipBlock and another peer')];
}

function blockCauses(block: Fields, field: string): StatusCause[] {
  const cidr = text(block['cidr']);
  if (cidr === '') return [required(`${field}.cidr`)];
  const problems = cidrProblems(cidr);
  if (problems.length > 0) return invalidFor(`${field}.cidr`, cidr, problems);
  return items(block['except']).flatMap((one, index) => {
    const except = text(one);
    const at = `${field}.except[${index}]`;
    const wrong = cidrProblems(except);
    if (wrong.length > 0) return invalidFor(at, except, wrong);
    return isWithin(except, cidr) ? [] : [invalidValue(at, except, 'must be a strict subset of `cidr`')];
  });
}

/** IPv6 blocks are compared by prefix length only. */
function isWithin(inner: string, outer: string): boolean {
  const [[address = '', bits = ''], [base = '', width = '']] = [inner.split('/'), outer.split('/')];
  if (Number(bits) <= Number(width)) return false;
  if (!isIPv4(address) || !isIPv4(base)) return true;
  const value = (text_: string): number => text_.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
  const size = 2 ** (32 - Number(width));
  return Math.floor(value(address) / size) === Math.floor(value(base) / size);
}
