/** The order of deletion: objects with an operator's finalizer before the operator, namespaces late. */
import type { GroupVersionResource } from '../proxy/request-info.ts';

/** Objects of one rank may be deleted together; the next rank waits until they are gone. */
export type Rank = 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7;

const OPERATED = new Set(['kiali.io', 'jaegertracing.io', 'logging.openshift.io']);
const OLM_RANKS: Readonly<Record<string, Rank>> = {
  subscriptions: 3,
  installplans: 3,
  clusterserviceversions: 4,
  operatorgroups: 5,
  catalogsources: 5,
};

/** @param late whether it must be deleted after its operator. */
export function rankOf({ group, resource }: GroupVersionResource, late = false): Rank {
  if (late && group !== 'apiextensions.k8s.io') return 5;
  if (group === 'maistra.io') return resource === 'servicemeshcontrolplanes' ? 2 : 1;
  if (OPERATED.has(group)) return 2;
  if (group === 'operators.coreos.com') return OLM_RANKS[resource] ?? 5;
  if (group === '' && resource === 'namespaces') return 6;
  if (group === 'apiextensions.k8s.io') return 7;
  return 0;
}
