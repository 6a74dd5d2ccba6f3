/** Telemetry: which requests a proxy logs, and which of Istio's metrics it counts. */
import { type KubeObject, resource } from '../../client/client.ts';
import type { FieldSupport } from '../../fields/support.ts';
import { selects } from '../model/names.ts';
import type { ProxyContext } from '../model/proxy-context.ts';
import type { PushContext } from '../model/push-context.ts';
import type { MeshKind } from './kind.ts';
import { telemetryProblems } from './telemetry-validation.ts';

type Mode = 'CLIENT_AND_SERVER' | 'CLIENT' | 'SERVER';

interface Provider {
  readonly name?: string;
}
export interface AccessLogging {
  readonly match?: { readonly mode?: Mode };
  readonly providers?: readonly Provider[];
  readonly disabled?: boolean;
  readonly filter?: { readonly expression?: string };
}
export interface MetricsOverride {
  readonly match?: { readonly metric?: string; readonly mode?: Mode };
  readonly disabled?: boolean;
  readonly tagOverrides?: Readonly<Record<string, { readonly operation?: string; readonly value?: string }>>;
}
interface Metrics {
  readonly providers?: readonly Provider[];
  readonly overrides?: readonly MetricsOverride[];
}
export interface Telemetry extends KubeObject {
  readonly spec?: {
    readonly selector?: { readonly matchLabels?: Readonly<Record<string, string>> };
    readonly accessLogging?: readonly AccessLogging[];
    readonly metrics?: readonly Metrics[];
  };
}

/** The only provider of logs here: lines on the proxy's standard output, or in the mesh's file. */
export const LOGGER = 'envoy';
const COUNTER = 'prometheus';

const FIELDS: FieldSupport = {
  supported: [
    'spec.selector',
    'spec.accessLogging[].match.mode',
    `spec.accessLogging[].providers[].name=${LOGGER}`,
    'spec.accessLogging[].disabled',
    'spec.accessLogging[].filter.expression',
    `spec.metrics[].providers[].name=${COUNTER}`,
    'spec.metrics[].overrides[].match.metric',
    'spec.metrics[].overrides[].match.mode',
    'spec.metrics[].overrides[].disabled',
    'spec.metrics[].overrides[].tagOverrides.*.operation=REMOVE',
  ],
  unsupported: {
    'spec.accessLogging[].providers': `the only provider is ${LOGGER}`,
    'spec.metrics[].providers': `the only provider is ${COUNTER}`,
    'spec.metrics[].overrides[].match.customMetric': "proxies count Istio's own metrics only",
    'spec.metrics[].overrides[].tagOverrides': 'tags can be removed, not set',
    'spec.metrics[].reportingInterval': 'metrics are read from the proxy',
    'spec.tracing': 'no traces are collected',
    'spec.targetRef': 'select workloads with selector',
    'spec.targetRefs': 'select workloads with selector',
  },
};

export const TELEMETRIES = resource<Telemetry>('telemetry.istio.io/v1alpha1', 'Telemetry', 'telemetries');

export const TELEMETRY: MeshKind<Telemetry> = { resource: TELEMETRIES, fields: FIELDS, problems: telemetryProblems };

/** The Telemetry objects of the mesh, the namespace and the workload, in this order. Of each, the oldest. */
export function telemetriesFor(push: PushContext, { namespace, labels }: ProxyContext): readonly Telemetry[] {
  const all = push.rules(TELEMETRIES);
  const whole = (where: string): Telemetry | undefined =>
    all.find((one) => one.metadata.namespace === where && !hasSelector(one));
  const workload = all.find(
    (one) =>
      one.metadata.namespace === namespace && hasSelector(one) && selects(one.spec?.selector?.matchLabels, labels),
  );
  return [whole(push.root), namespace === push.root ? undefined : whole(namespace), workload].filter(
    (one) => one !== undefined,
  );
}

function hasSelector({ spec }: Telemetry): boolean {
  return Object.keys(spec?.selector?.matchLabels ?? {}).length > 0;
}
