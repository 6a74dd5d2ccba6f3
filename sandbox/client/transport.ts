/** How a client's requests reach the Kubernetes API: over HTTP, or by a call within the process that serves it. */

export interface ApiRequest {
  readonly method: string;
  /** Below the server's address, with the query. */
  readonly path: string;
  /** JSON text. */
  readonly body?: string;
  /** Media type of the body; JSON by default. */
  readonly contentType?: string;
  /** Aborts the request, or reading the answer. */
  readonly signal?: AbortSignal;
}

/** An answer whose body has not been read yet. Read it once, as `text` or as `lines`. */
export interface ApiAnswer {
  /** HTTP's status code. */
  readonly status: number;
  /** The whole body. @throws the connection's error. */
  text(): Promise<string>;
  /** The body's lines as they arrive, without line breaks and empty lines. @throws when the signal aborts. */
  lines(): AsyncIterable<string>;
}

export interface Transport {
  /** Resolves when the answer begins, also with an error of the API. @throws the connection's error. */
  send(request: ApiRequest): Promise<ApiAnswer>;
}
