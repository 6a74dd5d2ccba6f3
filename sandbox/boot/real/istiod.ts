/** Where a real istiod answers without TLS, its webhooks included. */
export const ISTIOD_HTTP = '127.0.0.1:15080';
