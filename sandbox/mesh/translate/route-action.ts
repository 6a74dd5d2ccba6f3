/** What a virtual service's HTTP route does: forward with weights, redirect, answer; rewrite, retry, time out, fail on purpose. */

import { milliseconds } from '../../xds/duration.ts';
import type { Message } from '../../xds/encode.ts';
import type { TrafficPolicy } from '../model/destination-rule.ts';
import type {
  Destination,
  HeaderOperations,
  Headers,
  HttpRoute,
  Percent,
  WeightedDestination,
} from '../model/virtual-service.ts';
import { stringMatch } from './route-match.ts';

/** Resolves a destination to its cluster, and to the policy of its rule. */
export interface Destinations {
  cluster(destination: Destination): string;
  policy(destination: Destination): TrafficPolicy | undefined;
}

/** @returns all of Envoy's `Route` but the match. */
export function routeAction(route: HttpRoute, destinations: Destinations): Message {
  return { ...action(route, destinations), ...headerChanges(route.headers), ...perFilter(route) };
}

function action(route: HttpRoute, destinations: Destinations): Message {
  if (route.redirect !== undefined) return { redirect: redirect(route.redirect) };
  if (route.directResponse !== undefined) {
    const body = route.directResponse.body?.string;
    return {
      direct_response: {
        status: route.directResponse.status,
        ...(body === undefined ? {} : { body: { inline_string: body } }),
      },
    };
  }
  return { route: { ...target(route.route ?? [], destinations), ...forwarding(route, destinations) } };
}

function target(all: readonly WeightedDestination[], destinations: Destinations): Message {
  const [first] = all;
  // Of one destination the weight means nothing; of several, zero means never.
  if (all.length === 1 && first !== undefined) return { cluster: destinations.cluster(first.destination) };
  const clusters = all
    .filter(({ weight }) => (weight ?? 0) > 0)
    .map(({ destination, weight, headers }) => ({
      name: destinations.cluster(destination),
      weight: weight ?? 0,
      ...headerChanges(headers),
    }));
  return { weighted_clusters: { clusters } };
}

const DEFAULT_RETRY_ON = 'connect-failure,refused-stream,unavailable,cancelled,retriable-status-codes';
const PREVIOUS_HOSTS = {
  name: 'envoy.retry_host_predicates.previous_hosts',
  typed_config: { '@type': 'type.googleapis.com/envoy.extensions.retry.host.previous_hosts.v3.PreviousHostsPredicate' },
};

function forwarding(route: HttpRoute, destinations: Destinations): Message {
  const timeout = route.timeout ?? '0s';
  const hash = hashPolicy(route, destinations);
  return {
    timeout,
    max_grpc_timeout: timeout,
    ...retry(route.retries, hash.length > 0),
    ...rewrite(route),
    ...mirror(route, destinations),
    ...(hash.length === 0 ? {} : { hash_policy: hash }),
  };
}

function retry(retries: HttpRoute['retries'], hashed: boolean): Message {
  if (retries?.attempts === 0) return {};
  const words = (retries?.retryOn ?? DEFAULT_RETRY_ON).split(',').map((word) => word.trim());
  const codes = words.filter((word) => /^\d+$/.test(word)).map(Number);
  const conditions = words.filter((word) => !/^\d+$/.test(word));
  return {
    retry_policy: {
      retry_on: [
        ...conditions,
        ...(codes.length > 0 && !conditions.includes('retriable-status-codes') ? ['retriable-status-codes'] : []),
      ].join(','),
      num_retries: retries?.attempts ?? 2,
      ...(codes.length === 0 ? {} : { retriable_status_codes: codes }),
      ...(retries?.perTryTimeout === undefined ? {} : { per_try_timeout: retries.perTryTimeout }),
      // A hash must lead to the same host again.
      ...(hashed ? {} : { retry_host_predicate: [PREVIOUS_HOSTS], host_selection_retry_max_attempts: 5 }),
    },
  };
}

function rewrite(route: HttpRoute): Message {
  const { uri, authority } = route.rewrite ?? {};
  const host = authority === undefined ? {} : { host_rewrite_literal: authority };
  if (uri === undefined) return host;
  const byPattern = route.match?.some((match) => match.uri?.regex !== undefined) ?? false;
  return {
    ...host,
    ...(byPattern ? { regex_rewrite: { pattern: { regex: '.*' }, substitution: uri } } : { prefix_rewrite: uri }),
  };
}

function mirror(route: HttpRoute, destinations: Destinations): Message {
  if (route.mirror === undefined) return {};
  const percent = route.mirrorPercentage?.value ?? 100;
  return {
    request_mirror_policies: [
      {
        cluster: destinations.cluster(route.mirror),
        runtime_fraction: { default_value: perMillion({ value: percent }) },
      },
    ],
  };
}

