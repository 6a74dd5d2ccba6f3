/** WorkloadEntry: can be made, and has no effect. */

import { type KubeObject, resource } from '../../client/client.ts';
import type { MeshKind } from './kind.ts';

export const WORKLOAD_ENTRY: MeshKind = {
  resource: resource<KubeObject>('networking.istio.io/v1beta1', 'WorkloadEntry', 'workloadentries'),
  unsupported: () => ['the sandbox does not follow WorkloadEntries'],
};
