/** VirtualService: validation with Istio's messages, and fields without effect. */
import type { FieldSupport } from '../../fields/support.ts';
import { unknownCommands } from '../model/header-format.ts';
import { type TcpRoute, VIRTUAL_SERVICES, type VirtualService } from '../model/virtual-service.ts';
import { destinationsProblems } from './destinations.ts';
import { httpRouteProblems } from './http-route.ts';
import type { MeshKind } from './kind.ts';
import { exportToProblems } from './selector.ts';
import { fqdnProblem, hostProblems, isDnsLabel, overlap, splitScope } from './values.ts';

const HTTP = [
  'name',
  'match',
  'route',
  'redirect',
  'directResponse',
  'rewrite',
  'timeout',
  'delegate',
  'retries.attempts',
  'retries.perTryTimeout',
  'retries.retryOn',
  'retries.backoff',
  'retries.retryIgnorePreviousHosts',
  'fault.delay.percent',
  'fault.delay.percentage',
  'fault.delay.fixedDelay',
  'fault.abort.percentage',
  'fault.abort.httpStatus',
  'fault.abort.grpcStatus',
  'mirror',
  'mirrorPercent',
  'mirrorPercentage',
  'mirrors',
  'corsPolicy',
  'headers',
];
const STREAM = ['match[].port', 'match[].gateways', 'match[].sourceLabels', 'route[].destination', 'route[].weight'];

const FIELDS: FieldSupport = {
  supported: [
    'spec.hosts',
    'spec.gateways',
    'spec.exportTo',
    ...HTTP.map((field) => `spec.http[].${field}`),
    ...STREAM.flatMap((field) => [`spec.tcp[].${field}`, `spec.tls[].${field}`]),
    'spec.tls[].match[].sniHosts',
  ],
  unsupported: {
    'spec.http[].fault.abort.http2Error': 'requests are aborted with an HTTP status',
    'spec.http[].retries.retryRemoteLocalities': 'everything is in one place',
    'spec.http[].match[].statPrefix': "the proxies count Istio's own metrics only",
  },
};

export const VIRTUAL_SERVICE: MeshKind<VirtualService> = {
  resource: VIRTUAL_SERVICES,
  fields: FIELDS,
  problems: ({ metadata, spec }) => [...problems(spec ?? {}), ...exportToProblems(metadata.namespace, spec?.exportTo)],
  unsupported,
};

function problems(spec: Partial<VirtualService['spec']>): readonly string[] {
  const { hosts = [], gateways = [], http = [], tcp = [], tls = [] } = spec;
  // Without hosts it is a delegate.
  const isDelegate = hosts.length === 0;
  const inMesh = !isDelegate && (gateways.length === 0 || gateways.includes('mesh'));
  return [
    ...(isDelegate ? delegateProblems(spec) : []),
    ...gatewaysProblems(gateways),
    ...hosts.flatMap((host) =>
      host === '*' && inMesh
        ? ['wildcard host * is not allowed for virtual services bound to the mesh gateway']
        : hostProblems(host),
    ),
    ...duplicates(hosts),
    ...(http.length + tcp.length + tls.length === 0 ? ['http, tcp or tls must be provided in virtual service'] : []),
    ...http.flatMap((route) => httpRouteProblems(route, isDelegate)),
    ...tcp.flatMap(({ route = [] }) => (route.length === 0 ? ['TCP route is required'] : destinationsProblems(route))),
    ...tls.flatMap((route) => tlsProblems(route, hosts)),
  ];
}

/** After a name without a namespace Istio looks at no other. */
function gatewaysProblems(gateways: readonly string[]): readonly string[] {
  const [gateway, ...others] = gateways;
  if (gateway === undefined) return [];
  const scoped = splitScope(gateway);
  if (scoped === undefined) return [fqdnProblem(gateway)].filter((problem) => problem !== undefined);
  const [namespace, name] = scoped;
  return [
    ...(namespace === '' || name === '' ? ['config namespace and gateway name cannot be empty'] : []),
    ...(isDnsLabel(namespace) ? [] : [`invalid value for namespace: "${namespace}"`]),
    ...(isDnsLabel(name) ? [] : [`invalid value for gateway name: "${name}"`]),
    ...gatewaysProblems(others),
  ];
}

function delegateProblems({
  gateways = [],
  http = [],
  tcp = [],
  tls = [],
}: Partial<VirtualService['spec']>): readonly string[] {
  return [
    ...(gateways.length > 0 ? ['delegate virtual service must have no gateways specified'] : []),
    ...(tls.length > 0 ? ['delegate virtual service must have no tls route specified'] : []),
    ...(tcp.length > 0 ? ['delegate virtual service must have no tcp route specified'] : []),
    ...(http.length === 0 && tcp.length + tls.length > 0 ? ['virtual service must have at least one host'] : []),
  ];
}

function duplicates(hosts: readonly string[]): readonly string[] {
  return hosts.flatMap((host, index) =>
    hosts
      .slice(index + 1)
      .filter((other) => overlap(host, other))
      .map((other) => `duplicate hosts in virtual service: ${host} & ${other}`),
  );
}

function tlsProblems({ match = [], route = [] }: TcpRoute, hosts: readonly string[]): readonly string[] {
  return [
    ...(match.length === 0 ? ['TLS route must have at least one match condition'] : []),
    ...match.flatMap(({ sniHosts = [] }) => [
      ...(sniHosts.length === 0 ? ['TLS match must have at least one SNI host'] : []),
      ...sniHosts.flatMap((name) => [
        ...hostProblems(name),
        ...(hosts.some((host) => host === '*' || overlap(host, name))
          ? []
          : [
              `SNI host "${name}" is not a compatible subset of any of the virtual service hosts: [${hosts.join(', ')}]`,
            ]),
      ]),
    ]),
    ...(route.length === 0 ? ['TLS route is required'] : destinationsProblems(route)),
  ];
}

function unsupported({ spec }: VirtualService): readonly string[] {
  const http = spec.http ?? [];
  const values = http.flatMap(({ headers, route = [] }) =>
    [headers, ...route.map((one) => one.headers)].flatMap((one) =>
      [one?.request, one?.response].flatMap((part) => [
        ...Object.values(part?.set ?? {}),
        ...Object.values(part?.add ?? {}),
      ]),
    ),
  );
  const commands = [...new Set(values.flatMap(unknownCommands))];
  return [
    ...((spec.tls ?? []).length > 0 && (spec.gateways ?? ['mesh']).includes('mesh')
      ? ['tls: the sandbox follows tls routes at gateways only']
      : []),
    ...commands.map((command) => `headers: the proxies of the sandbox do not know ${command}; it is sent as text`),
  ];
}
