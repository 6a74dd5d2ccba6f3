/**
 * The recording proxy: a reverse proxy for the Kubernetes API on loopback, over TLS with its own certificate. Reads pass straight
 * through; changes go to the interceptor. The real credentials stay on this side.
 */

import { timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { Duplex } from 'node:stream';
import type { ServerCertificate } from '../../certificates/server.ts';
import type { Connection } from '../../kube/connection.ts';
import { portOf } from '../../model/ports.ts';
import { bodyOf, TooLarge } from './message.ts';
import { Reads } from './reads.ts';
import { isRead, type RequestInfo, requestInfoOf } from './request-info.ts';
import { type Answer, rawAnswer, statusAnswer } from './status.ts';
import { tunnel } from './tunnel.ts';

/** A call that would change something, as the client sent it. */
export interface Change {
  readonly info: RequestInfo;
  readonly method: string;
  /** Path with query. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** Decides on calls that change something. */
export interface Interceptor {
  /** Forwards the change, or refuses it. */
  change(change: Change): Promise<Answer>;
  /** @returns the refusal, or undefined if the connection into the object may be opened. */
  connect(info: RequestInfo): Promise<Answer | undefined>;
}

/** One completed request, for the record. */
export interface Passed {
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly startedAt: string;
  readonly durationMs: number;
  /** How often a read was repeated because the API was unavailable. */
  readonly repeats?: number;
}

export interface ProxyOptions {
  readonly connection: Connection;
  readonly certificate: ServerCertificate;
  /** What clients must present; no other process on the machine gets through. */
  readonly token: string;
  readonly interceptor: Interceptor;
  readonly onPassed: (passed: Passed) => void;
}

export class RecordingProxy {
  readonly #options: ProxyOptions;
  readonly #server: Server;
  readonly #reads: Reads;
  readonly #tunnels = new Set<Duplex>();

  private constructor(options: ProxyOptions) {
    this.#options = options;
    this.#reads = new Reads(options.connection);
    const { cert, key } = options.certificate;
    this.#server = createServer({ cert, key, keepAliveTimeout: 75_000, requestTimeout: 0 });
    this.#server.on('request', (request, response) => void this.#serve(request, response));
    this.#server.on('upgrade', (request, socket, head) => void this.#upgrade(request, socket, head));
  }

  static async start(options: ProxyOptions): Promise<RecordingProxy> {
    const proxy = new RecordingProxy(options);
    await new Promise<void>((resolve, reject) => {
      proxy.#server.once('error', reject);
      proxy.#server.listen(0, '127.0.0.1', resolve);
    });
    return proxy;
  }

  get server(): string {
    return `https://127.0.0.1:${portOf(this.#server)}`;
  }

  async stop(): Promise<void> {
    for (const socket of this.#tunnels) socket.destroy();
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const started = performance.now();
    const startedAt = new Date().toISOString();
    const { method = 'GET', url: path = '/' } = request;
    const note = (status: number, repeats = 0): void =>
      this.#options.onPassed({
        method,
        path,
        status,
        startedAt,
        durationMs: Math.round(performance.now() - started),
        ...(repeats === 0 ? {} : { repeats }),
      });
    if (!this.#knows(request)) return send(response, unauthorized());
    const info = requestInfoOf(method, path);
    try {
      if (info === undefined ? isRead(method) : info.verb === 'read')
        return await this.#reads.pass(request, response, note);
      const answer = await this.#change(request, info, { method, path });
      note(answer.status);
      send(response, answer);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      const answer =
        error instanceof TooLarge
          ? statusAnswer(413, 'RequestEntityTooLarge', why)
          : statusAnswer(502, 'ServiceUnavailable', `the cluster did not answer: ${why}`);
      note(answer.status);
      send(response, answer);
    }
  }

  async #change(
    request: IncomingMessage,
    info: RequestInfo | undefined,
    { method, path }: { method: string; path: string },
  ): Promise<Answer> {
    const body = await bodyOf(request);
    if (info === undefined)
      return statusAnswer(
        403,
        'Forbidden',
        `Labwright refused ${method} ${path}: it names no object, so its owner can't be determined  (LW-GUARD-REFUSED)`,
      );
    return this.#options.interceptor.change({ info, method, path, headers: request.headers, body });
  }

  async #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    const started = performance.now();
    const startedAt = new Date().toISOString();
    const { method = 'GET', url: path = '/' } = request;
    socket.on('error', () => socket.destroy());
    this.#tunnels.add(socket);
    socket.on('close', () => this.#tunnels.delete(socket));
    const note = (status: number): void =>
      this.#options.onPassed({ method, path, status, startedAt, durationMs: Math.round(performance.now() - started) });
    if (!this.#knows(request)) return void socket.end(rawAnswer(unauthorized()));
    try {
      const refusal = await this.#refusalOf(method, path);
      if (refusal !== undefined) {
        note(refusal.status);
        socket.end(rawAnswer(refusal));
        return;
      }
      const headers = { ...request.headers };
      delete headers.authorization;
      delete headers.host;
      tunnel(await this.#options.connection.request(method, path, headers), socket, head, note);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      socket.end(rawAnswer(statusAnswer(502, 'ServiceUnavailable', `the cluster did not answer: ${why}`)));
    }
  }

  async #refusalOf(method: string, path: string): Promise<Answer | undefined> {
    const info = requestInfoOf(method, path);
    if (info === undefined) return isRead(method) ? undefined : statusAnswer(403, 'Forbidden', `${method} ${path}`);
    // A watch may be upgraded too; what goes through a proxied service's socket is unknown.
    if (info.verb === 'read' && info.subresource !== 'proxy') return undefined;
    return this.#options.interceptor.connect(info);
  }

  #knows(request: IncomingMessage): boolean {
    const given = Buffer.from(request.headers.authorization ?? '');
    const expected = Buffer.from(`Bearer ${this.#options.token}`);
    return given.length === expected.length && timingSafeEqual(given, expected);
  }
}

function unauthorized(): Answer {
  return statusAnswer(401, 'Unauthorized', 'Unauthorized');
}

function send(response: ServerResponse, answer: Answer): void {
  if (response.headersSent || response.destroyed) return void response.destroy();
  const headers = Object.entries(answer.headers).map(([name, value]): [string, string | string[]] => [
    name,
    typeof value === 'string' ? value : [...value],
  ]);
  response.writeHead(answer.status, { ...Object.fromEntries(headers), 'content-length': answer.body.length });
  response.end(answer.body);
}