function redirect(settings: NonNullable<HttpRoute['redirect']>): Message {
  const codes: Readonly<Record<number, string>> = {
    301: 'MOVED_PERMANENTLY',
    302: 'FOUND',
    303: 'SEE_OTHER',
    307: 'TEMPORARY_REDIRECT',
    308: 'PERMANENT_REDIRECT',
  };
  return {
    ...(settings.uri === undefined ? {} : { path_redirect: settings.uri }),
    ...(settings.authority === undefined ? {} : { host_redirect: settings.authority }),
    ...(settings.scheme === undefined ? {} : { scheme_redirect: settings.scheme }),
    ...(settings.port === undefined ? {} : { port_redirect: settings.port }),
    response_code: codes[settings.redirectCode ?? 301] ?? 'MOVED_PERMANENTLY',
  };
}

function hashPolicy(route: HttpRoute, destinations: Destinations): readonly Message[] {
  const [first] = route.route ?? [];
  const hash = first === undefined ? undefined : destinations.policy(first.destination)?.loadBalancer?.consistentHash;
  if (hash === undefined) return [];
  if (hash.httpHeaderName !== undefined) return [{ header: { header_name: hash.httpHeaderName } }];
  if (hash.httpQueryParameterName !== undefined) return [{ query_parameter: { name: hash.httpQueryParameterName } }];
  if (hash.httpCookie !== undefined) {
    const { name, path, ttl } = hash.httpCookie;
    return [{ cookie: { name, ...(path === undefined ? {} : { path }), ...(ttl === undefined ? {} : { ttl }) } }];
  }
  return hash.useSourceIp === true ? [{ connection_properties: { source_ip: true } }] : [];
}

function headerChanges(headers: Headers | undefined): Message {
  const added = (operations: HeaderOperations | undefined): readonly Message[] => [
    ...Object.entries(operations?.set ?? {}).map(([key, value]) => ({
      header: { key, value },
      append_action: 'OVERWRITE_IF_EXISTS_OR_ADD',
    })),
    ...Object.entries(operations?.add ?? {}).map(([key, value]) => ({
      header: { key, value },
      append_action: 'APPEND_IF_EXISTS_OR_ADD',
    })),
  ];
  const [request, response] = [added(headers?.request), added(headers?.response)];
  return {
    ...(request.length === 0 ? {} : { request_headers_to_add: request }),
    ...(response.length === 0 ? {} : { response_headers_to_add: response }),
    ...(headers?.request?.remove === undefined ? {} : { request_headers_to_remove: headers.request.remove }),
    ...(headers?.response?.remove === undefined ? {} : { response_headers_to_remove: headers.response.remove }),
  };
}

function perFilter(route: HttpRoute): Message {
  const filters = { ...fault(route.fault), ...cors(route.corsPolicy) };
  return Object.keys(filters).length === 0 ? {} : { typed_per_filter_config: filters };
}

function fault(settings: HttpRoute['fault']): Message {
  if (settings === undefined) return {};
  const { delay, abort } = settings;
  const config = {
    '@type': 'type.googleapis.com/envoy.extensions.filters.http.fault.v3.HTTPFault',
    ...(delay === undefined
      ? {}
      : {
          delay: {
            fixed_delay: delay.fixedDelay ?? '0s',
            percentage: perMillion(delay.percentage ?? { value: delay.percent ?? 100 }),
          },
        }),
    ...(abort === undefined
      ? {}
      : {
          abort: { http_status: abort.httpStatus ?? 500, percentage: perMillion(abort.percentage ?? { value: 100 }) },
        }),
  };
  return { 'envoy.filters.http.fault': config };
}

function cors(policy: HttpRoute['corsPolicy']): Message {
  if (policy === undefined) return {};
  const origins = [
    ...(policy.allowOrigins ?? []),
    ...(policy.allowOrigin ?? []).map((exact) => (exact === '*' ? { regex: '.*' } : { exact })),
  ];
  const joined = (list: readonly string[] | undefined, key: string): Message =>
    list === undefined ? {} : { [key]: list.join(',') };
  const config = {
    '@type': 'type.googleapis.com/envoy.extensions.filters.http.cors.v3.CorsPolicy',
    allow_origin_string_match: origins.map(stringMatch),
    ...joined(policy.allowMethods, 'allow_methods'),
    ...joined(policy.allowHeaders, 'allow_headers'),
    ...joined(policy.exposeHeaders, 'expose_headers'),
    ...(policy.maxAge === undefined ? {} : { max_age: String(Math.round((milliseconds(policy.maxAge) ?? 0) / 1_000)) }),
    ...(policy.allowCredentials === undefined ? {} : { allow_credentials: policy.allowCredentials }),
    filter_enabled: { default_value: { numerator: 100 } },
  };
  return { 'envoy.filters.http.cors': config };
}

function perMillion({ value }: Percent): Message {
  return { numerator: Math.round((value ?? 0) * 10_000), denominator: 'MILLION' };
}
