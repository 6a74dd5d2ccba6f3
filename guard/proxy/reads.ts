/**
 * Requests that only read. Streams (watches, logs) pass straight through; clients reconnect them themselves. A plain read that
 * fails because the API is unavailable is repeated, which is safe because it changes nothing.
 */

import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { createProxyServer } from 'httpxy';
import type { Connection } from '../../kube/connection.ts';
import { isTransient, isTransientStatus, parseRetryAfter, retry } from '../../kube/retry.ts';
import { textMap } from '../../model/fields.ts';
import { passedOn } from './message.ts';
import { requestInfoOf } from './request-info.ts';
import { statusAnswer } from './status.ts';

export class Reads {
  readonly #connection: Connection;
  readonly #streams = createProxyServer({});

  constructor(connection: Connection) {
    this.#connection = connection;
    // A watch's client waits for the response headers, although no event may come for an hour.
    this.#streams.on('proxyRes', (_answer, _request, response) => {
      setImmediate(() => {
        if (!response.headersSent && !response.destroyed) response.flushHeaders();
      });
    });
  }

  /** @param note called once, when the response is complete: its status, and how often the request was repeated. */
  async pass(
    request: IncomingMessage,
    response: ServerResponse,
    note: (status: number, repeats?: number) => void,
  ): Promise<void> {
    let repeats = 0;
    response.once('close', () => note(response.statusCode, repeats));
    const { url = '/' } = request;
    const info = requestInfoOf('GET', url);
    const streams = info?.query.has('watch') === true || info?.subresource === 'log' || info?.subresource === 'proxy';
    if (streams) return this.#stream(request, response);
    const gone = new AbortController();
    response.once('close', () => gone.abort());
    const answer = await retry(
      () => this.#ask(request, gone.signal),
      (outcome) => {
        if ('error' in outcome)
          return isTransient(outcome.error) ? { why: String(outcome.error), retryAfterMs: 0 } : undefined;
        const { statusCode = 502, headers } = outcome.answer;
        if (!isTransientStatus(statusCode, url)) return undefined;
        return { why: `HTTP ${statusCode}`, retryAfterMs: parseRetryAfter(headers['retry-after']) };
      },
      { signal: gone.signal, onPause: () => (repeats += 1) },
    );
    if (response.destroyed) return;
    response.writeHead(answer.statusCode ?? 502, passedOn(answer.headers));
    await pipeline(answer, response).catch(() => response.destroy());
  }

  async #ask(request: IncomingMessage, signal: AbortSignal): Promise<IncomingMessage> {
    const { method = 'GET', url = '/' } = request;
    const asked = await this.#connection.request(method, url, passedOn(request.headers), signal);
    return new Promise((resolve, reject) => {
      asked.once('response', resolve);
      asked.on('error', reject);
      asked.end();
    });
  }

  async #stream(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { headers, auth } = await this.#connection.requestOptions();
    delete request.headers.authorization;
    const options = {
      target: this.#connection.server,
      changeOrigin: true,
      // It knows the authorities to verify against.
      agent: this.#connection.agent,
      headers: textMap(headers),
      ...(typeof auth === 'string' ? { auth } : {}),
    };
    await this.#streams.web(request, response, options).catch((error: unknown) => {
      if (response.headersSent) return void response.destroy();
      const why = error instanceof Error ? error.message : String(error);
      const answer = statusAnswer(503, 'ServiceUnavailable', `the cluster did not answer: ${why}`);
      response.writeHead(answer.status, { 'content-type': 'application/json' }).end(answer.body);
    });
  }
}
