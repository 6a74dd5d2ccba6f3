import { browse } from '../../../steps/browse.ts';
import { insertStep } from '../../edit.ts';
import { textAt } from '../../tree.ts';
import type { Operator } from '../operator.ts';

/** The operator would scale it up again, so the gateway is disabled in the control plane. */
export const gatewayDown: Operator = {
  name: 'platform/gateway-down',
  summary: 'the ingress gateway is gone',
  missing: 'a look at the page through the gateway',
  occasions: ({ steps, manifests }) => {
    const plane = manifests.find(({ kind }) => kind === 'ServiceMeshControlPlane');
    const namespace = textAt(plane?.object, ['metadata', 'namespace']);
    const seen = new Set<number>();
    return steps.flatMap((placed) => {
      const { step, ordinal } = placed;
      if (!browse.owns(step) || seen.has(ordinal) || plane === undefined || namespace === undefined) return [];
      seen.add(ordinal);
      const off = JSON.stringify({ spec: { gateways: { ingress: { enabled: false } } } });
      const gone = `oc wait --for=delete pod -l istio=ingressgateway -n ${namespace} --timeout=60s`;
      const run = `oc patch smcp/${plane.name} -n ${namespace} --type merge -p '${off}' && ${gone}`;
      return [
        {
          edit: insertStep(placed.document, placed.path, { run, title: 'Without an ingress gateway' }),
          description: 'the control plane no longer has an ingress gateway',
          from: placed,
          about: ['ingressgateway', 'gateway pod'],
        },
      ];
    });
  },
};
