/** Services (pkg/apis/core/validation). */
import { at, type Fields, isRecord, items, listAt, number, recordsAt, text } from '../../../model/fields.ts';
import type { StatusCause } from '../status.ts';
import type { ApiObject } from '../types.ts';
import { duplicate, forbiddenField, invalidFor, invalidValue, required, unsupported } from './causes.ts';
import { labelCauses } from './labels.ts';
import {
  cidrProblems,
  ipProblems,
  labelNameProblems,
  portNumberProblems,
  qualifiedNameProblems,
  subdomainProblems,
} from './names.ts';
import { portCauses } from './probes.ts';

const TYPES = ['ClusterIP', 'ExternalName', 'LoadBalancer', 'NodePort'];
const PROTOCOLS = ['SCTP', 'TCP', 'UDP'];
const AFFINITIES = ['ClientIP', 'None'];
const POLICIES = ['Cluster', 'Local'];
const FAMILIES = ['IPv4', 'IPv6'];
const FAMILY_POLICIES = ['PreferDualStack', 'RequireDualStack', 'SingleStack'];
const DISTRIBUTIONS = ['PreferClose', 'PreferSameZone', 'PreferSameNode'];
const RANGES_ANNOTATION = 'service.beta.kubernetes.io/load-balancer-source-ranges';
const LONGEST_AFFINITY = 86_400;

export function serviceCauses(object: ApiObject, old: ApiObject | undefined): StatusCause[] {
  const spec = at(object, 'spec');
  const type = text(at(spec, 'type'));
  const ports = recordsAt(spec, 'ports');
  const headless = at(spec, 'clusterIP') === 'None';
  return [
    ...(ports.length === 0 && type !== 'ExternalName' && !headless ? [required('spec.ports')] : []),
    ...typeCauses(spec, type, headless),
    ...portListCauses(ports, type),
    ...labelCauses(at(spec, 'selector'), 'spec.selector'),
    ...affinityCauses(spec),
    ...addressCauses(spec, type, old),
    ...familyCauses(spec, type),
    ...(TYPES.includes(type) ? [] : [unsupported('spec.type', type, TYPES)]),
    ...items(at(spec, 'externalIPs')).flatMap((ip, index) => externalCauses(text(ip), `spec.externalIPs[${index}]`)),
    ...rangeCauses(object, type),
    ...trafficCauses(spec, type),
  ];
}

function externalCauses(ip: string, field: string): StatusCause[] {
  const problems = ipProblems(ip);
  if (problems.length > 0) return invalidFor(field, ip, problems);
  if (ip === '0.0.0.0') return [invalidValue(field, ip, 'may not be unspecified (0.0.0.0 or ::)')];
  return ip.startsWith('127.')
    ? [invalidValue(field, ip, 'may not be in the loopback range (127.0.0.0/8, ::1/128)')]
    : [];
}

function typeCauses(spec: unknown, type: string, headless: boolean): StatusCause[] {
  if (headless && (type === 'LoadBalancer' || type === 'NodePort'))
    return [invalidValue('spec.clusterIPs[0]', 'None', `may not be set to 'None' for ${type} services`)];
  if (type !== 'ExternalName') return [];
  const name = text(at(spec, 'externalName')).replace(/\.$/, '');
  return [
    ...(text(at(spec, 'clusterIP')) === ''
      ? []
      : [forbiddenField('spec.clusterIPs', 'may not be set for ExternalName services')]),
    ...(name === '' ? [required('spec.externalName')] : invalidFor('spec.externalName', name, subdomainProblems(name))),
  ];
}

function portListCauses(ports: readonly Fields[], type: string): StatusCause[] {
  const names = new Set<string>();
  const [nodePorts, numbers] = [new Set<string>(), new Set<string>()];
  const causes = ports.flatMap((port, index) => onePortCauses(port, `spec.ports[${index}]`, ports.length > 1, names));
  for (const [index, port] of ports.entries()) {
    const node = number(port['nodePort']);
    const field = `spec.ports[${index}].nodePort`;
    if (node !== 0 && type === 'ClusterIP')
      causes.push(forbiddenField(field, "may not be used when `type` is 'ClusterIP'"));
    const claim = `${text(port['protocol'])}/${node}`;
    if (node !== 0 && nodePorts.has(claim)) causes.push(duplicate(field, node));
    nodePorts.add(claim);
  }
  for (const [index, port] of ports.entries()) {
    const claim = `${text(port['protocol'])}/${number(port['port'])}`;
    if (numbers.has(claim)) causes.push(duplicate(`spec.ports[${index}]`, portKey(port)));
    numbers.add(claim);
  }
  return causes;
}

/** The port as the server prints it in its message about duplicates. */
function portKey(port: Fields) {
  const { protocol, port: value } = port;
  return { Name: '', Protocol: protocol, AppProtocol: null, Port: value, TargetPort: 0, NodePort: 0 };
}

function onePortCauses(port: Fields, field: string, several: boolean, names: Set<string>): StatusCause[] {
  const name = text(port['name']);
  const protocol = text(port['protocol']);
  const twice = name !== '' && names.has(name);
  names.add(name);
  return [
    ...(several && name === '' ? [required(`${field}.name`)] : []),
    ...(name === '' ? [] : invalidFor(`${field}.name`, name, labelNameProblems(name))),
    ...(twice ? [duplicate(`${field}.name`, name)] : []),
    ...invalidFor(`${field}.port`, number(port['port']), portNumberProblems(port['port'])),
    ...(PROTOCOLS.includes(protocol) ? [] : [unsupported(`${field}.protocol`, protocol, PROTOCOLS)]),
    ...portCauses(port['targetPort'], `${field}.targetPort`),
    ...(port['appProtocol'] === undefined
      ? []
      : invalidFor(`${field}.appProtocol`, port['appProtocol'], qualifiedNameProblems(text(port['appProtocol'])))),
  ];
}

