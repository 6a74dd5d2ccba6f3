import { check } from '../../../steps/check.ts';
import { insertStep } from '../../edit.ts';
import { inNamespace, type Operator, WORKLOADS } from '../operator.ts';

const POLICY = {
  apiVersion: 'security.istio.io/v1beta1',
  kind: 'AuthorizationPolicy',
  metadata: { name: 'left-over' },
  spec: { action: 'DENY', rules: [{ to: [{ operation: { methods: ['DELETE'] } }] }] },
};

/** It denies requests that the lab may never send. */
export const policyLeft: Operator = {
  name: 'security/policy-left',
  summary: 'an AuthorizationPolicy from an earlier trial still exists',
  missing: 'a check that lists all policies that concern the app',
  occasions: ({ manifests }) => {
    const app = manifests.find(({ kind }) => WORKLOADS.includes(kind));
    return manifests.flatMap(({ kind, uses }) => {
      const from = uses.find(({ step }) => !check.owns(step));
      if (kind !== 'PeerAuthentication' || from === undefined || app === undefined) return [];
      const run = `echo '${JSON.stringify(POLICY)}' | oc create${inNamespace(app.object)} -f -`;
      return [
        {
          edit: insertStep(from.document, from.path, { run, title: 'Left over' }),
          description: 'an AuthorizationPolicy that refuses DELETE is left over',
          from,
          about: ['left-over', 'AuthorizationPolicy'],
        },
      ];
    });
  },
};
