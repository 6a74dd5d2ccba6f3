/** For tests of the operator: a control plane. */
import type { ControlPlane } from '../kinds.ts';

export function plane(status?: ControlPlane['status']): ControlPlane {
  const metadata = { name: 'basic', namespace: 'mesh', generation: 1, uid: 'u' };
  const one = {
    apiVersion: 'maistra.io/v2',
    kind: 'ServiceMeshControlPlane',
    metadata,
    spec: { version: 'v2.0', profiles: ['default'] },
  };
  return status === undefined ? one : { ...one, status };
}
