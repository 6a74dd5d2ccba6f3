/** Rules of all kinds with values that people write, right and wrong: what the webhook takes of them a proxy must take too. */

import { type Random, written } from '../../../test/support/random.ts';
import type { KubeObject } from '../../client/client.ts';

interface WildRule extends KubeObject {
  readonly spec: object;
}

const NETWORKING = 'networking.istio.io/v1beta1';
const SECURITY = 'security.istio.io/v1beta1';
const NAMESPACE = 'orchard';

export function wildRules(random: Random, count: number): readonly WildRule[] {
  const makers = [
    virtualService,
    virtualService,
    virtualService,
    destinationRule,
    destinationRule,
    serviceEntry,
    gateway,
    authorization,
    sidecar,
  ];
  return Array.from({ length: count }, (_, index) => {
    const [apiVersion, kind, spec] = random.one(virtualService, ...makers)(random);
    const metadata = { name: `rule-${index}`, namespace: random.one(NAMESPACE, NAMESPACE, 'other') };
    return written({ apiVersion, kind, metadata, spec });
  });
}

type Made = readonly [string, string, object];

const host = (r: Random): string =>
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
const text = (r: Random): string =>
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
const headerName = (r: Random): string =>
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
const regex = (r: Random): string =>
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
const duration = (r: Random): string =>
  r.mostly(
    ['1s', '1.5s', '1h', '100ms', '1m30s'],
    ['1s', '0s', '0.5ms', '1.5s', '-1s', '1h', '100ms', 'fast', '999999h', '1m30s', '10us'],
  );
const percent = (r: Random) => ({ value: r.mostly([0, 0.1, 50, 100, 33.333333], [101, -1]) });
const port = (r: Random): number =>
  r.mostly([8111, 80, 443, 65_535, 9_000, 15_001], [8111, 80, 443, 0, -1, 65_535, 65_536, 15_001, 15_006, 15_021]);
const stringMatch = (r: Random): object =>
  r.one<() => object>(
    () => ({ exact: text(r) }),
    () => ({ prefix: r.mostly(['/', '/a', 'a'], ['']) }),
    () => ({ regex: regex(r) }),
    () => ({}),
  )();
const map = (r: Random, value: (r: Random) => unknown): object =>
  Object.fromEntries(r.some(2, () => [headerName(r), value(r)], 1));
