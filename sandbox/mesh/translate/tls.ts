/** Mutual TLS between proxies: certificates come over SDS from the proxy's agent. */

import type { Message, Resource } from '../../xds/encode.ts';
import { TRUST_DOMAIN } from '../model/names.ts';

const TLS = 'type.googleapis.com/envoy.extensions.transport_sockets.tls.v3';
const PARAMS = { tls_minimum_protocol_version: 'TLSv1_2', tls_maximum_protocol_version: 'TLSv1_3' };

function secret(name: string): Message {
  return {
    name,
    sds_config: {
      api_config_source: {
        api_type: 'GRPC',
        grpc_services: [{ envoy_grpc: { cluster_name: 'sds-grpc' } }],
        set_node_on_first_message_only: true,
        transport_api_version: 'V3',
      },
      initial_fetch_timeout: '0s',
      resource_api_version: 'V3',
    },
  };
}

function common(alpn: readonly string[], names: readonly Message[]): Message {
  return {
    tls_params: PARAMS,
    alpn_protocols: alpn,
    tls_certificate_sds_secret_configs: [secret('default')],
    combined_validation_context: {
      default_validation_context: {
        match_typed_subject_alt_names: names.map((matcher) => ({ san_type: 'URI', matcher })),
      },
      validation_context_sds_secret_config: secret('ROOTCA'),
    },
  };
}

export interface TransportSocket extends Message {
  readonly name: string;
  readonly typed_config: Resource;
}

/** The TLS context of a client proxy. @param identities allowed for the server; any of the mesh if empty. */
export function upstreamTls(sni: string, identities: readonly string[], alpn = ['istio']): TransportSocket {
  const names =
    identities.length === 0 ? [{ prefix: `spiffe://${TRUST_DOMAIN}/` }] : identities.map((exact) => ({ exact }));
  return {
    name: 'envoy.transport_sockets.tls',
    typed_config: { '@type': `${TLS}.UpstreamTlsContext`, common_tls_context: common(alpn, names), sni },
  };
}

/** TLS to a server outside the mesh, unverified like Istio's SIMPLE without a CA. */
export function plainUpstreamTls(sni: string): TransportSocket {
  return {
    name: 'envoy.transport_sockets.tls',
    typed_config: { '@type': `${TLS}.UpstreamTlsContext`, common_tls_context: { tls_params: PARAMS }, sni },
  };
}

/** The TLS context of a server proxy: only certificates of the mesh are accepted. */
export function downstreamTls(): TransportSocket {
  return {
    name: 'envoy.transport_sockets.tls',
    typed_config: {
      '@type': `${TLS}.DownstreamTlsContext`,
      common_tls_context: common(['h2', 'http/1.1'], [{ prefix: `spiffe://${TRUST_DOMAIN}/` }]),
      require_client_certificate: true,
    },
  };
}

export function rawBuffer(): TransportSocket {
  return {
    name: 'envoy.transport_sockets.raw_buffer',
    typed_config: { '@type': 'type.googleapis.com/envoy.extensions.transport_sockets.raw_buffer.v3.RawBuffer' },
  };
}
