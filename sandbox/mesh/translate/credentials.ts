/** Users' own certificates: Secrets of the proxy's namespace, delivered as Envoy secrets. */

import type { Message, Resource } from '../../xds/encode.ts';
import type { TlsSettings } from '../model/destination-rule.ts';
import type { Secret } from '../model/kubernetes.ts';
import type { PushContext } from '../model/push-context.ts';
import type { TransportSocket } from './tls.ts';

const SECRET = 'type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.Secret';
const TLS = 'type.googleapis.com/envoy.extensions.transport_sockets.tls.v3';

const PARAMS = { tls_minimum_protocol_version: 'TLSv1_2', tls_maximum_protocol_version: 'TLSv1_3' };

/** Whether it can be a gateway's credential. */
export function isCredential({ data = {} }: Secret): boolean {
  return ['tls.crt', 'cert', 'ca.crt', 'cacert'].some((key) => key in data);
}

/** All credentials that the proxies of a namespace may ask for. */
export function credentialsFor(push: PushContext, namespace: string): readonly Resource[] {
  return push.secrets(namespace).flatMap(({ metadata: { name }, data = {} }) => {
    const [chain, key] = [data['tls.crt'] ?? data['cert'], data['tls.key'] ?? data['key']];
    const authority = data['ca.crt'] ?? data['cacert'];
    const certificate =
      chain === undefined || key === undefined
        ? []
        : [
            {
              '@type': SECRET,
              name: nameOf(name),
              tls_certificate: { certificate_chain: inline(chain), private_key: inline(key) },
            },
          ];
    // `web-cacert` is the CA of `web`, in a separate Secret or in the same one.
    const of = name.endsWith('-cacert') ? name : `${name}-cacert`;
    const trust =
      authority === undefined
        ? []
        : [{ '@type': SECRET, name: nameOf(of), validation_context: { trusted_ca: inline(authority) } }];
    return [...certificate, ...trust];
  });
}

/** @param mode SIMPLE, MUTUAL or OPTIONAL_MUTUAL. */
export function credentialTls(credential: string, mode: string): Message {
  return {
    name: 'envoy.transport_sockets.tls',
    typed_config: {
      '@type': `${TLS}.DownstreamTlsContext`,
      common_tls_context: {
        alpn_protocols: ['h2', 'http/1.1'],
        tls_params: PARAMS,
        tls_certificate_sds_secret_configs: [byName(credential)],
        ...(mode === 'SIMPLE' ? {} : { validation_context_sds_secret_config: byName(`${credential}-cacert`) }),
      },
      require_client_certificate: mode === 'MUTUAL',
    },
  };
}

/** For calls to servers outside the mesh: with MUTUAL the client presents the Secret's certificate. */
export function clientCredentialTls(
  credential: string,
  { mode, subjectAltNames = [] }: TlsSettings,
  sni: string,
): TransportSocket {
  const names = subjectAltNames.map((exact) => ({ san_type: sanType(exact), matcher: { exact } }));
  return {
    name: 'envoy.transport_sockets.tls',
    typed_config: {
      '@type': `${TLS}.UpstreamTlsContext`,
      sni,
      common_tls_context: {
        tls_params: PARAMS,
        ...(mode === 'MUTUAL' ? { tls_certificate_sds_secret_configs: [byName(credential)] } : {}),
        combined_validation_context: {
          default_validation_context: { match_typed_subject_alt_names: names },
          validation_context_sds_secret_config: byName(`${credential}-cacert`),
        },
      },
    },
  };
}

function sanType(name: string): string {
  return name.includes('://') ? 'URI' : 'DNS';
}

function byName(credential: string): Message {
  return { name: nameOf(credential), sds_config: { ads: {}, resource_api_version: 'V3' } };
}

function nameOf(credential: string): string {
  return `kubernetes://${credential}`;
}

function inline(base64: string): Message {
  return { inline_string: Buffer.from(base64, 'base64').toString() };
}
