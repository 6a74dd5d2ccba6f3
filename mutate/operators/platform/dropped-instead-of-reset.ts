import { call } from '../../../steps/call.ts';
import { insertStep } from '../../edit.ts';
import type { Operator } from '../operator.ts';

/** Both look alike to a person, since there is no answer, but only mTLS resets the connection. */
export const droppedInsteadOfReset: Operator = {
  name: 'platform/dropped-instead-of-reset',
  summary: 'a NetworkPolicy drops what mTLS should reset',
  missing: 'a `call` that expects `reset`',
  occasions: ({ steps }) =>
    steps.flatMap((placed) => {
      const { step } = placed;
      if (!call.owns(step) || step.expect !== 'reset') return [];
      const { namespace } = step.from;
      const policy = {
        apiVersion: 'networking.k8s.io/v1',
        kind: 'NetworkPolicy',
        metadata: { name: 'names-only', namespace },
        // The mesh's own policies allow traffic between its members; none restricts egress.
        spec: { podSelector: {}, policyTypes: ['Egress'], egress: [{ ports: [{ protocol: 'UDP', port: 53 }] }] },
      };
      return [
        {
          edit: insertStep(placed.document, placed.path, { apply: policy }),
          description: `a NetworkPolicy drops what the pods of ${namespace} send`,
          from: placed,
          about: ['timeout', 'reset'],
        },
      ];
    }),
};
