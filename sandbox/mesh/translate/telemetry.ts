/** The Telemetry settings of one proxy (istiod, `pilot/pkg/model/telemetry.go`). */
import { LOGGER, type MetricsOverride, type Telemetry, telemetriesFor } from '../kinds/telemetry.ts';
import type { ProxyContext } from '../model/proxy-context.ts';
import type { PushContext } from '../model/push-context.ts';

export type End = 'CLIENT' | 'SERVER';

export interface MetricRule {
  readonly disabled: boolean;
  /** The names of labels to leave out. */
  readonly without: readonly string[];
}

export interface EndTelemetry {
  /** The CEL filter of each log, empty for all requests. `undefined` for the mesh's settings. */
  readonly logs: readonly string[] | undefined;
  /** Rules by the metric's name in Istio's API, e.g. `REQUEST_COUNT`. */
  readonly metrics: Readonly<Record<string, MetricRule>>;
}

export type ProxyTelemetry = Readonly<Record<End, EndTelemetry>>;

const METRICS = [
  ...['REQUEST_COUNT', 'REQUEST_DURATION', 'REQUEST_SIZE', 'RESPONSE_SIZE'],
  ...['TCP_OPENED_CONNECTIONS', 'TCP_CLOSED_CONNECTIONS', 'TCP_SENT_BYTES', 'TCP_RECEIVED_BYTES'],
] as const;
const NOTHING: EndTelemetry = { logs: undefined, metrics: {} };
/** The settings when no Telemetry applies. A single object, so that results can be shared. */
export const NO_TELEMETRY: ProxyTelemetry = { CLIENT: NOTHING, SERVER: NOTHING };

export function telemetryOf(push: PushContext, proxy: ProxyContext): ProxyTelemetry {
  const all = telemetriesFor(push, proxy);
  if (all.length === 0) return NO_TELEMETRY;
  const logged = push.settings.accessLog.file !== '';
  const of = (end: End): EndTelemetry => ({ logs: logsOf(all, end, logged), metrics: metricsOf(all, end) });
  return { CLIENT: of('CLIENT'), SERVER: of('SERVER') };
}

function isFor(match: { readonly mode?: string } | undefined, end: End): boolean {
  const { mode = 'CLIENT_AND_SERVER' } = match ?? {};
  return mode === 'CLIENT_AND_SERVER' || mode === end;
}

/** The most specific object with log settings decides. Without a provider, it uses that of the less specific one. */
function logsOf(all: readonly Telemetry[], end: End, byMesh: boolean): readonly string[] | undefined {
  const speaking = all.filter(({ spec }) => (spec?.accessLogging ?? []).length > 0);
  if (speaking.length === 0) return undefined;
  let providers: readonly string[] = byMesh ? [LOGGER] : [];
  let filters: readonly string[] = byMesh ? [''] : [];
  for (const { spec } of speaking) {
    const entries = (spec?.accessLogging ?? []).filter(({ match }) => isFor(match, end));
    if (entries.length === 0) continue;
    const before = providers;
    const chosen = entries.map(({ providers: own = [], disabled = false, filter }) => {
      const names = own.length > 0 ? own.map(({ name = '' }) => name) : before;
      return { names, disabled, expression: filter?.expression ?? '' };
    });
    providers = [...new Set(chosen.flatMap(({ names }) => names))];
    filters = chosen
      .filter(({ names, disabled }) => !disabled && names.includes(LOGGER))
      .map(({ expression }) => expression);
  }
  return [...new Set(filters)];
}

function metricsOf(all: readonly Telemetry[], end: End): Readonly<Record<string, MetricRule>> {
  const rules: Record<string, MetricRule> = {};
  const overrides = all
    .flatMap(({ spec }) => (spec?.metrics ?? []).flatMap((metrics) => metrics.overrides ?? []))
    .filter(({ match }) => isFor(match, end));
  for (const override of overrides)
    for (const metric of metricsMeant(override)) rules[metric] = after(rules[metric], override);
  return rules;
}

function metricsMeant({ match }: MetricsOverride): readonly string[] {
  const { metric = 'ALL_METRICS' } = match ?? {};
  return metric === 'ALL_METRICS' ? METRICS : [metric];
}

function after(rule: MetricRule | undefined, { disabled, tagOverrides = {} }: MetricsOverride): MetricRule {
  const removed = Object.entries(tagOverrides).flatMap(([tag, { operation }]) => (operation === 'REMOVE' ? [tag] : []));
  return {
    disabled: disabled ?? rule?.disabled ?? false,
    without: [...new Set([...(rule?.without ?? []), ...removed])].sort(),
  };
}
