/** Istio kinds whose objects are stored, but have no effect in the mesh. */
import { type FieldSupport, type KindSupport, withoutEffect } from '../../fields/support.ts';

const of = (group: string, kind: string, plural: string, support: FieldSupport): KindSupport => ({
  group,
  kind,
  plural,
  support,
});

export const STORED_KINDS: readonly KindSupport[] = [
  of('extensions.istio.io', 'WasmPlugin', 'wasmplugins', withoutEffect('the proxies load no extensions')),
  of('networking.istio.io', 'ProxyConfig', 'proxyconfigs', withoutEffect('the proxies start as they are')),
  of('networking.istio.io', 'WorkloadGroup', 'workloadgroups', withoutEffect('no workloads outside of pods are known')),
];
