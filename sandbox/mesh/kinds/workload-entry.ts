/** WorkloadEntry: accepted without effect. */

import { type KubeObject, resource } from '../../client/client.ts';
import { withoutEffect } from '../../fields/support.ts';
import type { MeshKind } from './kind.ts';

export const WORKLOAD_ENTRY: MeshKind = {
  resource: resource<KubeObject>('networking.istio.io/v1beta1', 'WorkloadEntry', 'workloadentries'),
  fields: withoutEffect('no workloads outside of pods are known'),
};
