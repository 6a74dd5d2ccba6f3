/** Sidecars. */
import type { Random } from '../../../../test/support/random.ts';
import { type Made, NAMESPACE, NETWORKING } from './values.ts';

export function sidecar(r: Random): Made {
  return [
    NETWORKING,
    'Sidecar',
    {
      egress: r.maybe(() => [
        {
          hosts: r.some(
            2,
            () => r.one('./*', '*/*', 'other/*', `${NAMESPACE}/fruit.orchard.svc.cluster.local`, 'nonsense'),
            1,
          ),
        },
      ]),
      outboundTrafficPolicy: r.maybe(() => ({ mode: r.one('ALLOW_ANY', 'REGISTRY_ONLY') })),
      workloadSelector: r.maybe(() => ({ labels: { app: 'x' } }), 0.2),
    },
  ];
}