function affinityCauses(spec: unknown): StatusCause[] {
  const affinity = text(at(spec, 'sessionAffinity'));
  const config = at(spec, 'sessionAffinityConfig');
  if (!AFFINITIES.includes(affinity)) return [unsupported('spec.sessionAffinity', affinity, AFFINITIES)];
  const field = 'spec.sessionAffinityConfig';
  if (affinity === 'None')
    return isRecord(config) ? [forbiddenField(field, 'must not be set when session affinity is None')] : [];
  const seconds = number(at(config, 'clientIP', 'timeoutSeconds'));
  if (seconds > 0 && seconds <= LONGEST_AFFINITY) return [];
  return [
    invalidValue(
      `${field}.clientIP.timeoutSeconds`,
      seconds,
      `must be greater than 0 and less than ${LONGEST_AFFINITY}`,
    ),
  ];
}

function addressCauses(spec: unknown, type: string, old: ApiObject | undefined): StatusCause[] {
  if (type === 'ExternalName') return [];
  const before = text(at(old, 'spec', 'clusterIP'));
  const now = text(at(spec, 'clusterIP'));
  const all = listAt(spec, 'clusterIPs');
  return [
    ...(all.length > 0 && now !== '' && all[0] !== now
      ? [invalidValue('spec.clusterIPs', all, 'first value must match `clusterIP`')]
      : []),
    ...(before !== '' && now !== '' && now !== before && at(old, 'spec', 'type') !== 'ExternalName'
      ? [invalidValue('spec.clusterIPs[0]', [now], 'may not change once set')]
      : []),
  ];
}

function familyCauses(spec: unknown, type: string): StatusCause[] {
  if (type === 'ExternalName') return [];
  const families = listAt(spec, 'ipFamilies');
  const policy = at(spec, 'ipFamilyPolicy');
  return [
    ...families.flatMap((family, index) => [
      ...(FAMILIES.includes(text(family)) ? [] : [unsupported(`spec.ipFamilies[${index}]`, family, FAMILIES)]),
      ...(families.indexOf(family) < index ? [duplicate(`spec.ipFamilies[${index}]`, family)] : []),
    ]),
    ...(policy === undefined || FAMILY_POLICIES.includes(text(policy))
      ? []
      : [unsupported('spec.ipFamilyPolicy', policy, FAMILY_POLICIES)]),
  ];
}

/** From which addresses a load balancer takes connections, as a field or in the older annotation. */
function rangeCauses({ metadata, spec }: ApiObject, type: string): StatusCause[] {
  const ranges = listAt(spec, 'loadBalancerSourceRanges').map(text);
  const annotation = metadata.annotations?.[RANGES_ANNOTATION];
  const [field, fieldOf] =
    ranges.length > 0
      ? ['spec.LoadBalancerSourceRanges', (index: number) => `spec.LoadBalancerSourceRanges[${index}]`]
      : [`metadata.annotations[${RANGES_ANNOTATION}]`, () => `metadata.annotations[${RANGES_ANNOTATION}]`];
  const listed = ranges.length > 0 ? ranges : (annotation ?? '').split(',').filter((range) => range.trim() !== '');
  return [
    ...(type !== 'LoadBalancer' && (ranges.length > 0 || annotation !== undefined)
      ? [forbiddenField(field, "may only be used when `type` is 'LoadBalancer'")]
      : []),
    ...listed.flatMap((range, index) => invalidFor(fieldOf(index), range.trim(), cidrProblems(range.trim()))),
  ];
}

function trafficCauses(spec: unknown, type: string): StatusCause[] {
  const [outside, inside] = [text(at(spec, 'externalTrafficPolicy')), text(at(spec, 'internalTrafficPolicy'))];
  const reachable = type === 'NodePort' || type === 'LoadBalancer' || listAt(spec, 'externalIPs').length > 0;
  const local = type === 'LoadBalancer' && outside === 'Local';
  const [health, distribution] = [number(at(spec, 'healthCheckNodePort')), at(spec, 'trafficDistribution')];
  const only = "may only be used when `type` is 'LoadBalancer'";
  return [
    ...(at(spec, 'allocateLoadBalancerNodePorts') !== undefined && type !== 'LoadBalancer'
      ? [forbiddenField('spec.allocateLoadBalancerNodePorts', only)]
      : []),
    ...(at(spec, 'loadBalancerClass') !== undefined && type !== 'LoadBalancer'
      ? [forbiddenField('spec.loadBalancerClass', only)]
      : []),
    ...(outside !== '' && !reachable
      ? [invalidValue('spec.externalTrafficPolicy', outside, 'may only be set for externally-accessible services')]
      : []),
    ...(outside !== '' && reachable && !POLICIES.includes(outside)
      ? [unsupported('spec.externalTrafficPolicy', outside, POLICIES)]
      : []),
    ...(health !== 0 && !local
      ? [
          invalidValue(
            'spec.healthCheckNodePort',
            health,
            "may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'",
          ),
        ]
      : []),
    ...(inside !== '' && !POLICIES.includes(inside)
      ? [unsupported('spec.internalTrafficPolicy', inside, POLICIES)]
      : []),
    ...(distribution === undefined || DISTRIBUTIONS.includes(text(distribution))
      ? []
      : [unsupported('spec.trafficDistribution', distribution, DISTRIBUTIONS)]),
  ];
}
