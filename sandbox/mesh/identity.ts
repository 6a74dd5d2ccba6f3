/** A workload's certificate, and the service that delivers it to its proxy. */

import { issueCertificate } from '../../certificates/issue.ts';
import * as x509 from '../../certificates/x509.ts';
import { type DiscoveryRequest, type DiscoveryStream, SDS, serveDiscovery } from '../xds/discovery.ts';
import { encodeAny, type Resource } from '../xds/encode.ts';
import type { Authority } from './authority.ts';

const SECRET = 'type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.Secret';
const LIFETIME_MS = 24 * 3_600_000;
/** Renewed well before it expires, as by Istio's agent. */
const RENEWED_AFTER_MS = LIFETIME_MS / 2;

interface Certificate {
  readonly chain: string;
  /** Only ever in memory. */
  readonly key: string;
}

/** @param identity `spiffe://…` */
export async function issueIdentity(authority: Authority, identity: string): Promise<Certificate> {
  const { cert, key } = await issueCertificate(
    {
      subject: '',
      sinceMs: 60_000,
      forMs: LIFETIME_MS,
      extensions: [
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature | x509.KeyUsageFlags.keyEncipherment, true),
        new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth, x509.ExtendedKeyUsage.clientAuth]),
        new x509.SubjectAlternativeNameExtension([{ type: 'url', value: identity }], true),
      ],
    },
    { certificate: authority.issuer, key: authority.key },
  );
  return { chain: cert, key };
}

/**
 * Serves the secrets `default` and `ROOTCA` on a Unix socket: whoever can open the socket gets only this identity.
 * @returns a function that stops it.
 */
export async function serveIdentity(
  socket: string,
  authority: Authority,
  identity: string,
): Promise<() => Promise<void>> {
  const watching = new Map<DiscoveryStream, Set<string>>();
  let certificate = await issueIdentity(authority, identity);
  let version = 1;
  const send = (stream: DiscoveryStream, names: Iterable<string>): void => {
    const resources = [...names].map((name) => encodeAny(secretOf(name, certificate, authority)));
    stream.write({ version_info: String(version), resources, type_url: SECRET, nonce: String(version) });
  };
  const stop = await serveDiscovery(socket, SDS, (stream) => {
    watching.set(stream, new Set());
    stream.on('data', (request: DiscoveryRequest) => {
      const names = watching.get(stream);
      const added = request.resource_names.filter((name) => names?.has(name) === false);
      for (const name of added) names?.add(name);
      if (added.length > 0 && names !== undefined) send(stream, names);
    });
    const forget = (): void => void watching.delete(stream);
    stream.on('end', () => {
      forget();
      stream.end();
    });
    stream.on('error', forget);
    stream.on('close', forget);
  });
  const renewal = setInterval(() => {
    void issueIdentity(authority, identity).then((renewed) => {
      certificate = renewed;
      version += 1;
      for (const [stream, names] of watching) send(stream, names);
    });
  }, RENEWED_AFTER_MS);
  renewal.unref();
  return async () => {
    clearInterval(renewal);
    await stop();
  };
}

function secretOf(name: string, certificate: Certificate, authority: Authority): Resource {
  if (name === 'ROOTCA')
    return { '@type': SECRET, name, validation_context: { trusted_ca: { inline_string: authority.certificate } } };
  return {
    '@type': SECRET,
    name,
    tls_certificate: {
      certificate_chain: { inline_string: certificate.chain },
      private_key: { inline_string: certificate.key },
    },
  };
}
