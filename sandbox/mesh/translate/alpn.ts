/**
 * ALPN protocols between proxies. A client's proxy announces in the TLS handshake whether it sends HTTP, so that a server's
 * proxy knows the protocol of a port before the first byte. Istio's proxies use the filter `istio.alpn` for this. Here
 * Envoy's filter state does it.
 */
import type { Message } from '../../xds/encode.ts';

/** Offered for any protocol. Istio's proxies with metadata exchange also offer the second one. */
export const MUTUAL_TCP = ['istio', 'istio-peer-exchange'];
/** Offered for HTTP. */
export const MUTUAL_HTTP = ['istio-http/1.0', 'istio-http/1.1', 'istio-h2'];
/** The names for plaintext HTTP that a proxy has detected from its first bytes. */
export const PLAINTEXT_HTTP = ['http/1.0', 'http/1.1', 'h2c'];

const FILTER = 'envoy.filters.http.set_filter_state';
const TYPE = 'type.googleapis.com/envoy.extensions.filters.http.set_filter_state.v3.Config';

/**
 * Announces forwarded requests as HTTP. Does not offer the common names of HTTP versions, because the server's proxy would
 * rely on that version, but the client's proxy may use the other one.
 */
export const OFFER_HTTP: Message = {
  name: FILTER,
  typed_config: {
    '@type': TYPE,
    on_request_headers: [
      {
        object_key: 'envoy.network.application_protocols',
        format_string: { text_format_source: { inline_string: 'istio-http/1.1,istio-h2,istio' } },
      },
    ],
  },
};

/** For a destination outside the mesh, whose TLS server may not accept unknown names. */
export const OFFER_NOTHING: Message = {
  [FILTER]: { '@type': 'type.googleapis.com/envoy.config.route.v3.FilterConfig', disabled: true },
};
