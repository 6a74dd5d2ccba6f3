import type { ObjectReference } from '../../../model/lab.ts';
import { ready } from '../../../steps/ready.ts';
import { insertStep } from '../../edit.ts';
import type { Occasion, Operator } from '../operator.ts';

const CHANGES = [
  { what: 'leads to another Service', spec: { to: { kind: 'Service', name: 'elsewhere' } }, about: 'elsewhere' },
  { what: 'leads to another port', spec: { port: { targetPort: 'elsewhere' } }, about: 'elsewhere' },
  { what: 'accepts only TLS', spec: { tls: { termination: 'edge' } }, about: 'edge' },
];

export const routeElsewhere: Operator = {
  name: 'platform/route-elsewhere',
  summary: 'a Route forwards to another Service or port, or accepts only TLS',
  missing: 'a `ready` step that expects the Service and port of the Route, or a look at the page behind it',
  occasions: ({ steps }) =>
    steps.flatMap((placed) => {
      const { step } = placed;
      if (!ready.owns(step) || !('objects' in step.target)) return [];
      return step.target.objects.filter(isRoute).flatMap((route) =>
        CHANGES.map(
          ({ what, spec, about }): Occasion => ({
            edit: insertStep(placed.document, placed.path, ...changing(route, spec)),
            description: `Route ${route.name} ${what}`,
            from: placed,
            about: [route.name, about, 'route', 'Route'],
          }),
        ),
      );
    }),
};

function isRoute({ kind }: ObjectReference): boolean {
  return /^routes?(?:\.|$)/i.test(kind);
}

/** Waits for the Route first, since it may be created with a delay. */
function changing({ name, namespace }: ObjectReference, spec: object): readonly object[] {
  const where = namespace === undefined ? {} : { namespace };
  const route = { apiVersion: 'route.openshift.io/v1', kind: 'Route', metadata: { name, ...where }, spec };
  return [{ ready: `route/${name}`, ...where, until: 'has(object.spec.host)' }, { apply: route }];
}
