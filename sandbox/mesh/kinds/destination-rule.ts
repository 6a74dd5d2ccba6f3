/** DestinationRule: validation with Istio's messages, and fields without effect. */
import type { FieldSupport } from '../../fields/support.ts';
import { DESTINATION_RULES, type DestinationRule, type Subset, type TrafficPolicy } from '../model/destination-rule.ts';
import { requireUnsigned } from './decoding.ts';
import type { MeshKind } from './kind.ts';
import { exportToProblems, labelProblems } from './selector.ts';
import {
  durationProblems,
  hostProblems,
  nonNegative,
  percentProblems,
  portProblems,
  subsetProblems,
} from './values.ts';

const POLICY = [
  'loadBalancer.simple',
  'loadBalancer.consistentHash',
  'loadBalancer.warmup',
  'loadBalancer.warmupDurationSecs',
  'connectionPool.tcp.maxConnections',
  'connectionPool.tcp.connectTimeout',
  'connectionPool.tcp.tcpKeepalive',
  'connectionPool.tcp.maxConnectionDuration',
  'connectionPool.http.http1MaxPendingRequests',
  'connectionPool.http.http2MaxRequests',
  'connectionPool.http.maxRequestsPerConnection',
  'connectionPool.http.maxRetries',
  'connectionPool.http.idleTimeout',
  'connectionPool.http.h2UpgradePolicy',
  'connectionPool.http.useClientProtocol',
  'connectionPool.http.maxConcurrentStreams',
  'outlierDetection.consecutiveErrors',
  'outlierDetection.consecutive5xxErrors',
  'outlierDetection.consecutiveGatewayErrors',
  'outlierDetection.consecutiveLocalOriginFailures',
  'outlierDetection.splitExternalLocalOriginErrors',
  'outlierDetection.interval',
  'outlierDetection.baseEjectionTime',
  'outlierDetection.maxEjectionPercent',
  'outlierDetection.minHealthPercent',
  'tls.mode',
  'tls.sni',
  'tls.credentialName',
  'tls.subjectAltNames',
];
const FILES = 'certificates come from the Secret named by credentialName, not from files in the proxy';
const NOT_HERE: Readonly<Record<string, string>> = {
  'loadBalancer.localityLbSetting': 'everything is in one place',
  tunnel: 'connections are not tunnelled',
  proxyProtocol: 'no PROXY header is sent',
  'tls.clientCertificate': FILES,
  'tls.privateKey': FILES,
  'tls.caCertificates': FILES,
};
/** The places of a traffic policy. */
const POLICIES = ['spec.trafficPolicy', 'spec.subsets[].trafficPolicy'].flatMap((at) => [
  at,
  `${at}.portLevelSettings[]`,
]);

const FIELDS: FieldSupport = {
  supported: [
    'spec.host',
    'spec.exportTo',
    'spec.workloadSelector.matchLabels',
    'spec.subsets[].name',
    'spec.subsets[].labels',
    'spec.trafficPolicy.portLevelSettings[].port',
    'spec.subsets[].trafficPolicy.portLevelSettings[].port',
    ...POLICIES.flatMap((at) => POLICY.map((field) => `${at}.${field}`)),
  ],
  unsupported: Object.fromEntries(
    POLICIES.flatMap((at) => Object.entries(NOT_HERE).map(([field, why]) => [`${at}.${field}`, why])),
  ),
};

export const DESTINATION_RULE: MeshKind<DestinationRule> = {
  resource: DESTINATION_RULES,
  fields: FIELDS,
  problems: ({ metadata, spec }) => [...problems(spec ?? {}), ...exportToProblems(metadata.namespace, spec?.exportTo)],
  unsupported,
};

function unsupported({ spec }: DestinationRule): readonly string[] {
  const policies = [spec.trafficPolicy, ...(spec.subsets ?? []).map(({ trafficPolicy }) => trafficPolicy)];
  const levels = policies.flatMap((policy) => [policy, ...(policy?.portLevelSettings ?? [])]);
  const shown = levels.some((policy) => policy?.tls?.mode === 'MUTUAL' && policy.tls.credentialName === undefined);
  return shown ? [`tls: ${FILES}, so MUTUAL shows none`] : [];
}

function problems(spec: Partial<DestinationRule['spec']>): readonly string[] {
  const { host = '', subsets = [] } = spec;
  const names = subsets.map(({ name }) => name);
  const twice = names.filter((name, index) => names.indexOf(name) !== index);
  return [
    ...(host === '' ? ['destination rule host cannot be empty'] : hostProblems(host)),
    ...policyProblems(spec.trafficPolicy),
    ...subsets.flatMap(subsetOf),
    ...[...new Set(twice)].map((name) => `duplicate subset names: ${name}`),
  ];
}

function subsetOf({ name, labels, trafficPolicy }: Subset): readonly string[] {
  return [...subsetProblems(name ?? ''), ...labelProblems(labels), ...policyProblems(trafficPolicy)];
}

