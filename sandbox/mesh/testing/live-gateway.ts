/** A real Envoy as the gateway of a small mesh, on a free port of this machine. */

import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import http from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { issueCertificate } from '../../../certificates/issue.ts';
import * as x509 from '../../../certificates/x509.ts';
import { fields, parseJson } from '../../../model/fields.ts';
import { freePort } from '../../../model/ports.ts';
import { findEnvoy } from '../../../setup/programs.js';
import { type AdsServer, startAdsServer } from '../../xds/ads.ts';
import type { Snapshot } from '../../xds/snapshot.ts';
import type { Authority } from '../authority.ts';
import { bootstrap, ENVOY_FLAGS } from '../bootstrap.ts';
import { serveIdentity } from '../identity.ts';
import type { AuthorizationPolicy } from '../kinds/authorization-policy/types.ts';
import type { TrafficPolicy } from '../model/destination-rule.ts';
import { proxyContext } from '../model/proxy-context.ts';
import type { HttpRoute } from '../model/virtual-service.ts';
import { snapshotFor } from '../translate/snapshot.ts';
import type { App } from './app.ts';
import { type Orchard, orchard } from './orchard.ts';

export const ENVOY = findEnvoy() ?? 'envoy';

export interface Answer {
  readonly status: number;
  readonly body: string;
  /** Identifies the request in the access log, because answers of the proxy itself may have no ID. */
  readonly agent: string;
}

export class LiveGateway implements AsyncDisposable {
  readonly #directory: string;
  readonly #logged: string[] = [];
  #more = Promise.withResolvers<void>();
  #orchard: Orchard;
  #ads: AdsServer | undefined;
  #envoy: ChildProcess | undefined;
  #stopIdentity: (() => Promise<void>) | undefined;
  #requests = 0;
  #generation = 0;

  private constructor(directory: string, apps: readonly App[], port: number) {
    this.#directory = directory;
    this.#orchard = { apps, port, routes: [], policy: {} };
  }

  static async start(apps: readonly App[]): Promise<LiveGateway> {
    await Promise.all(apps.map((app) => app.listen()));
    const gateway = new LiveGateway(await mkdtemp(join(tmpdir(), 'lw-envoy-')), apps, await freePort());
    await gateway.#start();
    return gateway;
  }

