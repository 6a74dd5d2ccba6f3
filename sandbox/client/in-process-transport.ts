/**
 * Requests to an API server in the same process, without sockets. Bodies remain JSON text, so that a client can never
 * change what the server stores.
 */
import type { ApiAnswer, ApiRequest, Transport } from './transport.ts';

/** What the server answers within the process. */
export interface LocalApi {
  /** @returns `undefined` for a request that it answers only over HTTP. */
  answer(request: ApiRequest): Promise<ApiAnswer> | undefined;
}

export class InProcessTransport implements Transport {
  readonly #api: LocalApi;
  readonly #http: Transport;

  /** @param http for what the server answers only over HTTP: discovery, logs, reviews, aggregated APIs. */
  constructor(api: LocalApi, http: Transport) {
    this.#api = api;
    this.#http = http;
  }

  send(request: ApiRequest): Promise<ApiAnswer> {
    return this.#api.answer(request) ?? this.#http.send(request);
  }
}
