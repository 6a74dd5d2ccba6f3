import { insertStep } from '../../edit.ts';
import { textAt } from '../../tree.ts';
import type { Operator } from '../operator.ts';

export const noRoute: Operator = {
  name: 'platform/no-route',
  summary: 'the mesh creates no Route for a Gateway',
  missing: 'a step that waits for the Gateway’s Route by name',
  occasions: ({ manifests }) => {
    const plane = manifests.find(({ kind }) => kind === 'ServiceMeshControlPlane');
    const namespace = textAt(plane?.object, ['metadata', 'namespace']);
    const off = JSON.stringify({ spec: { gateways: { openshiftRoute: { enabled: false } } } });
    return manifests.flatMap(({ kind, name, uses: [from] }) => {
      if (kind !== 'Gateway' || from === undefined || plane === undefined || namespace === undefined) return [];
      const run = `oc patch smcp/${plane.name} -n ${namespace} --type merge -p '${off}'`;
      return [
        {
          edit: insertStep(from.document, from.path, { run, title: 'No Routes for Gateways' }),
          description: `the control plane creates no Route for Gateway ${name}`,
          from,
          about: [name, 'route'],
        },
      ];
    });
  },
};
