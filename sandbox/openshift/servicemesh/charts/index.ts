/** The objects of each component of a control plane. Pure. */
import type { AnyObject } from '../../../client/kinds.ts';
import type { ControlPlaneSpec } from '../../kinds.ts';
import type { MeshFigures } from '../../release.ts';
import { grafana, jaeger, kiali, prometheus } from './addons.ts';
import { discovery, wasmCacher } from './discovery.ts';
import { egressGateway, ingressGateway } from './gateways.ts';
import { meshConfig } from './mesh-config.ts';
import { type Chart, stamp } from './parts.ts';

const CHARTS: Record<string, (chart: Chart) => AnyObject[]> = {
  'istio-discovery': discovery,
  'mesh-config': meshConfig,
  prometheus,
  tracing: jaeger,
  'istio-ingress': ingressGateway,
  'istio-egress': egressGateway,
  grafana,
  kiali,
  'wasm-cacher': wasmCacher,
};

/** The objects of a component, with labels and owner. Telemetry has none that the sandbox needs. */
export function render(chart: Chart, component: string): AnyObject[] {
  return (CHARTS[component]?.(chart) ?? []).map((object) => stamp(chart, component, object));
}

/** The installation stages of a control plane, without the components that its spec disables. */
export function stagesOf(spec: ControlPlaneSpec, figures: MeshFigures): string[][] {
  const { addons = {}, gateways } = spec;
  const enabled: Record<string, boolean> = {
    prometheus: addons['prometheus']?.enabled !== false,
    grafana: addons['grafana']?.enabled !== false && addons['prometheus']?.enabled !== false,
    kiali: addons['kiali']?.enabled !== false,
    tracing: hasTracing(spec),
    'istio-ingress': gateways?.enabled !== false && gateways?.ingress?.enabled !== false,
    'istio-egress': gateways?.enabled !== false && gateways?.egress?.enabled !== false,
  };
  return figures.stages
    .map((stage) => stage.filter((component) => enabled[component] !== false))
    .filter((stage) => stage.length > 0);
}

export function hasTracing(spec: ControlPlaneSpec): boolean {
  return (spec.tracing?.type ?? 'Jaeger') === 'Jaeger';
}
