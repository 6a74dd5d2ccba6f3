import { isRecord } from '../../../model/record.ts';
import { editValue } from '../../edit.ts';
import { valueAt } from '../../tree.ts';
import type { Operator } from '../operator.ts';

/** Addons that a control plane can be told of: their pods ask for more than any node has. */
export const componentNeverReady: Operator = {
  name: 'platform/component-never-ready',
  summary: 'a component of the control plane never becomes ready',
  missing: 'a step that waits until the control plane is ready with all its components',
  occasions: ({ manifests }) =>
    manifests.flatMap(({ kind, name, object, document, path, uses: [from] }) => {
      if (kind !== 'ServiceMeshControlPlane' || from === undefined) return [];
      const addons = valueAt(object, ['spec', 'addons']);
      return (isRecord(addons) ? Object.keys(addons) : []).map((addon) => ({
        edit: editValue(document, [...path, 'spec', 'runtime', 'components', addon], {
          container: { resources: { requests: { memory: '4096Gi' } } },
        }),
        description: `${addon} asks for more memory than any node has`,
        from,
        about: [name, 'smcp', addon],
      }));
    }),
};
