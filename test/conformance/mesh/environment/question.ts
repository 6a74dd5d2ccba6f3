/** A request that a pod is to send, and the answer it got. */

export interface Question {
  /** Sent as written; the host is also the Host header. `tcp://host:port` with `tcp`. */
  readonly url: string;
  /** Connects there instead of to the URL's host. */
  readonly at?: string;
  readonly tcp?: boolean;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** On a connection that is kept open. */
  readonly keep?: boolean;
}

export interface RawAnswer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body?: string;
  /** `ECONNRESET`, `closed`, `timeout`, … instead of an answer. */
  readonly error?: string;
  readonly ms?: number;
}
