/** Valid and invalid values for rules. */
import type { Random } from '../../../../test/support/random.ts';

export const NETWORKING = 'networking.istio.io/v1beta1';
export const SECURITY = 'security.istio.io/v1beta1';
export const NAMESPACE = 'orchard';

/** API version, kind and spec. */
export type Made = readonly [string, string, object];

export const host = (r: Random): string =>
  r.mostly(
    [
      'fruit',
      'cider',
      'fruit.orchard',
      'fruit.orchard.svc.cluster.local',
      'FRUIT.test',
      'fruit.test',
      '*.test',
      '10.9.9.9',
      'nobody.example.com',
    ],
    [
      'fruit',
      'cider',
      'fruit.orchard',
      'fruit.orchard.svc.cluster.local',
      'FRUIT.test',
      'fruit.test',
      '*.test',
      '*test.test',
      '*.local',
      '*',
      '10.9.9.9',
      'a.b.',
      'nobody.example.com',
      'x'.repeat(64),
      'under_score.test',
      '-bad.test',
      '',
    ],
  );
export const text = (r: Random): string =>
  r.mostly(
    ['plain', ' spaced ', '100%%', '%REQ(X-A)%', '%NOPE%', '%DOWNSTREAM_REMOTE_ADDRESS%', 'ünïcode', '%REQ%'],
    [
      'plain',
      '',
      ' spaced ',
      'ünïcode',
      '100%',
      '100%%',
      '%REQ(X-A)%',
      '%NOPE%',
      '%REQ%',
      '%DOWNSTREAM_REMOTE_ADDRESS%',
      '%START_TIME(%Y)%',
      'a\tb',
      'a\nb',
      '"quoted"',
      '%UPSTREAM_METADATA(["a","b"])%',
      '%PER_REQUEST_STATE(x)%',
    ],
  );
export const headerName = (r: Random): string =>
  r.mostly(
    ['x-a', 'X-Upper', 'x_underscore', 'x-envoy-attempt-count', 'content-length'],
    [
      'x-a',
      'X-Upper',
      'host',
      'Host',
      ':authority',
      ':path',
      ':method',
      'with space',
      'a:b',
      '',
      'ünïcode',
      'x_underscore',
      'content-length',
      'transfer-encoding',
      'x-envoy-attempt-count',
      '@request.auth.claims.sub',
      'a{b}',
    ],
  );
export const regex = (r: Random): string =>
  r.mostly(
    [
      '.*',
      '/a/[^/]+',
      '(?i)fire',
      '\\d+',
      '(a)(b)',
      '[[:alpha:]]',
      '\\pL',
      '(?P<n>a)',
      '^$',
      'a{2,5}',
      '[]a]',
      '\\Qa.b\\E',
      '(?s).',
      '\\z',
      '\\x{41}',
    ],
    [
      '.*',
      '/a/[^/]+',
      '[a',
      'a{2,1}',
      'a{1,2000}',
      '(a{100}){100}',
      '(?=a)',
      '(?i)fire',
      '\\d+',
      '\\1',
      '(a)(b)',
      '*',
      '',
      '^$',
      '[[:alpha:]]',
      '\\pL',
      '\\Qa.b\\E',
      '(?P<n>a)',
      'a**',
      'a|*',
      '[z-a]',
      '\\u0041',
      '\\x{41}',
      '\\C',
      '(?<n>a)',
      'x{,3}',
      '(?s).',
      '\\z',
      '[]a]',
      '[^]',
      '(?m)^a$',
      '\\8',
    ],
  );
export const duration = (r: Random): string =>
  r.mostly(
    ['1s', '1.5s', '1h', '100ms', '1m30s'],
    ['1s', '0s', '0.5ms', '1.5s', '-1s', '1h', '100ms', 'fast', '999999h', '1m30s', '10us'],
  );
export const percent = (r: Random) => ({ value: r.mostly([0, 0.1, 50, 100, 33.333333], [101, -1]) });
export const port = (r: Random): number =>
  r.mostly([8111, 80, 443, 65_535, 9_000, 15_001], [8111, 80, 443, 0, -1, 65_535, 65_536, 15_001, 15_006, 15_021]);
export const stringMatch = (r: Random): object =>
  r.one<() => object>(
    () => ({ exact: text(r) }),
    () => ({ prefix: r.mostly(['/', '/a', 'a'], ['']) }),
    () => ({ regex: regex(r) }),
    () => ({}),
  )();
export const map = (r: Random, value: (r: Random) => unknown): object =>
  Object.fromEntries(r.some(2, () => [headerName(r), value(r)], 1));
