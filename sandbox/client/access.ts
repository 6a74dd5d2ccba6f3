/** How the parts of a sandbox reach its Kubernetes API. Never to be logged. */
export interface ApiAccess {
  /** `http://127.0.0.1:PORT` of the sandbox's own network namespace, or `https://…`. */
  readonly url: string;
  /** Bearer token, if the server requires one. */
  readonly token?: string;
  /** PEM, if the server uses TLS. */
  readonly certificateAuthority?: string;
}
