/** A route's filters: fault injection and CORS. */

import { parseGoDuration } from '../../xds/duration.ts';
import type { Message } from '../../xds/encode.ts';
import { GRPC_STATUSES } from '../model/grpc.ts';
import type { CorsPolicy, Fault, HttpRoute, Percent, StringMatch } from '../model/virtual-service.ts';
import { stringMatch } from './route-match.ts';

/** @param more of other filters, by their names. */
export function routeFilters(route: HttpRoute, more: Message): Message {
  return perFilter({ ...fault(route.fault), ...cors(route.corsPolicy), ...more });
}

/** @param filters what each does, by its name. */
export function perFilter(filters: Message): Message {
  return Object.keys(filters).length === 0 ? {} : { typed_per_filter_config: filters };
}

/** Envoy's fraction for a percentage from 0 to 100. */
export function perMillion({ value }: Percent): Message {
  return { numerator: Math.round((value ?? 0) * 10_000), denominator: 'MILLION' };
}

function fault(settings: Fault | undefined): Message {
  const delay = delayOf(settings?.delay);
  const abort = abortOf(settings?.abort);
  if (delay === undefined && abort === undefined) return {};
  const config = {
    '@type': 'type.googleapis.com/envoy.extensions.filters.http.fault.v3.HTTPFault',
    ...(delay === undefined ? {} : { delay }),
    ...(abort === undefined ? {} : { abort }),
  };
  return { 'envoy.filters.http.fault': config };
}

/** Without a percentage nothing is delayed, as in Istio. */
function delayOf(delay: Fault['delay']): Message | undefined {
  if (delay?.fixedDelay === undefined) return undefined;
  return {
    fixed_delay: delay.fixedDelay,
    percentage: perMillion(delay.percentage ?? { value: delay.percent ?? 0 }),
  };
}

/** Without a percentage nothing is aborted, as in Istio. */
function abortOf(abort: Fault['abort']): Message | undefined {
  if (abort === undefined) return undefined;
  const percentage = abort.percentage === undefined ? {} : { percentage: perMillion(abort.percentage) };
  if (abort.grpcStatus !== undefined) return { grpc_status: grpcStatus(abort.grpcStatus), ...percentage };
  return abort.httpStatus === undefined ? undefined : { http_status: abort.httpStatus, ...percentage };
}

function grpcStatus(status: string): number {
  const number = GRPC_STATUSES.indexOf(status.toUpperCase());
  return number >= 0 ? number : Number(status);
}

function cors(policy: CorsPolicy | undefined): Message {
  if (policy === undefined) return {};
  const origins: readonly StringMatch[] =
    policy.allowOrigins ?? (policy.allowOrigin ?? []).map((exact) => (exact === '*' ? { regex: '.*' } : { exact }));
  const joined = (list: readonly string[] | undefined, key: string): Message =>
    list === undefined ? {} : { [key]: list.join(',') };
  const config = {
    '@type': 'type.googleapis.com/envoy.extensions.filters.http.cors.v3.CorsPolicy',
    // An empty match matches nothing.
    allow_origin_string_match: origins.filter((origin) => Object.keys(origin).length > 0).map(stringMatch),
    ...joined(policy.allowMethods, 'allow_methods'),
    ...joined(policy.allowHeaders, 'allow_headers'),
    ...joined(policy.exposeHeaders, 'expose_headers'),
    ...(policy.maxAge === undefined
      ? {}
      : { max_age: String(Math.trunc((parseGoDuration(policy.maxAge) ?? 0) / 1_000)) }),
    ...(policy.allowCredentials === undefined ? {} : { allow_credentials: policy.allowCredentials }),
    forward_not_matching_preflights: policy.unmatchedPreflights !== 'IGNORE',
    filter_enabled: { default_value: { numerator: 100 } },
  };
  return { 'envoy.filters.http.cors': config };
}
