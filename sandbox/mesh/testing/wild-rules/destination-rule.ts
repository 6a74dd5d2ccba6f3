/** DestinationRules. */
import type { Random } from '../../../../test/support/random.ts';
import { duration, headerName, host, type Made, NETWORKING, port, text } from './values.ts';

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

export function destinationRule(r: Random): Made {
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
