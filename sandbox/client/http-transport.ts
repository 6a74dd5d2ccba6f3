/** Requests to the Kubernetes API over kept connections. Node's own client uses half the CPU time of `fetch`. */
import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { text } from 'node:stream/consumers';
import type { ApiAnswer, ApiRequest, Transport } from './transport.ts';

export class HttpTransport implements Transport {
  readonly #base: URL;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #send: typeof httpRequest;
  readonly #agent: HttpAgent;

  /** @param url e.g. `http://127.0.0.1:8001`; @param token bearer token, where the server asks for one. */
  constructor(url: string, token?: string) {
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
  async send(asked: ApiRequest): Promise<ApiAnswer> {
    return answerOf(await this.#repeatable(asked));
  }

  async #repeatable(asked: ApiRequest): Promise<IncomingMessage> {
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

function answerOf(message: IncomingMessage): ApiAnswer {
  return { status: message.statusCode ?? 0, text: () => text(message), lines: () => linesOf(message) };
}

async function* linesOf(message: IncomingMessage): AsyncGenerator<string> {
  message.setEncoding('utf8');
  let rest = '';
  for await (const chunk of message) {
    const lines = (rest + String(chunk)).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) if (line !== '') yield line;
  }
}
