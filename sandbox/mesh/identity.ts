/** A workload's certificate, and the service that hands it to the proxy beside the workload. */
import 'reflect-metadata';
import * as x509 from '@peculiar/x509';
import { type DiscoveryRequest, type DiscoveryStream, SDS, serveDiscovery } from '../xds/discovery.ts';
import { encodeAny, type Resource } from '../xds/encode.ts';
import { ALGORITHM, type Authority, privatePem } from './authority.ts';

const SECRET = 'type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.Secret';
const LIFETIME_MS = 24 * 3_600_000;
/** Renewed well before it ends, as Istio's agent does. */
const RENEWED_AFTER_MS = LIFETIME_MS / 2;

interface Certificate {
  readonly chain: string;
  /** Only ever in memory. */
  readonly key: string;
}

/** @param identity `spiffe://…` */
export async function issueCertificate(authority: Authority, identity: string): Promise<Certificate> {
  const keys = await crypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: Buffer.from(crypto.getRandomValues(new Uint8Array(12)))
      .toString('hex')
      .replace(/^[89a-f]/, '1'),
    subject: '',
    issuer: authority.issuer.subject,
    notBefore: new Date(Date.now() - 60_000),
    notAfter: new Date(Date.now() + LIFETIME_MS),
    publicKey: keys.publicKey,
    signingKey: authority.key,
    signingAlgorithm: authority.key.algorithm,
    extensions: [
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature | x509.KeyUsageFlags.keyEncipherment, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth, x509.ExtendedKeyUsage.clientAuth]),
      new x509.SubjectAlternativeNameExtension([{ type: 'url', value: identity }], true),
    ],
  });
  return { chain: certificate.toString('pem'), key: await privatePem(keys.privateKey) };
}

/**
 * Serves secrets `default` and `ROOTCA` on a Unix socket: who can open the socket gets this identity and no other.
 * @returns how to stop.
 */
export async function serveIdentity(
  socket: string,
  authority: Authority,
  identity: string,
): Promise<() => Promise<void>> {
  const watching = new Map<DiscoveryStream, Set<string>>();
  let certificate = await issueCertificate(authority, identity);
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
    void issueCertificate(authority, identity).then((renewed) => {
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
