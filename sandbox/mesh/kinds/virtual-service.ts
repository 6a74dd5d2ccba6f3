/** VirtualService: Istio's words on what is wrong with one, and what has no effect here. */
import type { FieldSupport } from '../../fields/support.ts';
import {
  type Headers,
  type HttpMatch,
  type HttpRoute,
  type StringMatch,
  VIRTUAL_SERVICES,
  type VirtualService,
  type WeightedDestination,
} from '../model/virtual-service.ts';
import type { MeshKind } from './kind.ts';
import {
  durationProblems,
  hostProblems,
  overlap,
  percentProblems,
  portProblems,
  statusProblems,
  stringMatchProblems,
  subsetProblems,
} from './values.ts';

const HTTP = [
  'name',
  'match',
  'route',
  'redirect',
  'directResponse',
  'rewrite',
  'timeout',
  'retries.attempts',
  'retries.perTryTimeout',
  'retries.retryOn',
  'fault.delay.percent',
  'fault.delay.percentage',
  'fault.delay.fixedDelay',
  'fault.abort.percentage',
  'fault.abort.httpStatus',
  'mirror',
  'mirrorPercentage',
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
    'spec.http[].delegate': 'routes stand in the VirtualService itself',
    'spec.http[].directResponse.body.bytes': 'give the body as string',
    'spec.http[].fault.abort.grpcStatus': 'requests are aborted with an HTTP status',
    'spec.http[].fault.abort.http2Error': 'requests are aborted with an HTTP status',
    'spec.http[].mirrorPercent': 'use mirrorPercentage',
    'spec.http[].retries.retryRemoteLocalities': 'everything is in one place',
  },
};

export const VIRTUAL_SERVICE: MeshKind<VirtualService> = {
  resource: VIRTUAL_SERVICES,
  fields: FIELDS,
  problems: ({ spec }) => problems(spec ?? {}),
  unsupported: ({ spec }) =>
    (spec.tls ?? []).length > 0 && (spec.gateways ?? ['mesh']).includes('mesh')
      ? ['tls: the sandbox follows tls routes at gateways only']
      : [],
};

