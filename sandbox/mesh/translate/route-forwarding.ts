/** How a request is forwarded: timeout, retries, rewrite, mirrors, and hash policy. */

import type { Message } from '../../xds/encode.ts';
import type { IstioRelease } from '../model/release.ts';
import type { HttpRoute, Mirror, Retries } from '../model/virtual-service.ts';
import type { Destinations } from './destinations.ts';
import { perMillion } from './route-filters.ts';

/** @param authority the host after the route's header operations. @returns fields of Envoy's `RouteAction` besides the cluster. */
export function forwarding(route: HttpRoute, destinations: Destinations, authority: string | undefined): Message {
  const timeout = route.timeout ?? '0s';
  const hash = hashPolicy(route, destinations);
  return {
    timeout,
    max_grpc_timeout: timeout,
    ...retry(route.retries, destinations.release, hash.length > 0),
    ...rewrite(route, authority),
    ...mirrors(route, destinations),
    ...(hash.length === 0 ? {} : { hash_policy: hash }),
  };
}

const DEFAULT_RETRY_ON = 'connect-failure,refused-stream,unavailable,cancelled,retriable-status-codes';
const PREVIOUS_HOSTS = {
  name: 'envoy.retry_host_predicates.previous_hosts',
  typed_config: { '@type': 'type.googleapis.com/envoy.extensions.retry.host.previous_hosts.v3.PreviousHostsPredicate' },
};

function retry(retries: Retries | undefined, release: IstioRelease, hashed: boolean): Message {
  if (retries !== undefined && (retries.attempts ?? 0) <= 0) return {};
  const { retry_on, codes } = conditions(retries?.retryOn, release);
  const elsewhere = !hashed && retries?.retryIgnorePreviousHosts !== false;
  return {
    retry_policy: {
      retry_on,
      num_retries: retries?.attempts ?? 2,
      ...(codes.length === 0 ? {} : { retriable_status_codes: codes }),
      ...(retries?.perTryTimeout === undefined ? {} : { per_try_timeout: retries.perTryTimeout }),
      ...(retries?.backoff === undefined ? {} : { retry_back_off: { base_interval: retries.backoff } }),
      // A retry must go to the same host if a hash selects it.
      ...(elsewhere ? { retry_host_predicate: [PREVIOUS_HOSTS], host_selection_retry_max_attempts: 5 } : {}),
    },
  };
}

/** Numbers among the conditions are statuses. */
function conditions(
  retryOn: string | undefined,
  release: IstioRelease,
): { retry_on: string; codes: readonly number[] } {
  if (retryOn === undefined || retryOn === '')
    return { retry_on: DEFAULT_RETRY_ON, codes: release.retries503 ? [503] : [] };
  const words = retryOn
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '');
  const codes = words.filter((word) => /^\d+$/.test(word)).map(Number);
  const named = words.filter((word) => !/^\d+$/.test(word));
  const statuses = codes.length > 0 && !named.includes('retriable-status-codes') ? ['retriable-status-codes'] : [];
  return { retry_on: [...named, ...statuses].join(','), codes };
}

function rewrite({ rewrite: settings }: HttpRoute, header: string | undefined): Message {
  const { uri, authority = header, uriRegexRewrite } = settings ?? {};
  const host = authority === undefined || authority === '' ? {} : { host_rewrite_literal: authority };
  if (uriRegexRewrite?.match !== undefined) {
    const { match, rewrite: substitution = '' } = uriRegexRewrite;
    return { ...host, regex_rewrite: { pattern: { regex: match }, substitution } };
  }
  return uri === undefined || uri === '' ? host : { ...host, prefix_rewrite: uri };
}

/** No percentage means all, zero means none. */
function mirrors(route: HttpRoute, destinations: Destinations): Message {
  const share =
    route.mirrorPercentage ?? (route.mirrorPercent === undefined ? undefined : { value: route.mirrorPercent });
  const one: readonly Mirror[] =
    route.mirror === undefined
      ? []
      : [{ destination: route.mirror, ...(share === undefined ? {} : { percentage: share }) }];
  const policies = [...one, ...(route.mirrors ?? [])]
    .filter(({ percentage }) => percentage === undefined || (percentage.value ?? 0) > 0)
    .map(({ destination, percentage }) => ({
      cluster: destinations.cluster(destination),
      runtime_fraction: { default_value: perMillion(percentage ?? { value: 100 }) },
      trace_sampled: false,
    }));
  return policies.length === 0 ? {} : { request_mirror_policies: policies };
}

/** For each destination whose rule balances by a hash. */
function hashPolicy(route: HttpRoute, destinations: Destinations): readonly Message[] {
  return (route.route ?? []).flatMap(({ destination }): readonly Message[] => {
    const hash = destinations.policy(destination)?.loadBalancer?.consistentHash;
    if (hash === undefined) return [];
    if ((hash.httpHeaderName ?? '') !== '') return [{ header: { header_name: hash.httpHeaderName } }];
    if ((hash.httpQueryParameterName ?? '') !== '') return [{ query_parameter: { name: hash.httpQueryParameterName } }];
    if (hash.httpCookie !== undefined) {
      const { name, path, ttl, attributes } = hash.httpCookie;
      const more = { ...(path === undefined ? {} : { path }), ...(ttl === undefined ? {} : { ttl }) };
      return [{ cookie: { name, ...more, ...(attributes === undefined ? {} : { attributes }) } }];
    }
    return hash.useSourceIp === true ? [{ connection_properties: { source_ip: true } }] : [];
  });
}
