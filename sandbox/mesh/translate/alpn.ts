/**
 * How a proxy tells another what it sends inside mutual TLS: by the names it offers in the handshake. HTTP has names of its
 * own, so a server's proxy that doesn't know what a port speaks sees it before the first byte. Istio's proxies have a filter
 * for that (`istio.alpn`); here it is Envoy's own filter state.
 */
import type { Message } from '../../xds/encode.ts';

/** Offered for what may be anything; a proxy of Istio's with metadata exchange has the second one too. */
export const MUTUAL_TCP = ['istio', 'istio-peer-exchange'];
/** Offered for HTTP. */
export const MUTUAL_HTTP = ['istio-http/1.0', 'istio-http/1.1', 'istio-h2'];
/** What the first bytes of plaintext HTTP are called once a proxy has looked at them. */
export const PLAINTEXT_HTTP = ['http/1.0', 'http/1.1', 'h2c'];

const FILTER = 'envoy.filters.http.set_filter_state';
const TYPE = 'type.googleapis.com/envoy.extensions.filters.http.set_filter_state.v3.Config';

/**
 * Requests that are passed on are offered as HTTP. Neither version is offered by its common name: the server's proxy would
 * take that for granted, where the client's may speak the other one.
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

/** For a destination outside of the mesh, whose TLS server must not be offered names that it doesn't know. */
export const OFFER_NOTHING: Message = {
  [FILTER]: { '@type': 'type.googleapis.com/envoy.config.route.v3.FilterConfig', disabled: true },
};
