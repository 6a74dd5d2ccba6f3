import type { ObjectReference } from '../../../model/lab.ts';
import { ready } from '../../../steps/ready.ts';
import { insertStep } from '../../edit.ts';
import type { Operator } from '../operator.ts';

/** The router rejects a Route whose certificate it can't parse, and says so in the Route's status. */
export const routeNotAdmitted: Operator = {
  name: 'platform/route-not-admitted',
  summary: 'the router does not admit a Route',
  missing: 'a `ready` step for the Route, or a look at the page behind it',
  occasions: ({ steps }) =>
    steps.flatMap((placed) => {
      const { step } = placed;
      if (!ready.owns(step) || !('objects' in step.target)) return [];
      return step.target.objects.filter(isRoute).map((route) => ({
        edit: insertStep(placed.document, placed.path, ...refusing(route)),
        description: `Route ${route.name} has a certificate that the router can’t read`,
        from: placed,
        about: [route.name, 'admitted'],
      }));
    }),
};

function isRoute({ kind }: ObjectReference): boolean {
  return /^routes?(?:\.|$)/i.test(kind);
}

/** Waits for the Route first, since it may be created with a delay. */
function refusing({ name, namespace }: ObjectReference): readonly object[] {
  const where = namespace === undefined ? {} : { namespace };
  const tls = { termination: 'edge', certificate: 'no certificate', key: 'no key' };
  const route = { apiVersion: 'route.openshift.io/v1', kind: 'Route', metadata: { name, ...where }, spec: { tls } };
  return [{ ready: `route/${name}`, ...where, until: 'has(object.spec.host)' }, { apply: route }];
}
