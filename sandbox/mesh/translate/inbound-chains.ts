/** Which connections to a port of an app meet which filters (istiod, `filterchain_options.go`). */
import type { Message } from '../../xds/encode.ts';
import type { EffectiveMode } from '../kinds/peer-authentication.ts';
import type { Protocol } from '../model/protocols.ts';
import { MUTUAL_HTTP, MUTUAL_TCP, PLAINTEXT_HTTP } from './alpn.ts';
import { downstreamTls } from './tls.ts';

/** What a port's connections are handed to, by what they turn out to speak. */
export interface InboundFilters {
  readonly http: readonly Message[];
  readonly tcp: readonly Message[];
}

interface Chain {
  /** Behind the port's name; the first of a name stays the same through changes of the mode, so connections live on. */
  readonly suffix: string;
  readonly transport: 'tls' | 'raw_buffer';
  readonly alpn?: readonly string[];
  readonly speaks: keyof InboundFilters;
  /** Whether the proxy ends the mesh's TLS here. */
  readonly mutual?: true;
}

const EITHER = [...MUTUAL_TCP, ...MUTUAL_HTTP];

/** @param match of the port. @param protocol `unknown`: it is found out. */
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
  // Under STRICT any TLS must be the mesh's: without its ALPN it still meets a chain that asks for a certificate.
  const anyTls: Chain = { suffix: '-tls', transport: 'tls', speaks, mutual: true };
  // An app's own TLS is passed on as it is, where the port does not say that it speaks HTTP.
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