  async #start(): Promise<void> {
    const [xdsSocket, sdsSocket] = [join(this.#directory, 'x'), join(this.#directory, 's')];
    this.#stopIdentity = await serveIdentity(sdsSocket, await authority(), 'spiffe://cluster.local/ns/orchard/sa/gate');
    this.#ads = await startAdsServer({
      socket: xdsSocket,
      snapshot: ({ id }) => this.#snapshot(id),
      log: (message) => this.#logged.push(message),
    });
    const file = join(this.#directory, 'bootstrap.json');
    const id = 'router~127.0.0.1~gate.orchard~orchard.svc.cluster.local';
    const config = bootstrap({ id, cluster: 'gate', metadata: {}, xdsSocket, sdsSocket, adminPort: await freePort() });
    await writeFile(file, JSON.stringify(config));
    this.#envoy = spawn(ENVOY, ['-c', file, ...ENVOY_FLAGS], { stdio: ['ignore', 'pipe', 'ignore'] });
    if (this.#envoy.stdout !== null) this.#collect(this.#envoy.stdout);
  }

  #snapshot(id: string): Snapshot | undefined {
    const push = orchard(this.#orchard);
    const proxy = proxyContext(push, id);
    return proxy === undefined ? undefined : snapshotFor(push, proxy);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const envoy = this.#envoy;
    if (envoy !== undefined && envoy.exitCode === null && envoy.signalCode === null) {
      const ended = new Promise((resolve) => envoy.once('exit', resolve));
      envoy.kill();
      await ended;
    }
    await this.#ads?.stop();
    await this.#stopIdentity?.();
    for (const app of this.#orchard.apps) app.stop();
    await rm(this.#directory, { recursive: true });
  }

  /** Applies rules, and waits until the answer for a unique path shows that the proxy has them. */
  async apply(http: readonly HttpRoute[], policy: TrafficPolicy = {}): Promise<void> {
    this.#generation += 1;
    const path = `/in-force-${this.#generation}`;
    const shows = { match: [{ uri: { exact: path } }], directResponse: { status: 200, body: { string: path } } };
    this.#orchard = { ...this.#orchard, routes: [shows, ...http], policy };
    this.#ads?.push();
    await this.#until(async () => (await this.get(path)).body === path);
  }

  async #until(holds: () => Promise<boolean>): Promise<void> {
    const deadline = Date.now() + 15_000;
    while (!(await holds().catch(() => false))) {
      assert.ok(
        Date.now() < deadline,
        `the proxy has not taken the rules in 15 s:\n${this.#logged.slice(-20).join('\n')}`,
      );
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  get apps(): readonly App[] {
    return this.#orchard.apps;
  }

  /** Changes the mesh's objects; the caller must wait for the effect. */
  change(more: Partial<Orchard>): void {
    this.#orchard = { ...this.#orchard, ...more };
    this.#ads?.push();
  }

  /** Applies policies, and waits until the log of a denied path shows that the proxy has them. */
  async authorize(specs: readonly NonNullable<AuthorizationPolicy['spec']>[]): Promise<void> {
    this.#generation += 1;
    const path = '/denied';
    const name = `denied-${this.#generation}`;
    const shows = { action: 'DENY', rules: [{ to: [{ operation: { paths: [path] } }] }] } as const;
    const allowed = [shows, ...specs].map((spec, index) => ({
      apiVersion: 'security.istio.io/v1beta1',
      kind: 'AuthorizationPolicy',
      metadata: { name: `${name}-${index}`, namespace: 'orchard' },
      spec,
    }));
    this.#orchard = { ...this.#orchard, allowed };
    this.#ads?.push();
    await this.#until(async () => {
      const { response_code_details: details } = await this.logOf(await this.get(path));
      return String(details).includes(`policy[${name}-0]`);
    });
  }

  get(path: string, userAgent = 'test', more: Readonly<Record<string, string>> = {}): Promise<Answer> {
    this.#requests += 1;
    const agent = `${userAgent} no. ${this.#requests}`;
    const headers = { host: 'stall.test', 'user-agent': agent, ...more };
    const { port } = this.#orchard;
    return new Promise((resolve, reject) => {
      const request = http.get(
        { host: '127.0.0.1', port, path, headers, agent: false, timeout: 20_000 },
        (response) => {
          let body = '';
          response.setEncoding('utf8').on('data', (text: string) => {
            body += text;
          });
          response.on('end', () => resolve({ status: response.statusCode ?? 0, body, agent }));
        },
      );
      request.on('timeout', () => request.destroy(new Error(`no answer to ${path} in 20 s`)));
      request.on('error', reject);
    });
  }

  /** The access log's line for a request. */
  async logOf({ agent }: Answer): Promise<Record<string, unknown>> {
    return fields(parseJson(await this.line(`"${agent}"`)));
  }

  /** The first line of the access log with this text. */
  async line(wanted: string): Promise<string> {
    const deadline = Date.now() + 10_000;
    for (;;) {
      const line = this.#logged.find((candidate) => candidate.includes(wanted));
      if (line !== undefined) return line;
      const timer = setTimeout(() => this.#more.resolve(), 10_000);
      await this.#more.promise;
      clearTimeout(timer);
      assert.ok(Date.now() < deadline, `no line like ${wanted} in:\n${this.#logged.slice(-20).join('\n')}`);
    }
  }

  /** Whether a line of the access log already contains the text. */
  logged(text: string): boolean {
    return this.#logged.some((line) => line.includes(text));
  }

  #collect(stream: NodeJS.ReadableStream): void {
    let rest = '';
    stream.on('data', (chunk: Buffer) => {
      const parts = (rest + chunk.toString()).split('\n');
      rest = parts.pop() ?? '';
      this.#logged.push(...parts);
      this.#more.resolve();
      this.#more = Promise.withResolvers();
    });
  }
}

export async function authority(): Promise<Authority> {
  const { certificate, cert, privateKey } = await issueCertificate({
    subject: 'O=test',
    sinceMs: 60_000,
    forMs: 3_600_000,
    extensions: [new x509.BasicConstraintsExtension(true, undefined, true)],
  });
  return { certificate: cert, issuer: certificate, key: privateKey };
}