function problems(spec: Partial<VirtualService['spec']>): readonly string[] {
  const { hosts = [], gateways = [], http = [], tcp = [], tls = [] } = spec;
  const inMesh = gateways.length === 0 || gateways.includes('mesh');
  return [
    ...(hosts.length === 0 ? ['virtual service must have at least one host'] : []),
    ...hosts.flatMap((host) =>
      host === '*' && inMesh
        ? ['wildcard host * is not allowed for virtual services bound to the mesh gateway']
        : hostProblems(host),
    ),
    ...duplicates(hosts),
    ...(http.length + tcp.length + tls.length === 0 ? ['http, tcp or tls must be provided in virtual service'] : []),
    ...http.flatMap(httpProblems),
    ...tcp.flatMap(({ route = [] }) => (route.length === 0 ? ['TCP route is required'] : weightProblems(route))),
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

function httpProblems(route: HttpRoute): readonly string[] {
  return [
    ...actionProblems(route),
    ...(route.match ?? []).flatMap(matchProblems),
    ...headerProblems(route.headers),
    ...faultProblems(route.fault),
    ...retryProblems(route.retries),
    ...durationProblems(route.timeout === '0s' ? undefined : route.timeout),
    ...percentProblems(route.mirrorPercentage?.value),
    ...(route.mirror === undefined ? [] : destinationProblems({ destination: route.mirror })),
    ...(route.rewrite !== undefined && route.rewrite.uri === undefined && route.rewrite.authority === undefined
      ? ['rewrite must specify path, host, or both']
      : []),
    ...durationProblems(route.corsPolicy?.maxAge),
    ...(route.corsPolicy?.allowOrigins ?? []).flatMap((origin) => stringMatchProblems(origin, 'corsPolicy')),
  ];
}

function actionProblems(route: HttpRoute): readonly string[] {
  const destinations = route.route ?? [];
  if (route.redirect !== undefined) {
    return [
      ...(destinations.length > 0 ? ['HTTP route cannot contain both route and redirect'] : []),
      ...(route.fault === undefined ? [] : ['HTTP route cannot contain both fault and redirect']),
      ...(route.rewrite === undefined ? [] : ['HTTP route rule cannot contain both rewrite and redirect']),
      ...(route.redirect.uri === undefined &&
      route.redirect.authority === undefined &&
      route.redirect.scheme === undefined &&
      route.redirect.port === undefined
        ? ['redirect must specify URI, authority, scheme, or port']
        : []),
    ];
  }
  if (route.directResponse !== undefined) {
    return [
      ...(destinations.length > 0 ? ['HTTP route cannot contain both route and direct_response'] : []),
      ...statusProblems(route.directResponse.status),
    ];
  }
  if (destinations.length === 0) return ['HTTP route, redirect or direct_response is required'];
  return weightProblems(destinations);
}

function weightProblems(destinations: readonly WeightedDestination[]): readonly string[] {
  const sum = destinations.reduce((total, { weight }) => total + (weight ?? 0), 0);
  return [
    ...destinations.flatMap(destinationProblems),
    ...destinations.flatMap(({ weight }) => (weight !== undefined && weight < 0 ? [`weight ${weight} < 0`] : [])),
    ...destinations.flatMap(({ headers }) => headerProblems(headers)),
    ...(destinations.length > 1 && sum === 0 ? [`total destination weight = ${sum}`] : []),
  ];
}

function destinationProblems({ destination }: WeightedDestination): readonly string[] {
  if (destination === undefined) return ['destination is required'];
  const { host, subset, port } = destination;
  return [
    ...(host === undefined || host === '' ? ['destination host is required'] : hostProblems(host)),
    ...(host === '*' ? ['invalid destination host *'] : []),
    ...(subset === undefined || subset === '' ? [] : subsetProblems(subset)),
    ...portProblems(port?.number),
  ];
}

function matchProblems(match: HttpMatch): readonly string[] {
  const maps: readonly (readonly [string, Readonly<Record<string, StringMatch>> | undefined])[] = [
    ['headers', match.headers],
    ['withoutHeaders', match.withoutHeaders],
    ['queryParams', match.queryParams],
  ];
  return [
    ...stringMatchProblems(match.uri, 'uri'),
    ...stringMatchProblems(match.scheme, 'scheme'),
    ...stringMatchProblems(match.method, 'method'),
    ...stringMatchProblems(match.authority, 'authority'),
    ...maps.flatMap(([where, map]) =>
      Object.entries(map ?? {}).flatMap(([name, value]) => [
        ...(name === '' ? ['header name cannot be empty'] : []),
        ...stringMatchProblems(value, where),
      ]),
    ),
    ...portProblems(match.port),
  ];
}

const HEADER = /^[-!#$%&'*+.^_`|~0-9a-zA-Z]+$/;

function headerProblems(headers: Headers | undefined): readonly string[] {
  return [headers?.request, headers?.response].flatMap((operations) => {
    const names = [
      ...Object.keys(operations?.set ?? {}),
      ...Object.keys(operations?.add ?? {}),
      ...(operations?.remove ?? []),
    ];
    return names.flatMap((name) => {
      if (name === '') return ['header name cannot be empty'];
      return HEADER.test(name) || name === ':authority' ? [] : [`header name ${name} is not a valid header name`];
    });
  });
}

function faultProblems(fault: HttpRoute['fault']): readonly string[] {
  if (fault === undefined) return [];
  const { delay, abort } = fault;
  if (delay === undefined && abort === undefined) return ['HTTP fault injection must have an abort and/or a delay'];
  return [
    ...(delay === undefined ? [] : delay.fixedDelay === undefined ? ['a fixed delay is required'] : []),
    ...durationProblems(delay?.fixedDelay),
    ...percentProblems(delay?.percentage?.value ?? delay?.percent),
    ...statusProblems(abort?.httpStatus),
    ...percentProblems(abort?.percentage?.value),
  ];
}

const RETRY_ON = [
  ...['5xx', 'gateway-error', 'reset', 'reset-before-request', 'connect-failure', 'retriable-4xx', 'refused-stream'],
  ...['retriable-status-codes', 'retriable-headers', 'envoy-ratelimited', 'http3-post-connect-failure'],
  ...['cancelled', 'deadline-exceeded', 'internal', 'resource-exhausted', 'unavailable'],
];

function retryProblems(retries: HttpRoute['retries']): readonly string[] {
  if (retries === undefined) return [];
  const { attempts = 0, perTryTimeout, retryOn } = retries;
  if (attempts < 0) return ['attempts cannot be negative'];
  if (attempts === 0 && (perTryTimeout !== undefined || retryOn !== undefined))
    return ['http retry policy configured when attempts are set to 0 (disabled)'];
  const words = (retryOn ?? '').split(',').map((word) => word.trim());
  return [
    ...durationProblems(perTryTimeout === '0s' ? undefined : perTryTimeout),
    ...words
      .filter((word) => word !== '' && !RETRY_ON.includes(word) && !/^[1-5]\d\d$/.test(word))
      .map((word) => `"${word}" is not a valid retryOn policy`),
  ];
}
