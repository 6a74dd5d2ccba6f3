import { textAt } from '../../tree.ts';
import { onManifests } from '../operator.ts';

const PATH = ['spec', 'version'];

export const version = onManifests({
  name: 'platform/version',
  summary: 'a control plane has a version that its operator does not know',
  missing: 'a step that waits until the control plane is ready',
  kinds: ['ServiceMeshControlPlane', 'Istio', 'IstioCNI'],
  changes: ({ object }) =>
    textAt(object, PATH) === undefined ? [] : [{ path: PATH, value: 'v9.9', description: 'version v9.9' }],
});
