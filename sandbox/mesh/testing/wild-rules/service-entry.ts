/** ServiceEntries. */
import type { Random } from '../../../../test/support/random.ts';
import { host, type Made, NETWORKING, port } from './values.ts';

export function serviceEntry(r: Random): Made {
  return [
    NETWORKING,
    'ServiceEntry',
    {
      hosts: r.some(2, () => host(r), 1),
      addresses: r.maybe(() =>
        r.some(2, () => r.one('10.9.9.9', '10.1.0.0/16', '10.1.0.0/99', 'name', '::1', '240.0.0.1'), 1),
      ),
      ports: r.some(
        2,
        (index) => ({
          number: r.one(8111, 443, 80, 15_001, 9_000 + index),
          name: `p${index}`,
          protocol: r.one('HTTP', 'HTTPS', 'TLS', 'TCP', 'GRPC', 'MONGO', 'HTTP2'),
          targetPort: r.maybe(() => port(r)),
        }),
        1,
      ),
      resolution: r.maybe(() => r.one('NONE', 'STATIC', 'DNS', 'DNS_ROUND_ROBIN'), 0.9),
      location: r.maybe(() => r.one('MESH_EXTERNAL', 'MESH_INTERNAL')),
      endpoints: r.maybe(() =>
        r.some(2, () => ({
          address: r.one('10.2.3.4', 'name.test', '*', '', 'unix:///x', '::1'),
          ports: r.maybe(() => ({ p0: port(r), p9: 1 }), 0.2),
          labels: r.maybe(() => ({ state: 'ripe' })),
        })),
      ),
    },
  ];
}
