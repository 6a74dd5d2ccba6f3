/** Gateways. */
import type { Random } from '../../../../test/support/random.ts';
import { host, type Made, NETWORKING, port } from './values.ts';

export function gateway(r: Random): Made {
  return [
    NETWORKING,
    'Gateway',
    {
      selector: { gate: 'north' },
      servers: r.some(
        3,
        (index) => {
          const protocol = r.one('HTTP', 'HTTP', 'HTTPS', 'TLS', 'TCP', 'http', 'NOPE', 'GRPC', 'HTTP2');
          return {
            port: {
              number: r.one(80, 443, 8443, 8111, port(r)),
              name: r.one(`p${index}`, 'same', `p${index}`),
              protocol,
            },
            hosts: r.some(2, () => r.one('*', '*.test', 'fruit.test', 'orchard/*', './*', host(r)), 1),
            tls: r.maybe(
              () => ({
                mode: r.maybe(
                  () => r.one('SIMPLE', 'MUTUAL', 'PASSTHROUGH', 'ISTIO_MUTUAL', 'AUTO_PASSTHROUGH', 'OPTIONAL_MUTUAL'),
                  0.9,
                ),
                credentialName: r.maybe(() => 'c', 0.7),
                httpsRedirect: r.maybe(() => true, 0.2),
              }),
              protocol === 'HTTP' ? 0.1 : 0.9,
            ),
          };
        },
        1,
      ),
    },
  ];
}
