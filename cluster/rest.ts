/** Requests to the Kubernetes API: JSON in and out, watches as a stream of events, failures as `ApiError`. */
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { createInterface } from 'node:readline';
import type { Connection } from './connection.ts';

/** A `Status` of the API (code and reason as Kubernetes defines them), or 0 when there was no answer at all. */
export class ApiError extends Error {
  readonly code: number;
  readonly reason: string;
  constructor(code: number, reason: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'ApiError';
    this.code = code;
    this.reason = reason;
  }
}

export interface WatchLine {
  readonly type: string;
  readonly object: unknown;
}

export class Rest {
  readonly #connection: Connection;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** @throws {ApiError} */
  async json(
    method: string,
    path: string,
    body?: object,
    contentType = 'application/json',
    accept = 'application/json',
  ): Promise<unknown> {
    const response = await this.#send(
      method,
      path,
      { accept },
      body === undefined ? undefined : { text: JSON.stringify(body), contentType },
    );
    return JSON.parse(await textOf(response)) as unknown;
  }

  /** @throws {ApiError} */
  async text(path: string): Promise<string> {
    return textOf(await this.#send('GET', path, { accept: '*/*' }));
  }

  /** The events of a watch until the server ends it or `signal` aborts (then it just ends). @throws {ApiError} */
  async *watch(path: string, signal: AbortSignal): AsyncGenerator<WatchLine> {
    const response = await this.#send('GET', path, { accept: 'application/json' }, undefined, signal);
    const lines = createInterface({ input: response, crlfDelay: Number.POSITIVE_INFINITY });
    const stop = (): void => void response.destroy();
    signal.addEventListener('abort', stop, { once: true });
    // A stream that is destroyed, or whose connection breaks, never ends: its lines must be told.
    response.on('error', () => undefined);
    response.once('close', () => lines.close());
    try {
      for await (const line of lines) {
        if (signal.aborted) return;
        if (line !== '') yield JSON.parse(line) as WatchLine;
      }
    } finally {
      signal.removeEventListener('abort', stop);
      response.destroy();
    }
  }

  async #send(
    method: string,
    path: string,
    headers: Record<string, string>,
    body?: { text: string; contentType: string },
    signal?: AbortSignal,
  ): Promise<IncomingMessage> {
    const options = await this.#connection.requestOptions();
    const send = this.#connection.server.protocol === 'http:' ? httpRequest : httpsRequest;
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      const request = send({
        ...options,
        method,
        path: this.#connection.pathPrefix + path,
        headers: {
          ...options.headers,
          ...headers,
          ...(body === undefined
            ? {}
            : { 'content-type': body.contentType, 'content-length': Buffer.byteLength(body.text) }),
        },
        ...(signal === undefined ? {} : { signal }),
      });
      request.once('response', resolve);
      request.once('error', (cause) =>
        reject(
          new ApiError(0, 'NoAnswer', `${this.#connection.server.origin} did not answer: ${cause.message}`, { cause }),
        ),
      );
      request.end(body?.text);
    });
    if ((response.statusCode ?? 500) < 400) return response;
    throw errorOf(response.statusCode ?? 500, await textOf(response));
  }
}

async function textOf(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

function errorOf(code: number, text: string): ApiError {
  try {
    const status: unknown = JSON.parse(text);
    if (typeof status === 'object' && status !== null) {
      const { reason, message } = status as { reason?: unknown; message?: unknown };
      return new ApiError(
        code,
        typeof reason === 'string' ? reason : 'Unknown',
        typeof message === 'string' ? message : text,
      );
    }
  } catch {
    // Not a Status: a proxy in between, most likely.
  }
  return new ApiError(code, 'Unknown', `HTTP ${code}: ${text.slice(0, 500)}`);
}
