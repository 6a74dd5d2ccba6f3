/** VirtualServices. */
import type { Random } from '../../../../test/support/random.ts';
import { httpRoute, weighted } from './http-route.ts';
import { host, type Made, NAMESPACE, NETWORKING, port } from './values.ts';

export function virtualService(r: Random): Made {
  return [
    NETWORKING,
    'VirtualService',
    {
      hosts: r.some(2, () => host(r), r.mostly([1], [0])),
      gateways: r.maybe(
        () => r.some(2, () => r.one('north', 'mesh', 'orchard/north', './north', 'north.orchard', 'other/south'), 1),
        0.7,
      ),
      http: r.maybe(() => r.some(3, () => httpRoute(r), 1), 0.9),
      tcp: r.maybe(() => [{ match: r.maybe(() => [{ port: port(r) }]), route: r.some(2, () => weighted(r)) }], 0.1),
      tls: r.maybe(
        () => [
          {
            match: [{ sniHosts: r.some(2, () => host(r)), port: r.maybe(() => port(r)) }],
            route: r.some(2, () => weighted(r)),
          },
        ],
        0.1,
      ),
      exportTo: r.maybe(() => [r.one('*', '.', '~', NAMESPACE)], 0.1),
    },
  ];
}
