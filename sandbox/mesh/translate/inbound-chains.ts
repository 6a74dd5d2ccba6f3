/** The filter chains for connections to a port of an app (istiod, `filterchain_options.go`). */
import type { Message } from '../../xds/encode.ts';
import type { EffectiveMode } from '../kinds/peer-authentication.ts';
import type { Protocol } from '../model/protocols.ts';
import { MUTUAL_HTTP, MUTUAL_TCP, PLAINTEXT_HTTP } from './alpn.ts';
import { downstreamTls } from './tls.ts';

/** The filters for a port's connections, by protocol. */
export interface InboundFilters {
  readonly http: readonly Message[];
  readonly tcp: readonly Message[];
}

interface Chain {
  /** Follows the port's name in the name of the chain. Stable names keep connections open when the mode changes. */
  readonly suffix: string;
  readonly transport: 'tls' | 'raw_buffer';
  readonly alpn?: readonly string[];
  readonly speaks: keyof InboundFilters;
  /** Whether the proxy terminates mutual TLS in this chain. */
  readonly mutual?: true;
}

const EITHER = [...MUTUAL_TCP, ...MUTUAL_HTTP];

/** @param match the match for the port. @param protocol `unknown` for detection. */
export function inboundChains(
  { name, match, mode, protocol }: { name: string; match: Message; mode: EffectiveMode; protocol: Protocol },
  filters: InboundFilters,
): readonly Message[] {
  return (protocol === 'unknown' ? SNIFFED[mode] : declared(mode, protocol)).map(
    ({ suffix, transport, alpn, speaks, mutual }) => ({
      name: `${name}${suffix}`,
      filter_chain_match: {
        ...match,
        transport_protocol: transport,
        ...(alpn === undefined ? {} : { application_protocols: alpn }),
      },
      ...(mutual === undefined ? {} : { transport_socket: downstreamTls() }),
      filters: filters[speaks],
    }),
  );
}

function declared(mode: EffectiveMode, speaks: keyof InboundFilters): readonly Chain[] {
  const plaintext: Chain = { suffix: '-plaintext', transport: 'raw_buffer', speaks };
  const mutual: Chain = { suffix: '', transport: 'tls', alpn: EITHER, speaks, mutual: true };
  // With STRICT, TLS without the mesh's ALPN also reaches a chain that requires a certificate of the mesh.
  const anyTls: Chain = { suffix: '-tls', transport: 'tls', speaks, mutual: true };
  // An app's own TLS is passed through, unless the port is declared as HTTP.
  const appTls: readonly Chain[] = speaks === 'http' ? [] : [{ suffix: '-app-tls', transport: 'tls', speaks }];
  switch (mode) {
    case 'STRICT':
      return [mutual, anyTls];
    case 'DISABLE':
      return [plaintext];
    case 'PERMISSIVE':
      return [mutual, plaintext, ...appTls];
  }
}

const MUTUAL: readonly Chain[] = [
  { suffix: '-http', transport: 'tls', alpn: MUTUAL_HTTP, speaks: 'http', mutual: true },
  { suffix: '', transport: 'tls', alpn: MUTUAL_TCP, speaks: 'tcp', mutual: true },
];
const PLAINTEXT: readonly Chain[] = [
  { suffix: '-plaintext-http', transport: 'raw_buffer', alpn: PLAINTEXT_HTTP, speaks: 'http' },
  { suffix: '-plaintext', transport: 'raw_buffer', speaks: 'tcp' },
];
const SNIFFED: Readonly<Record<EffectiveMode, readonly Chain[]>> = {
  STRICT: [...MUTUAL, { suffix: '-tls', transport: 'tls', speaks: 'tcp', mutual: true }],
  PERMISSIVE: [...MUTUAL, ...PLAINTEXT, { suffix: '-app-tls', transport: 'tls', speaks: 'tcp' }],
  DISABLE: PLAINTEXT,
};