const operations = (r: Random) => ({
  set: r.maybe(() => map(r, text)),
  add: r.maybe(() => map(r, text)),
  remove: r.maybe(() => [headerName(r)]),
});
const headers = (r: Random) => ({
  request: r.maybe(() => operations(r), 0.6),
  response: r.maybe(() => operations(r), 0.6),
});
const destination = (r: Random) => ({
  host: host(r),
  subset: r.maybe(() => r.mostly(['ripe', 'green', 'nothing', ''], ['Bad_name'])),
  port: r.maybe(() => ({ number: port(r) })),
});
const weighted = (r: Random) => ({
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

function httpRoute(r: Random): object {
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

function virtualService(r: Random): Made {
  return [
    NETWORKING,
    'VirtualService',
    {
      hosts: r.some(2, () => host(r), r.mostly([1], [0])),
      gateways: r.maybe(
        () => r.some(2, () => r.one('north', 'mesh', 'orchard/north', './north', 'north.orchard', 'other/south'), 1),
        0.7,
      ),
      http: r.maybe(() => r.some(3, () => httpRoute(r), 1), 0.9),
      tcp: r.maybe(() => [{ match: r.maybe(() => [{ port: port(r) }]), route: r.some(2, () => weighted(r)) }], 0.1),
      tls: r.maybe(
        () => [
          {
            match: [{ sniHosts: r.some(2, () => host(r)), port: r.maybe(() => port(r)) }],
            route: r.some(2, () => weighted(r)),
          },
        ],
        0.1,
      ),
      exportTo: r.maybe(() => [r.one('*', '.', '~', NAMESPACE)], 0.1),
    },
  ];
}

function trafficPolicy(r: Random, deep = true): object {
  return {
    loadBalancer: r.maybe(() => ({
      simple: r.maybe(() =>
        r.one('ROUND_ROBIN', 'LEAST_CONN', 'LEAST_REQUEST', 'RANDOM', 'PASSTHROUGH', 'UNSPECIFIED'),
      ),
      consistentHash: r.maybe(() => ({
        httpHeaderName: r.maybe(() => headerName(r)),
        httpCookie: r.maybe(() => ({
          name: r.one('c', ''),
          path: r.maybe(() => '/'),
          ttl: r.maybe(() => duration(r), 0.8),
        })),
        useSourceIp: r.maybe(() => true),
        httpQueryParameterName: r.maybe(() => r.one('q', '')),
        minimumRingSize: r.maybe(() => r.one(0, 1, 9_999_999_999)),
        maglev: r.maybe(() => ({ tableSize: r.one(0, 7, 100, 65_537, 5_000_011) }), 0.2),
        ringHash: r.maybe(() => ({ minimumRingSize: 100_000_000 }), 0.2),
      })),
      warmup: r.maybe(
        () => ({
          duration: r.maybe(() => duration(r), 0.9),
          minimumPercent: r.maybe(() => r.one(0, 10, 101)),
          aggression: r.maybe(() => r.one(0, 1, 1.5)),
        }),
        0.2,
      ),
      warmupDurationSecs: r.maybe(() => duration(r), 0.2),
      localityLbSetting: r.maybe(() => ({ enabled: true }), 0.1),
    })),
    connectionPool: r.maybe(() => ({
      tcp: r.maybe(() => ({
        maxConnections: r.maybe(() => r.one(0, 1, -1, 2_147_483_647)),
        connectTimeout: r.maybe(() => duration(r)),
        tcpKeepalive: r.maybe(() => ({
          probes: r.maybe(() => r.one(0, 9)),
          time: r.maybe(() => duration(r)),
          interval: r.maybe(() => duration(r)),
        })),
        maxConnectionDuration: r.maybe(() => duration(r)),
      })),
      http: r.maybe(() => ({
        http1MaxPendingRequests: r.maybe(() => r.one(0, 1)),
        http2MaxRequests: r.maybe(() => r.one(0, 1)),
        maxRequestsPerConnection: r.maybe(() => r.one(0, 1)),
        maxRetries: r.maybe(() => r.one(0, 1, -1)),
        idleTimeout: r.maybe(() => duration(r)),
        h2UpgradePolicy: r.maybe(() => r.one('UPGRADE', 'DEFAULT')),
        useClientProtocol: r.maybe(() => true),
        maxConcurrentStreams: r.maybe(() => r.one(0, 10)),
      })),
    })),
    outlierDetection: r.maybe(() => ({
      consecutiveErrors: r.maybe(() => 3),
      consecutive5xxErrors: r.maybe(() => r.one(0, 5)),
      consecutiveGatewayErrors: r.maybe(() => r.one(0, 5)),
      consecutiveLocalOriginFailures: r.maybe(() => 2),
      splitExternalLocalOriginErrors: r.maybe(() => true),
      interval: r.maybe(() => duration(r)),
      baseEjectionTime: r.maybe(() => duration(r)),
      maxEjectionPercent: r.maybe(() => r.one(0, 50, 100, 101)),
      minHealthPercent: r.maybe(() => r.mostly([0, 50], [101])),
    })),
    tls: r.maybe(() => ({
      mode: r.one('DISABLE', 'SIMPLE', 'MUTUAL', 'ISTIO_MUTUAL'),
      sni: r.maybe(() => host(r)),
      credentialName: r.maybe(() => 'c'),
      subjectAltNames: r.maybe(() => [text(r)]),
    })),
    ...(deep
      ? { portLevelSettings: r.maybe(() => [{ port: { number: port(r) }, ...trafficPolicy(r, false) }], 0.2) }
      : {}),
  };
}

function destinationRule(r: Random): Made {
  return [
    NETWORKING,
    'DestinationRule',
    {
      host: host(r),
      trafficPolicy: r.maybe(() => trafficPolicy(r), 0.8),
      subsets: r.some(3, () => ({
        name: r.mostly(['ripe', 'green'], ['a/b', 'x.y']),
        labels: { state: 'ripe' },
        trafficPolicy: r.maybe(() => trafficPolicy(r)),
      })),
      exportTo: r.maybe(() => [r.one('*', '.', '~')], 0.1),
    },
  ];
}

function serviceEntry(r: Random): Made {
  return [
    NETWORKING,
    'ServiceEntry',
    {
      hosts: r.some(2, () => host(r), 1),
      addresses: r.maybe(() =>
        r.some(2, () => r.one('10.9.9.9', '10.1.0.0/16', '10.1.0.0/99', 'name', '::1', '240.0.0.1'), 1),
      ),
      ports: r.some(
        2,
        (index) => ({
          number: r.one(8111, 443, 80, 15_001, 9_000 + index),
          name: `p${index}`,
          protocol: r.one('HTTP', 'HTTPS', 'TLS', 'TCP', 'GRPC', 'MONGO', 'HTTP2'),
          targetPort: r.maybe(() => port(r)),
        }),
        1,
      ),
      resolution: r.maybe(() => r.one('NONE', 'STATIC', 'DNS', 'DNS_ROUND_ROBIN'), 0.9),
      location: r.maybe(() => r.one('MESH_EXTERNAL', 'MESH_INTERNAL')),
      endpoints: r.maybe(() =>
        r.some(2, () => ({
          address: r.one('10.2.3.4', 'name.test', '*', '', 'unix:///x', '::1'),
          ports: r.maybe(() => ({ p0: port(r), p9: 1 }), 0.2),
          labels: r.maybe(() => ({ state: 'ripe' })),
        })),
      ),
    },
  ];
}

function gateway(r: Random): Made {
  return [
    NETWORKING,
    'Gateway',
    {
      selector: { gate: 'north' },
      servers: r.some(
        3,
        (index) => {
          const protocol = r.one('HTTP', 'HTTP', 'HTTPS', 'TLS', 'TCP', 'http', 'NOPE', 'GRPC', 'HTTP2');
          return {
            port: {
              number: r.one(80, 443, 8443, 8111, port(r)),
              name: r.one(`p${index}`, 'same', `p${index}`),
              protocol,
            },
            hosts: r.some(2, () => r.one('*', '*.test', 'fruit.test', 'orchard/*', './*', host(r)), 1),
            tls: r.maybe(
              () => ({
                mode: r.maybe(
                  () => r.one('SIMPLE', 'MUTUAL', 'PASSTHROUGH', 'ISTIO_MUTUAL', 'AUTO_PASSTHROUGH', 'OPTIONAL_MUTUAL'),
                  0.9,
                ),
                credentialName: r.maybe(() => 'c', 0.7),
                httpsRedirect: r.maybe(() => true, 0.2),
              }),
              protocol === 'HTTP' ? 0.1 : 0.9,
            ),
          };
        },
        1,
      ),
    },
  ];
}

function authorization(r: Random): Made {
  const values = (...more: readonly string[]): readonly string[] => [
    r.one('*', 'a*', '*a', 'a', 'a(b', '**', '', ...more),
  ];
  return [
    SECURITY,
    'AuthorizationPolicy',
    {
      action: r.maybe(() => r.one('ALLOW', 'DENY', 'AUDIT', 'CUSTOM')),
      selector: r.maybe(() => ({ matchLabels: { gate: 'north' } })),
      rules: r.maybe(
        () =>
          r.some(2, () => ({
            from: r.maybe(() => [
              {
                source: {
                  principals: r.maybe(() => values('cluster.local/ns/a/sa/b')),
                  namespaces: r.maybe(() => values()),
                  ipBlocks: r.maybe(() => [r.one('10.0.0.0/8', '1.2.3.4', '10.0.0.0/33', 'x')]),
                  requestPrincipals: r.maybe(() => values('iss/*')),
                  notNamespaces: r.maybe(() => values()),
                },
              },
            ]),
            to: r.maybe(() => [
              {
                operation: {
                  paths: r.maybe(() => values('/a/{*}/b', '/{**}', '/a{*}', '{')),
                  methods: r.maybe(() => values('GET')),
                  hosts: r.maybe(() => values('*.test')),
                  ports: r.maybe(() => [r.one('80', '0', '70000', 'x')]),
                },
              },
            ]),
            when: r.maybe(() => [
              {
                key: r.one(
                  'request.headers[x-a]',
                  'request.headers[a b]',
                  'request.headers[]',
                  'request.headers[:path]',
                  'source.ip',
                  'request.auth.claims[a][b]',
                  'request.auth.claims[a]',
                  'nope',
                  'destination.port',
                  'connection.sni',
                ),
                values: values('80', '10.0.0.1'),
              },
            ]),
          })),
        0.9,
      ),
    },
  ];
}

function sidecar(r: Random): Made {
  return [
    NETWORKING,
    'Sidecar',
    {
      egress: r.maybe(() => [
        {
          hosts: r.some(
            2,
            () => r.one('./*', '*/*', 'other/*', `${NAMESPACE}/fruit.orchard.svc.cluster.local`, 'nonsense'),
            1,
          ),
        },
      ]),
      outboundTrafficPolicy: r.maybe(() => ({ mode: r.one('ALLOW_ANY', 'REGISTRY_ONLY') })),
      workloadSelector: r.maybe(() => ({ labels: { app: 'x' } }), 0.2),
    },
  ];
}
