/** Validation of a Telemetry, with Istio's messages. */
import { at, type Fields, listAt, recordAt, recordsAt, textAt, textMap } from '../../../model/fields.ts';
import type { KubeObject } from '../../client/client.ts';
import { requireEnum } from './decoding.ts';
import { selectorProblems } from './selector.ts';

export function telemetryProblems(telemetry: KubeObject): readonly string[] {
  const under = (...path: string[]): readonly Fields[] => recordsAt(telemetry, 'spec', ...path);
  return [
    ...selectorProblems({ matchLabels: textMap(at(telemetry, 'spec', 'selector', 'matchLabels')) }),
    ...under('metrics').flatMap(metricsProblems),
    ...under('tracing').flatMap(tracingProblems),
    ...under('accessLogging').flatMap(providersProblems),
  ];
}

function providersProblems(part: Fields): readonly string[] {
  return listAt(part, 'providers').some((provider) => (textAt(provider, 'name') ?? '') === '')
    ? ['providers.name may not be empty']
    : [];
}

function tracingProblems(tracing: Fields): readonly string[] {
  const share = tracing['randomSamplingPercentage'];
  const isShare = share === undefined || (typeof share === 'number' && share >= 0 && share <= 100);
  return [
    ...providersProblems(tracing),
    ...(isShare ? [] : ['randomSamplingPercentage must be in range [0.0, 100.0]']),
    ...Object.entries(recordAt(tracing, 'customTags') ?? {}).flatMap(([name, tag]) => tagProblems(name, tag)),
  ];
}

function tagProblems(name: string, tag: unknown): readonly string[] {
  const empty = (kind: string, key: string): boolean => {
    const value = recordAt(tag, kind);
    return value !== undefined && (textAt(value, key) ?? '') === '';
  };
  return [
    ...(name === '' ? ['tag name may not be empty'] : []),
    ...(empty('literal', 'value') ? ['literal tag value may not be empty'] : []),
    ...(empty('header', 'name') ? ['header tag name may not be empty'] : []),
    ...(empty('environment', 'name') ? ['environment tag name may not be empty'] : []),
  ];
}

function metricsProblems(metrics: Fields): readonly string[] {
  return [...providersProblems(metrics), ...recordsAt(metrics, 'overrides').flatMap(overrideProblems)];
}

const METRICS = [
  ...['ALL_METRICS', 'REQUEST_COUNT', 'REQUEST_DURATION', 'REQUEST_SIZE', 'RESPONSE_SIZE'],
  ...['TCP_OPENED_CONNECTIONS', 'TCP_CLOSED_CONNECTIONS', 'TCP_SENT_BYTES', 'TCP_RECEIVED_BYTES'],
  ...['GRPC_REQUEST_MESSAGES', 'GRPC_RESPONSE_MESSAGES'],
];

function overrideProblems(override: Fields): readonly string[] {
  requireEnum(textAt(override, 'match', 'metric'), 'istio.telemetry.v1alpha1.MetricSelector.IstioMetric', METRICS);
  const tags = Object.values(recordAt(override, 'tagOverrides') ?? {});
  return [
    ...tags.flatMap((tag) => {
      const [operation = 'UPSERT', value = ''] = [textAt(tag, 'operation'), textAt(tag, 'value')];
      if (operation === 'UPSERT')
        return value === '' ? ['tagOverrides.value must be set when operation is UPSERT'] : [];
      return value === '' ? [] : ['tagOverrides.value may only be set when operation is UPSERT'];
    }),
    ...(textAt(override, 'match', 'customMetric') === '' ? ['customMetric may not be empty'] : []),
  ];
}
