/** HTTP routes, with the matches and the forwarding they can have. */
import type { Random } from '../../../../test/support/random.ts';
import { duration, headerName, host, map, NAMESPACE, percent, port, regex, stringMatch, text } from './values.ts';

const operations = (r: Random) => ({
  set: r.maybe(() => map(r, text)),
  add: r.maybe(() => map(r, text)),
  remove: r.maybe(() => [headerName(r)]),
});
export const headers = (r: Random) => ({
  request: r.maybe(() => operations(r), 0.6),
  response: r.maybe(() => operations(r), 0.6),
});
export const destination = (r: Random) => ({
  host: host(r),
  subset: r.maybe(() => r.mostly(['ripe', 'green', 'nothing', ''], ['Bad_name'])),
  port: r.maybe(() => ({ number: port(r) })),
});
export const weighted = (r: Random) => ({
  destination: destination(r),
  weight: r.maybe(() => r.mostly([0, 1, 50, 100, 2_147_483_647], [-1]), 0.7),
  headers: r.maybe(() => headers(r)),
});

function httpMatch(r: Random): object {
  return {
    uri: r.maybe(() => stringMatch(r), 0.7),
    method: r.maybe(() => stringMatch(r)),
    scheme: r.maybe(() => stringMatch(r), 0.1),
    authority: r.maybe(() => stringMatch(r)),
    headers: r.maybe(() => map(r, stringMatch)),
    withoutHeaders: r.maybe(() => map(r, stringMatch)),
    queryParams: r.maybe(() => map(r, stringMatch)),
    port: r.maybe(() => port(r), 0.1),
    gateways: r.maybe(() => [r.one('north', 'mesh', 'orchard/north')], 0.1),
    ignoreUriCase: r.maybe(() => true),
  };
}

export function httpRoute(r: Random): object {
  const act = r.below(10);
  return {
    name: r.maybe(() => text(r)),
    match: r.maybe(() => r.some(2, () => httpMatch(r), 1), 0.7),
    ...(act < 7 ? { route: r.some(3, () => weighted(r), 1) } : {}),
    ...(act === 7
      ? {
          redirect: {
            uri: r.maybe(() => r.one('/x', 'a b', '', '%PREFIX()%/x')),
            authority: r.maybe(() => host(r)),
            scheme: r.maybe(() => r.mostly(['https'], ['ftp'])),
            port: r.maybe(() => port(r)),
            derivePort: r.maybe(() => 'FROM_REQUEST_PORT'),
            redirectCode: r.maybe(() => r.mostly([301, 302, 305], [400])),
          },
        }
      : {}),
    ...(act === 8
      ? {
          directResponse: {
            status: r.mostly([200, 503, 204], [99, 600]),
            body: r.maybe(() =>
              r.one<object>({ string: 'x'.repeat(r.mostly([1, 5_000], [2_000_000])) }, { bytes: 'AAEC' }, {}),
            ),
          },
        }
      : {}),
    ...(act === 9 ? { delegate: { name: 'rule-1', namespace: NAMESPACE } } : {}),
    rewrite: r.maybe(
      () => ({
        uri: r.maybe(() => r.one('/', '', '/new', 'no-slash')),
        authority: r.maybe(() => host(r)),
        uriRegexRewrite: r.maybe(
          () => ({ match: regex(r), rewrite: r.mostly(['plain', '/x'], ['\\1', '/\\2/x', '', '\\9', '\\']) }),
          0.2,
        ),
      }),
      0.2,
    ),
    timeout: r.maybe(() => duration(r)),
    retries: r.maybe(() => ({
      attempts: r.mostly([1, 3, 1_000], [0, -1]),
      perTryTimeout: r.maybe(() => duration(r)),
      retryOn: r.maybe(() =>
        r.mostly(['5xx', '503', 'gateway-error,reset', '5xx,,reset', '503,retriable-status-codes'], ['foo', '']),
      ),
      backoff: r.maybe(() => duration(r), 0.1),
    })),
    fault: r.maybe(() => ({
      delay: r.maybe(() => ({
        fixedDelay: r.maybe(() => duration(r), 0.9),
        percentage: r.maybe(() => percent(r)),
        percent: r.maybe(() => r.mostly([0, 50], [200])),
      })),
      abort: r.maybe(() => ({
        httpStatus: r.maybe(() => r.mostly([503, 200], [99, 700])),
        grpcStatus: r.maybe(() => r.mostly(['UNAVAILABLE', 'unavailable', '14', '99'], ['NOPE'])),
        percentage: r.maybe(() => percent(r)),
      })),
    })),
    mirror: r.maybe(() => destination(r), 0.2),
    mirrorPercent: r.maybe(() => r.mostly([0, 50], [101]), 0.2),
    mirrorPercentage: r.maybe(() => percent(r), 0.2),
    mirrors: r.maybe(
      () => r.some(2, () => ({ destination: destination(r), percentage: r.maybe(() => percent(r)) }), 1),
      0.1,
    ),
    corsPolicy: r.maybe(
      () => ({
        allowOrigins: r.maybe(() => r.some(2, () => stringMatch(r))),
        allowOrigin: r.maybe(() => [r.one('*', 'http://a.test')]),
        allowMethods: r.maybe(() => [r.mostly(['GET'], ['NOPE'])]),
        allowHeaders: r.maybe(() => [headerName(r)]),
        maxAge: r.maybe(() => duration(r)),
        allowCredentials: r.maybe(() => true),
        unmatchedPreflights: r.maybe(() => r.one('FORWARD', 'IGNORE')),
      }),
      0.2,
    ),
    headers: r.maybe(() => headers(r)),
  };
}
