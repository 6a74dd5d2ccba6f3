/** Requests to the Kubernetes API: JSON in and out, watches as a stream of events, failures as `ApiError`. */

import type { IncomingMessage } from 'node:http';
import { createInterface } from 'node:readline';
import { text as textOf } from 'node:stream/consumers';
import { formatSeconds } from '../model/duration.ts';
import { at, isRecord, textAt } from '../model/fields.ts';
import type { Connection } from './connection.ts';
import { isTransient, isTransientStatus, parseRetryAfter, retry } from './retry.ts';

/** A `Status` of the API (code and reason as Kubernetes defines them), or 0 if there was no answer. */
export class ApiError extends Error {
  readonly code: number;
  readonly reason: string;
  /** How long the server asks to wait before the next attempt, in ms. */
  readonly retryAfterMs: number;
  constructor(code: number, reason: string, message: string, options?: ErrorOptions, retryAfterMs = 0) {
    super(message, options);
    this.name = 'ApiError';
    this.code = code;
    this.reason = reason;
    this.retryAfterMs = retryAfterMs;
  }
}

/** An API that accepts a request and is silent for this long is considered gone. Watches may be silent for longer. */
const ANSWER_TIMEOUT_MS = 30_000;

export interface RequestOptions {
  readonly body?: object;
  readonly contentType?: string;
  readonly accept?: string;
  readonly signal?: AbortSignal;
  /** Whether the request is repeated while the API is unavailable. By default reads are. */
  readonly retries?: boolean;
}

export interface WatchLine {
  readonly type: string;
  readonly object: unknown;
}

export class Rest {
  readonly #connection: Connection;
  readonly #onPause: (why: string) => void;

  /** How far the server's clock is ahead of the local one, in ms. */
  #ahead = 0;

  /** @param onPause called each time a read is about to be repeated because the API was busy or unavailable. */
  constructor(connection: Connection, onPause: (why: string) => void = () => undefined) {
    this.#connection = connection;
    this.#onPause = onPause;
  }

  /** The server's clock according to its answers, in ms since 1970; accurate to a second. */
  serverTime(): number {
    return Date.now() + this.#ahead;
  }

  /** @throws {ApiError} */
  async json(method: string, path: string, options: RequestOptions = {}): Promise<unknown> {
    const text = await this.#answer(method, path, options);
    try {
      const answer: unknown = JSON.parse(text);
      return answer;
    } catch (cause) {
      const message = `${this.#connection.server.origin}${path} answered with something other than JSON: ${text.slice(0, 200)}`;
      throw new ApiError(0, 'NotJson', message, { cause });
    }
  }

  /** @throws {ApiError} */
  text(path: string): Promise<string> {
    return this.#answer('GET', path, { accept: '*/*' });
  }

  /** The events of a watch until the server ends it or `signal` aborts (then it ends normally). @throws {ApiError} */
  async *watch(path: string, signal: AbortSignal): AsyncGenerator<WatchLine> {
    const response = await this.#send('GET', path, { signal });
    const lines = createInterface({ input: response, crlfDelay: Number.POSITIVE_INFINITY });
    const stop = (): void => void response.destroy();
    signal.addEventListener('abort', stop, { once: true });
    // A destroyed stream, or one whose connection breaks, never ends: its reader must be notified.
    response.on('error', () => undefined);
    response.once('close', () => lines.close());
    try {
      for await (const line of lines) {
        if (signal.aborted) return;
        if (line !== '') yield eventOf(line);
      }
    } catch (error) {
      if (signal.aborted) return;
      throw error instanceof ApiError ? error : broken(error);
    } finally {
      signal.removeEventListener('abort', stop);
      response.destroy();
    }
  }

  /**
   * A read is repeated while the API is busy or unavailable. A change is repeated only if the API says that it did not process it
   * (429), or if its caller knows that repeating is safe.
   */
  #answer(method: string, path: string, options: RequestOptions): Promise<string> {
    const { retries = method === 'GET', signal } = options;
    return retry(
      () => this.#once(method, path, options),
      (outcome) => {
        if (!('error' in outcome) || !(outcome.error instanceof ApiError)) return undefined;
        const { code, message, cause, retryAfterMs } = outcome.error;
        const transient = code === 0 ? isTransient(cause) : isTransientStatus(code, path);
        return code === 429 || (retries && transient) ? { why: message, retryAfterMs } : undefined;
      },
      { onPause: this.#onPause, ...(signal === undefined ? {} : { signal }) },
    );
  }

  async #once(method: string, path: string, options: RequestOptions): Promise<string> {
    const timeout = AbortSignal.timeout(ANSWER_TIMEOUT_MS);
    const signal = options.signal === undefined ? timeout : AbortSignal.any([options.signal, timeout]);
    try {
      return await textOf(await this.#send(method, path, { ...options, signal }));
    } catch (cause) {
      if (timeout.aborted) throw this.#noAnswer(`no answer within ${formatSeconds(ANSWER_TIMEOUT_MS)}`, cause);
      if (cause instanceof ApiError) throw cause;
      throw this.#noAnswer(cause instanceof Error ? cause.message : String(cause), cause);
    }
  }

  #noAnswer(message: string, cause: unknown): ApiError {
    return new ApiError(0, 'NoAnswer', `${this.#connection.server.origin} did not answer: ${message}`, { cause });
  }

  async #send(method: string, path: string, options: RequestOptions): Promise<IncomingMessage> {
    const body = options.body === undefined ? undefined : JSON.stringify(options.body);
    const headers = {
      accept: options.accept ?? 'application/json',
      ...(body === undefined
        ? {}
        : { 'content-type': options.contentType ?? 'application/json', 'content-length': Buffer.byteLength(body) }),
    };
    const request = await this.#connection.request(method, path, headers, options.signal);
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      request.once('response', resolve);
      request.on('error', (cause) => reject(this.#noAnswer(cause.message, cause)));
      request.end(body);
    });
    const date = Date.parse(response.headers.date ?? '');
    // The header is truncated to seconds: half a second has passed on average.
    if (!Number.isNaN(date)) this.#ahead = date + 500 - Date.now();
    if ((response.statusCode ?? 500) < 400) return response;
    throw errorOf(response.statusCode ?? 500, await textOf(response), parseRetryAfter(response.headers['retry-after']));
  }
}

/** An incomplete line is left if a connection breaks in the middle of an event. */
function eventOf(line: string): WatchLine {
  try {
    const event: unknown = JSON.parse(line);
    const type = textAt(event, 'type');
    if (type !== undefined) return { type, object: at(event, 'object') };
  } catch (cause) {
    throw broken(cause);
  }
  throw broken(new Error(`not an event: ${line.slice(0, 200)}`));
}

function broken(cause: unknown): ApiError {
  const why = cause instanceof Error ? cause.message : String(cause);
  return new ApiError(0, 'WatchBroken', `the watch broke off: ${why}`, { cause });
}

function errorOf(code: number, text: string, retryAfterMs: number): ApiError {
  try {
    const status: unknown = JSON.parse(text);
    if (isRecord(status)) {
      const reason = textAt(status, 'reason') ?? 'Unknown';
      return new ApiError(code, reason, textAt(status, 'message') ?? text, undefined, retryAfterMs);
    }
  } catch {
    // Not a Status: most likely from a proxy in between.
  }
  return new ApiError(code, 'Unknown', `HTTP ${code}: ${text.slice(0, 500)}`, undefined, retryAfterMs);
}
