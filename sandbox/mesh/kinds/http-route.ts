/** Validation of one HTTP route of a VirtualService, with Istio's messages. */

import { GRPC_STATUSES } from '../model/grpc.ts';
import type {
  CorsPolicy,
  Fault,
  HttpMatch,
  HttpRoute,
  Redirect,
  Retries,
  StringMatch,
} from '../model/virtual-service.ts';
import { destinationProblems, destinationsProblems, headersProblems, isAuthority } from './destinations.ts';
import { groupsOf } from './re2.ts';
import {
  durationProblems,
  fractionProblems,
  percentProblems,
  portProblems,
  regexProblems,
  statusProblems,
  stringMatchProblems,
} from './values.ts';

const LONGEST_BODY = 1_048_576;

/** @param isDelegate whether the route belongs to a VirtualService to which others delegate. */
export function httpRouteProblems(route: HttpRoute, isDelegate: boolean): readonly string[] {
  const { mirror, mirrors = [], mirrorPercent } = route;
  return [
    ...conflicts(route, isDelegate),
    ...(route.match ?? []).flatMap(matchProblems),
    ...headersProblems(route.headers),
    ...corsProblems(route.corsPolicy),
    ...faultProblems(route.fault),
    ...(mirrorPercent !== undefined && mirrorPercent > 100
      ? [`mirror_percent must have a max value of 100 (it has ${mirrorPercent})`]
      : []),
    ...mirrorProblems(route.mirrorPercentage?.value),
    ...(mirror === undefined ? [] : destinationProblems({ destination: mirror })),
    ...mirrors.flatMap((one) => [...destinationProblems(one), ...mirrorProblems(one.percentage?.value)]),
    ...redirectProblems(route.redirect),
    ...responseProblems(route.directResponse),
    ...retryProblems(route.retries),
    ...rewriteProblems(route),
    ...destinationsProblems(route.route ?? []),
    ...durationProblems(route.timeout === '0s' ? undefined : route.timeout),
  ];
}

function mirrorProblems(share: number | undefined): readonly string[] {
  if (share === undefined || (share >= 0 && share <= 100)) return [];
  const limit = share > 100 ? 'max value of 100' : 'min value of 0';
  return [`mirror_percentage must have a ${limit} (it has ${share.toFixed(6)})`];
}

function conflicts(route: HttpRoute, isDelegate: boolean): readonly string[] {
  const { redirect, directResponse, fault, rewrite, delegate, name = '' } = route;
  const forwards = (route.route ?? []).length > 0;
  if (delegate !== undefined && !isDelegate)
    return [
      ...(redirect === undefined ? [] : [`root HTTP route ${name} must not specify redirect`]),
      ...(route.route === undefined ? [] : [`root HTTP route ${name} must not specify route`]),
    ];
  const also = (what: string, present: boolean, with_: string): readonly string[] =>
    present ? [`HTTP route ${what} ${with_}`] : [];
  return [
    ...(delegate === undefined ? [] : ['delegate HTTP route cannot contain delegate']),
    ...(redirect === undefined
      ? []
      : [
          ...also('cannot contain both', forwards, 'route and redirect'),
          ...also('cannot contain both', fault !== undefined, 'fault and redirect'),
          ...also('rule cannot contain both', rewrite !== undefined, 'rewrite and redirect'),
          ...also('rule cannot contain both', directResponse !== undefined, 'direct_response and redirect'),
        ]),
    ...(redirect !== undefined || directResponse === undefined
      ? []
      : [
          ...also('cannot contain both', forwards, 'route and direct_response'),
          ...also('cannot contain both', fault !== undefined, 'fault and direct_response'),
          ...also('rule cannot contain both', rewrite !== undefined, 'rewrite and direct_response'),
        ]),
    ...(redirect === undefined && directResponse === undefined && !forwards
      ? ['HTTP route, redirect or direct_response is required']
      : []),
    ...(route.mirror !== undefined && (route.mirrors ?? []).length > 0
      ? ['HTTP route cannot contain both mirror and mirrors']
      : []),
  ];
}

const HEADER = /^[-_A-Za-z0-9]+$/;

function matchProblems(match: HttpMatch): readonly string[] {
  const maps: readonly (readonly [string, Readonly<Record<string, StringMatch>> | undefined])[] = [
    ['headers', match.headers],
    ['withoutHeaders', match.withoutHeaders],
  ];
  return [
    ...regexProblems(match.uri, 'uri'),
    ...stringMatchProblems(match.scheme, 'scheme'),
    ...stringMatchProblems(match.method, 'method'),
    ...stringMatchProblems(match.authority, 'authority'),
    ...maps.flatMap(([where, map]) =>
      Object.entries(map ?? {}).flatMap(([name, value]) => [
        ...matchedName(name),
        ...(value === null ? [`header match ${name} cannot be null`] : stringMatchProblems(value, where)),
      ]),
    ),
    ...Object.values(match.queryParams ?? {}).flatMap((value) => stringMatchProblems(value, 'queryParams')),
    ...portProblems(match.port === 0 ? undefined : match.port),
  ];
}

function matchedName(name: string): readonly string[] {
  if (name === '') return ['header name cannot be empty'];
  return HEADER.test(name) || name.startsWith('@request.auth.claims')
    ? []
    : [`header name ${name} is not a valid header name`];
}

function corsProblems(policy: CorsPolicy | undefined): readonly string[] {
  return [
    ...(policy?.allowOrigins ?? []).flatMap((origin) => stringMatchProblems(origin, 'corsPolicy.allowOrigins')),
    ...(policy?.allowMethods ?? [])
      .filter((method) => !/^(GET|HEAD|POST|PUT|PATCH|DELETE|CONNECT|OPTIONS|TRACE|\*)$/.test(method))
      .map((method) => `"${method}" is not a supported HTTP method`),
    ...durationProblems(policy?.maxAge),
  ];
}

