/** A real API server behind a proxy that injects faults, with the contexts that `host/` and `steps/` need. */

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BashTerminal } from '../../host/terminal.ts';
import { KubernetesApi } from '../../kube/api.ts';
import { Connection } from '../../kube/connection.ts';
import type { Observation } from '../../model/evidence.ts';
import { portOf } from '../../model/ports.ts';
import { startApiServer } from '../../sandbox/api/index.ts';
import type { ClusterContext } from '../../steps/context.ts';

export class TestCluster implements AsyncDisposable {
  readonly kubeconfig: string;
  readonly api: KubernetesApi;
  readonly faults: FaultInjection;
  readonly context: ClusterContext;
  readonly observations: Observation[];
  readonly #stops: (() => Promise<unknown>)[];

  private constructor(
    kubeconfig: string,
    api: KubernetesApi,
    faults: FaultInjection,
    context: ClusterContext,
    observations: Observation[],
    stops: (() => Promise<unknown>)[],
  ) {
    this.kubeconfig = kubeconfig;
    this.api = api;
    this.faults = faults;
    this.context = context;
    this.observations = observations;
    this.#stops = stops;
  }

  static async start(): Promise<TestCluster> {
    const server = await startApiServer({
      internal: { host: '127.0.0.1', port: 0 },
      tokens: new Map(),
      serviceCidr: '172.30.0.0/16',
    });
    const faults = await FaultInjection.start(server.url);
    const directory = await mkdtemp(join(tmpdir(), 'lw-cluster-'));
    const kubeconfig = join(directory, 'kubeconfig');
    await writeFile(kubeconfig, kubeconfigFor(faults.url), { mode: 0o600 });
    const connection = await Connection.open(kubeconfig);
    const env = { PATH: process.env['PATH'] ?? '', HOME: directory };
    const terminal = new BashTerminal({ directory, env, kubeconfig, redact: (text) => text });
    const api = new KubernetesApi(connection);
    const observations: Observation[] = [];
    const over = new AbortController();
    const context: ClusterContext = {
      terminal,
      api,
      figures: {},
      callImage: 'registry.example/call',
      signal: over.signal,
      observe: (observation) => observations.push(observation),
    };
    const stops = [
      () => rm(directory, { recursive: true }),
      () => server.stop(),
      () => faults.stop(),
      () => terminal.stop(),
      () => Promise.resolve(connection.close()),
      // A failed test may have left open requests.
      () => Promise.resolve(over.abort()),
    ];
    return new TestCluster(kubeconfig, api, faults, context, observations, stops);
  }

  /** Calls the API server directly, as administrator. @throws with the server's message. */
  async send(method: string, path: string, body?: object): Promise<unknown> {
    const patch = method === 'PATCH' ? 'application/merge-patch+json' : 'application/json';
    const response = await fetch(this.faults.upstream + path, {
      method,
      headers: { 'content-type': patch },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(await response.text());
    return response.json();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const stop of this.#stops.toReversed()) await stop();
  }
}

const SLOW_MS = 2_000;

interface Instead {
  readonly status: number;
  readonly body: object | '';
  readonly headers?: Readonly<Record<string, string>>;
}

/** A proxy in front of the API server; it forwards everything until a fault is set. */
export class FaultInjection {
  readonly upstream: string;
  readonly #server: http.Server;
  readonly #watches = new Set<ServerResponse>();
  /** Requests seen, as `GET /api/v1/…`. */
  readonly seen: string[] = [];
  /**
   * Answers a request in the server's place: a status with a body, or nothing (`hang`), or by breaking the connection
   * (`reset`; `deaf`: when the server has done what it was asked). `slow` and undefined let it through.
   */
  answer: (request: string) => Instead | 'hang' | 'reset' | 'deaf' | 'slow' | undefined = () => undefined;

  private constructor(upstream: string) {
    this.upstream = upstream;
    this.#server = http.createServer((request, response) => this.#serve(request, response));
  }

  static async start(upstream: string): Promise<FaultInjection> {
    const faults = new FaultInjection(upstream);
    await new Promise<void>((resolve) => faults.#server.listen(0, '127.0.0.1', resolve));
    return faults;
  }

  get url(): string {
    return `http://127.0.0.1:${portOf(this.#server)}`;
  }

  /** Resolves when `count` watches are open. */
  async watched(count = 1): Promise<void> {
    while (this.#watches.size < count) await new Promise((resolve) => setTimeout(resolve, 5));
  }

  /** Breaks every watch as a lost connection does, after `lastWords`. */
  cut(lastWords = ''): void {
    for (const response of this.#watches) {
      response.write(lastWords);
      setImmediate(() => response.destroy());
    }
    this.#watches.clear();
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #serve(request: IncomingMessage, response: ServerResponse): void {
    const line = `${request.method} ${request.url}`;
    this.seen.push(line);
    const instead = this.answer(line);
    if (instead === 'hang') return;
    if (instead === 'reset') return void request.socket.destroy();
    if (instead === 'slow') return void setTimeout(() => this.#forward(line, request, response), SLOW_MS);
    if (instead !== undefined && instead !== 'deaf') {
      response
        .writeHead(instead.status, { 'content-type': 'application/json', ...instead.headers })
        .end(instead.body === '' ? '' : JSON.stringify(instead.body));
      return;
    }
    this.#forward(line, request, response, instead === 'deaf');
  }

  #forward(line: string, request: IncomingMessage, response: ServerResponse, deaf = false): void {
    const forward = http.request(this.upstream + request.url, { method: request.method, headers: request.headers });
    forward.on('response', (answer) => {
      if (deaf) return void request.socket.destroy();
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      if (line.includes('watch=true')) {
        response.flushHeaders();
        this.#watches.add(response);
        response.on('close', () => this.#watches.delete(response));
      }
      answer.pipe(response);
    });
    forward.on('error', () => response.destroy());
    response.on('close', () => forward.destroy());
    request.pipe(forward);
  }
}

function kubeconfigFor(server: string): string {
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'c', cluster: { server, 'insecure-skip-tls-verify': true } }],
    users: [{ name: 'u', user: { token: 'sha256~only-for-tests-only-for-tests' } }],
    contexts: [{ name: 'c', context: { cluster: 'c', user: 'u', namespace: 'default' } }],
    'current-context': 'c',
  });
}
