/** Requests to the Kubernetes API over kept connections. Node's own client uses half the CPU time of `fetch`. */
import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { text } from 'node:stream/consumers';
import type { ApiAccess } from './access.ts';

export interface ApiRequest {
  readonly method: string;
  /** Below the server's address, with the query. */
  readonly path: string;
  readonly body?: string;
  readonly contentType?: string;
  /** Aborts the request, or reading the answer. */
  readonly signal?: AbortSignal;
}

export class Transport {
  readonly #base: URL;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #send: typeof httpRequest;
  readonly #agent: HttpAgent;

  constructor({ url, token }: Pick<ApiAccess, 'url' | 'token'>) {
    this.#base = new URL(url);
    const secure = this.#base.protocol === 'https:';
    this.#send = secure ? httpsRequest : httpRequest;
    this.#agent = secure ? new HttpsAgent({ keepAlive: true }) : new HttpAgent({ keepAlive: true });
    this.#headers = {
      accept: 'application/json',
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    };
  }

  /** Resolves when the headers of the answer have arrived; its body must be read. @throws the connection's error. */
  async send(asked: ApiRequest): Promise<IncomingMessage> {
    try {
      return await this.#once(asked);
    } catch (error) {
      // The server may close a kept connection at the moment it is reused. Repeating a read is safe.
      if (asked.method === 'GET' && error instanceof StaleConnection) return this.#once(asked);
      throw error instanceof StaleConnection ? error.cause : error;
    }
  }

  #once({ method, path, body, contentType, signal }: ApiRequest): Promise<IncomingMessage> {
    const content =
      body === undefined
        ? {}
        : { 'content-type': contentType ?? 'application/json', 'content-length': String(Buffer.byteLength(body)) };
    return new Promise((resolve, reject) => {
      const request = this.#send({
        method,
        hostname: this.#base.hostname,
        port: this.#base.port,
        path: this.#base.pathname.replace(/\/$/, '') + path,
        agent: this.#agent,
        headers: { ...this.#headers, ...content },
        ...(signal === undefined ? {} : { signal }),
      });
      request.once('response', resolve);
      request.on('error', (error: NodeJS.ErrnoException) =>
        reject(request.reusedSocket && error.code === 'ECONNRESET' ? new StaleConnection(error) : error),
      );
      request.end(body);
    });
  }
}

class StaleConnection extends Error {
  constructor(cause: Error) {
    super(cause.message, { cause });
  }
}

/** @returns the whole body. */
export function bodyOf(answer: IncomingMessage): Promise<string> {
  return text(answer);
}

export function succeeded({ statusCode = 0 }: IncomingMessage): boolean {
  return statusCode >= 200 && statusCode < 300;
}