const GRPC_CODES =
  "See https://github.com/grpc/grpc/blob/master/doc/statuscodes.md for a list of supported codes, for example 'NOT_FOUND'";

function faultProblems(fault: Fault | undefined): readonly string[] {
  if (fault === undefined) return [];
  const { delay, abort } = fault;
  const { grpcStatus } = abort ?? {};
  const known =
    grpcStatus === undefined || GRPC_STATUSES.includes(grpcStatus.toUpperCase()) || /^\d+$/.test(grpcStatus);
  return [
    ...(delay === undefined && abort === undefined ? ['HTTP fault injection must have an abort and/or a delay'] : []),
    ...durationProblems(delay?.fixedDelay),
    ...(delay?.percentage === undefined ? percentProblems(delay?.percent) : fractionProblems(delay.percentage.value)),
    ...fractionProblems(abort?.percentage?.value),
    ...(known ? [] : [`gRPC status "${grpcStatus}" is not supported. ${GRPC_CODES}`]),
    ...(abort?.http2Error === undefined ? [] : ['HTTP/2 abort fault injection not supported yet']),
    ...statusProblems(abort?.httpStatus),
  ];
}

function redirectProblems(redirect: Redirect | undefined): readonly string[] {
  if (redirect === undefined) return [];
  const { uri = '', authority = '', scheme = '', port, derivePort, redirectCode = 0 } = redirect;
  if (uri === '' && authority === '' && scheme === '' && port === undefined && derivePort === undefined)
    return ['redirect must specify URI, authority, scheme, or port'];
  if (redirectCode !== 0 && (redirectCode < 300 || redirectCode > 399))
    return [`${redirectCode} is not a valid redirect code, must be 3xx`];
  if (!['', 'http', 'https'].includes(scheme)) return ['invalid redirect scheme, must be "http" or "https"'];
  return portProblems(port);
}

function responseProblems(response: HttpRoute['directResponse']): readonly string[] {
  if (response === undefined) return [];
  const { string = '', bytes = '' } = response.body ?? {};
  const size = Buffer.byteLength(string) + Buffer.byteLength(bytes, 'base64');
  return [
    ...(size > LONGEST_BODY
      ? ['large direct_responses may impact control plane performance, must be less than 1MB']
      : []),
    ...statusProblems(response.status),
  ];
}

const RETRY_ON = [
  ...['5xx', 'gateway-error', 'reset', 'reset-before-request', 'connect-failure', 'retriable-4xx', 'refused-stream'],
  ...['retriable-status-codes', 'retriable-headers', 'envoy-ratelimited', 'http3-post-connect-failure'],
  ...['cancelled', 'deadline-exceeded', 'internal', 'resource-exhausted', 'unavailable'],
];

function retryProblems(retries: Retries | undefined): readonly string[] {
  if (retries === undefined) return [];
  const { attempts = 0, perTryTimeout, retryOn, backoff } = retries;
  if (attempts < 0) return ['attempts cannot be negative'];
  if (attempts === 0 && (perTryTimeout !== undefined || retryOn !== undefined))
    return ['http retry policy configured when attempts are set to 0 (disabled)'];
  const words = (retryOn ?? '').split(',').map((word) => word.trim());
  return [
    ...durationProblems(perTryTimeout === '0s' ? undefined : perTryTimeout),
    ...durationProblems(backoff),
    ...words
      .filter((word) => word !== '' && !RETRY_ON.includes(word) && !/^[1-5]\d\d$/.test(word))
      .map((word) => `"${word}" is not a valid retryOn policy`),
  ];
}

function rewriteProblems({ rewrite, headers }: HttpRoute): readonly string[] {
  const { uri = '', authority = '', uriRegexRewrite: pattern } = rewrite ?? {};
  const set = [headers?.request?.set, headers?.request?.add].flatMap((map) =>
    Object.entries(map ?? {}).flatMap(([name, value]) => (isAuthority(name) ? [value] : [])),
  );
  const authorities = [...(authority === '' ? [] : [authority]), ...set];
  return [
    ...(authorities.length > 1
      ? [
          `authority header cannot be set multiple times: have "${authorities[0]}", attempting to set "${authorities[1]}"`,
        ]
      : []),
    ...(rewrite !== undefined && uri !== '' && pattern !== undefined
      ? ['rewrite may only contain one of URI or UriRegexRewrite']
      : []),
    ...(rewrite !== undefined && uri === '' && authority === '' && pattern === undefined
      ? [
          'rewrite must specify at least one of URI, UriRegexRewrite, or authority. Only one of URI or UriRegexRewrite may be specified',
        ]
      : []),
    ...(pattern === undefined ? [] : patternProblems(pattern)),
  ];
}

function patternProblems({ match = '', rewrite = '' }: { match?: string; rewrite?: string }): readonly string[] {
  if (match === '' || rewrite === '') return ['UriRegexRewrite requires both Rewrite and Match fields be specified'];
  const problems = regexProblems({ regex: match }, 'uriRegexRewrite.match');
  const groups = [...rewrite.matchAll(/\\(\d)/g)].map(([, number]) => Number(number));
  const last = Math.max(0, ...groups);
  if (problems.length > 0 || last <= groupsOf(match)) return problems;
  return [`UriRegexRewrite.rewrite references group ${last} out of ${groupsOf(match)} capture groups`];
}