function policyProblems(policy: TrafficPolicy | undefined): readonly string[] {
  if (policy === undefined) return [];
  if (Object.keys(policy).length === 0) return ['traffic policy must have at least one field'];
  return [
    ...poolProblems(policy.connectionPool),
    ...outlierProblems(policy.outlierDetection),
    ...balancerProblems(policy.loadBalancer),
    ...tlsProblems(policy.tls),
    ...(policy.portLevelSettings ?? []).flatMap(({ port, ...level }) => [
      ...(port === undefined ? ['portTrafficPolicy must have valid port'] : portProblems(port.number)),
      ...(Object.keys(level).length === 0
        ? ['port traffic policy must have at least one field']
        : policyProblems(level)),
    ]),
  ];
}

/** Of the client's TLS. */
function tlsProblems(tls: TrafficPolicy['tls']): readonly string[] {
  const {
    mode = 'DISABLE',
    credentialName = '',
    clientCertificate = '',
    privateKey = '',
    caCertificates = '',
  } = tls ?? {};
  if (credentialName !== '' && (mode === 'SIMPLE' || mode === 'MUTUAL'))
    return clientCertificate + privateKey + caCertificates === ''
      ? []
      : ['cannot specify client certificates or CA certificate or CA CRL If credentialName is set'];
  if (mode !== 'MUTUAL') return [];
  return [
    ...(clientCertificate === '' ? ['client certificate required for mutual tls'] : []),
    ...(privateKey === '' ? ['private key required for mutual tls'] : []),
  ];
}

function poolProblems(pool: TrafficPolicy['connectionPool']): readonly string[] {
  if (pool === undefined) return [];
  const { tcp, http } = pool;
  if (tcp === undefined && http === undefined) return ['connection pool must have at least one field'];
  return [
    ...nonNegative(tcp?.maxConnections, 'max connections'),
    ...durationProblems(tcp?.connectTimeout),
    ...durationProblems(tcp?.maxConnectionDuration),
    ...durationProblems(tcp?.idleTimeout),
    ...durationProblems(tcp?.tcpKeepalive?.time),
    ...durationProblems(tcp?.tcpKeepalive?.interval),
    ...nonNegative(http?.maxConcurrentStreams, 'max concurrent streams'),
    ...nonNegative(http?.http1MaxPendingRequests, 'http1 max pending requests'),
    ...nonNegative(http?.http2MaxRequests, 'http2 max requests'),
    ...nonNegative(http?.maxRequestsPerConnection, 'max requests per connection'),
    ...nonNegative(http?.maxRetries, 'max retries'),
    ...durationProblems(http?.idleTimeout),
  ];
}

function outlierProblems(outlier: TrafficPolicy['outlierDetection']): readonly string[] {
  const local = outlier?.consecutiveLocalOriginFailures ?? 0;
  requireUnsigned(outlier?.consecutive5xxErrors, outlier?.consecutiveGatewayErrors, local);
  return [
    ...(local > 0 && outlier?.splitExternalLocalOriginErrors !== true
      ? [
          'outlier detection consecutive local origin failures is specified, but split external local origin errors is set to false',
        ]
      : []),
    ...durationProblems(outlier?.interval),
    ...durationProblems(outlier?.baseEjectionTime),
    ...percentProblems(outlier?.maxEjectionPercent),
    ...percentProblems(outlier?.minHealthPercent),
  ];
}

function balancerProblems(balancer: TrafficPolicy['loadBalancer']): readonly string[] {
  const { consistentHash: hash, warmup } = balancer ?? {};
  const { httpCookie: cookie, maglev, minimumRingSize = 0, ringHash } = hash ?? {};
  return [
    ...(cookie !== undefined && (cookie.name ?? '') === '' ? ['name required for HttpCookie'] : []),
    ...durationProblems(cookie?.ttl === '0s' ? undefined : cookie?.ttl),
    ...(minimumRingSize !== 0 && (maglev ?? ringHash) !== undefined
      ? ['only one of MinimumRingSize or Maglev/Ringhash can be specified']
      : []),
    ...(maglev === undefined ? [] : maglevProblems(maglev.tableSize ?? 0)),
    ...(warmup === undefined
      ? []
      : [
          ...(warmup.duration === undefined ? ['duration is required'] : durationProblems(warmup.duration)),
          ...((warmup.minimumPercent ?? 0) > 100 ? ['minimumPercent value should be less than or equal to 100'] : []),
          ...((warmup.aggression ?? 1) < 1 ? ['aggression should be greater than or equal to 1'] : []),
        ]),
    ...durationProblems(balancer?.warmupDurationSecs),
  ];
}

function maglevProblems(size: number): readonly string[] {
  if (size === 0) return ['tableSize must be set for maglev'];
  if (size >= 5_000_011) return ['tableSize must be less than 5000011 for maglev'];
  return isPrime(size) ? [] : ['tableSize must be a prime number for maglev'];
}

function isPrime(number: number): boolean {
  if (number < 4) return number > 0;
  for (let factor = 2; factor * factor <= number; factor += 1) if (number % factor === 0) return false;
  return true;
}
