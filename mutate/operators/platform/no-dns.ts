import { call } from '../../../steps/call.ts';
import { insertStep } from '../../edit.ts';
import type { Operator } from '../operator.ts';

export const noDns: Operator = {
  name: 'platform/no-dns',
  summary: 'pods can’t resolve names',
  missing: 'a `call` by name',
  occasions: ({ steps }) => {
    const seen = new Set<number>();
    return steps.flatMap((placed) => {
      const { step, ordinal } = placed;
      if (!call.owns(step) || seen.has(ordinal)) return [];
      seen.add(ordinal);
      const policy = {
        apiVersion: 'networking.k8s.io/v1',
        kind: 'NetworkPolicy',
        metadata: { name: 'no-names', namespace: step.from.namespace },
        spec: { podSelector: {}, policyTypes: ['Egress'], egress: [{ ports: [{ protocol: 'TCP' }] }] },
      };
      return [
        {
          edit: insertStep(placed.document, placed.path, { apply: policy }),
          description: `a NetworkPolicy drops DNS of the pods in ${step.from.namespace}`,
          from: placed,
          about: ['no-such-host', 'timeout'],
        },
      ];
    });
  },
};
