/** What Telemetry objects ask of one proxy (istiod, `pilot/pkg/model/telemetry.go`). */
import { LOGGER, type MetricsOverride, type Telemetry, telemetriesFor } from '../kinds/telemetry.ts';
import type { ProxyContext } from '../model/proxy-context.ts';
import type { PushContext } from '../model/push-context.ts';

export type End = 'CLIENT' | 'SERVER';

export interface MetricRule {
  readonly disabled: boolean;
  /** Names of labels that are left out. */
  readonly without: readonly string[];
}

export interface EndTelemetry {
  /** Undefined: as the mesh's settings have it. Otherwise the CEL filter of each log, empty for all requests. */
  readonly logs: readonly string[] | undefined;
  /** By the metric's name in Istio's API: `REQUEST_COUNT`. */
  readonly metrics: Readonly<Record<string, MetricRule>>;
}

export type ProxyTelemetry = Readonly<Record<End, EndTelemetry>>;

const METRICS = [
  ...['REQUEST_COUNT', 'REQUEST_DURATION', 'REQUEST_SIZE', 'RESPONSE_SIZE'],
  ...['TCP_OPENED_CONNECTIONS', 'TCP_CLOSED_CONNECTIONS', 'TCP_SENT_BYTES', 'TCP_RECEIVED_BYTES'],
] as const;
const NOTHING: EndTelemetry = { logs: undefined, metrics: {} };
/** Where no Telemetry applies: one object, so that what is made from it can be shared. */
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

/** The narrowest object that speaks of logs has the word; without a provider it means the one of the wider. */
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
