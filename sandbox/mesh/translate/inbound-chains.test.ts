/** The filter chains of a port are those of istiod, recorded for PERMISSIVE and STRICT, and otherwise from its source. */
import assert from 'node:assert/strict';
import test from 'node:test';
import type { EffectiveMode } from '../kinds/peer-authentication.ts';
import type { Protocol } from '../model/protocols.ts';
import { inboundChains } from './inbound-chains.ts';

/** A connection as the inspectors see it: its transport, and its offered or detected protocol. */
interface Connection {
  readonly transport: string;
  readonly alpn?: string;
}
const CONNECTIONS: Readonly<Record<string, Connection>> = {
  'HTTP of a proxy': { transport: 'tls', alpn: 'istio-http/1.1' },
  'TCP of a proxy': { transport: 'tls', alpn: 'istio' },
  "an app's TLS": { transport: 'tls' },
  "an app's TLS with HTTP in it": { transport: 'tls', alpn: 'h2' },
  'plaintext HTTP': { transport: 'raw_buffer', alpn: 'http/1.1' },
  'plaintext of any kind': { transport: 'raw_buffer' },
};

interface Match {
  readonly transport_protocol: string;
  readonly application_protocols?: readonly string[];
}

/** Envoy's rules: chains match by application protocol if they name any, otherwise by transport. */
function led(mode: EffectiveMode, protocol: Protocol): Readonly<Record<string, string>> {
  const http = { name: 'http' };
  const tcp = { name: 'tcp' };
  const chains = inboundChains({ name: 'p', match: {}, mode, protocol }, { http: [http], tcp: [tcp] });
  const fits = ({ transport, alpn }: Connection, named: boolean) =>
    chains.find(({ filter_chain_match }) => {
      const { transport_protocol, application_protocols } = filter_chain_match as Match;
      if (transport_protocol !== transport) return false;
      return named ? application_protocols?.includes(alpn ?? '') === true : application_protocols === undefined;
    });
  return Object.fromEntries(
    Object.entries(CONNECTIONS).map(([what, connection]) => {
      const chain = fits(connection, true) ?? fits(connection, false);
      if (chain === undefined) return [what, 'closed'];
      const [filter] = chain['filters'] as readonly { readonly name: string }[];
      return [what, `${chain['transport_socket'] === undefined ? '' : 'mutual '}${filter?.name}`];
    }),
  );
}

const WAYS = Object.keys(CONNECTIONS);
const expected: readonly (readonly [EffectiveMode, Protocol, readonly string[]])[] = [
  ['PERMISSIVE', 'http', ['mutual http', 'mutual http', 'closed', 'closed', 'http', 'http']],
  ['PERMISSIVE', 'tcp', ['mutual tcp', 'mutual tcp', 'tcp', 'tcp', 'tcp', 'tcp']],
  ['PERMISSIVE', 'unknown', ['mutual http', 'mutual tcp', 'tcp', 'tcp', 'http', 'tcp']],
  ['STRICT', 'http', ['mutual http', 'mutual http', 'mutual http', 'mutual http', 'closed', 'closed']],
  ['STRICT', 'tcp', ['mutual tcp', 'mutual tcp', 'mutual tcp', 'mutual tcp', 'closed', 'closed']],
  ['STRICT', 'unknown', ['mutual http', 'mutual tcp', 'mutual tcp', 'mutual tcp', 'closed', 'closed']],
  // There is no TLS inspector here, so all connections are plaintext to the proxy.
  ['DISABLE', 'http', ['closed', 'closed', 'closed', 'closed', 'http', 'http']],
  ['DISABLE', 'tcp', ['closed', 'closed', 'closed', 'closed', 'tcp', 'tcp']],
  ['DISABLE', 'unknown', ['closed', 'closed', 'closed', 'closed', 'http', 'tcp']],
];

for (const [mode, protocol, ways] of expected) {
  test(`${mode}, a port that speaks ${protocol}`, () => {
    assert.deepEqual(led(mode, protocol), Object.fromEntries(WAYS.map((way, index) => [way, ways[index]])));
  });
}
