/** AuthorizationPolicies. */
import type { Random } from '../../../../test/support/random.ts';
import { type Made, SECURITY } from './values.ts';

export function authorization(r: Random): Made {
  const values = (...more: readonly string[]): readonly string[] => [
    r.one('*', 'a*', '*a', 'a', 'a(b', '**', '', ...more),
  ];
  return [
    SECURITY,
    'AuthorizationPolicy',
    {
      action: r.maybe(() => r.one('ALLOW', 'DENY', 'AUDIT', 'CUSTOM')),
      selector: r.maybe(() => ({ matchLabels: { gate: 'north' } })),
      rules: r.maybe(
        () =>
          r.some(2, () => ({
            from: r.maybe(() => [
              {
                source: {
                  principals: r.maybe(() => values('cluster.local/ns/a/sa/b')),
                  namespaces: r.maybe(() => values()),
                  ipBlocks: r.maybe(() => [r.one('10.0.0.0/8', '1.2.3.4', '10.0.0.0/33', 'x')]),
                  requestPrincipals: r.maybe(() => values('iss/*')),
                  notNamespaces: r.maybe(() => values()),
                },
              },
            ]),
            to: r.maybe(() => [
              {
                operation: {
                  paths: r.maybe(() => values('/a/{*}/b', '/{**}', '/a{*}', '{')),
                  methods: r.maybe(() => values('GET')),
                  hosts: r.maybe(() => values('*.test')),
                  ports: r.maybe(() => [r.one('80', '0', '70000', 'x')]),
                },
              },
            ]),
            when: r.maybe(() => [
              {
                key: r.one(
                  'request.headers[x-a]',
                  'request.headers[a b]',
                  'request.headers[]',
                  'request.headers[:path]',
                  'source.ip',
                  'request.auth.claims[a][b]',
                  'request.auth.claims[a]',
                  'nope',
                  'destination.port',
                  'connection.sni',
                ),
                values: values('80', '10.0.0.1'),
              },
            ]),
          })),
        0.9,
      ),
    },
  ];
}
