/** Liveness, readiness and startup probes. */
import { request as httpsRequest } from 'node:https';
import { connect } from 'node:net';
import { checkGrpc } from './grpc-probe.ts';
import { type HttpProbe, statusOf } from './http-probe.ts';
import type { Container, Probe } from './kinds.ts';
import { GATEWAY } from './network.ts';
import type { ProbeResult } from './probe-result.ts';

export interface ProbeTarget {
  readonly address: string;
  readonly container: Container;
  /** Runs a command in the container. @returns its exit code and output. */
  exec(command: readonly string[], timeoutMs: number): Promise<{ code: number; output: string }>;
}

/** Repeats a probe until stopped and reports when its verdict changes. */
export class Prober {
  readonly #probe: Probe;
  readonly #target: ProbeTarget;
  readonly #onResult: (passes: boolean, result: ProbeResult) => void;
  #timer: NodeJS.Timeout | undefined;
  #successes = 0;
  #failures = 0;
  #countedAt = Number.NEGATIVE_INFINITY;
  #pauses = 0;
  #stopped = false;

  /**
   * @param onResult called after every probe: whether the thresholds make it a pass, and what it saw; failures under the threshold
   * are not reported.
   */
  constructor(probe: Probe, target: ProbeTarget, onResult: (passes: boolean, result: ProbeResult) => void) {
    this.#probe = probe;
    this.#target = target;
    this.#onResult = onResult;
    this.#timer = setTimeout(() => this.#tick(), (probe.initialDelaySeconds ?? 0) * 1000);
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  async #tick(): Promise<void> {
    const result = await runProbe(this.#probe, this.#target);
    if (this.#stopped) return;
    this.#count(result.ok);
    if (result.ok && this.#successes >= (this.#probe.successThreshold ?? 1)) this.#onResult(true, result);
    if (!result.ok && this.#failures >= (this.#probe.failureThreshold ?? 3)) this.#onResult(false, result);
    if (!this.#stopped) this.#timer = setTimeout(() => this.#tick(), this.#pause());
  }

  /** A failure counts once per period, however often the probe runs in between. */
  #count(ok: boolean): void {
    this.#successes = ok ? this.#successes + 1 : 0;
    if (ok) this.#failures = 0;
    else if (performance.now() - this.#countedAt >= this.#period - 1) {
      this.#failures += 1;
      this.#countedAt = performance.now();
    }
  }

  get #period(): number {
    return (this.#probe.periodSeconds ?? 10) * 1000;
  }

  /**
   * A kubelet waits a whole period between probes. Here they run more often until the first success, so that a start takes
   * no longer than it must.
   */
  #pause(): number {
    if (this.#successes > 0) this.#pauses = Number.POSITIVE_INFINITY;
    this.#pauses += 1;
    return Math.min(this.#period, 20 * 1.5 ** this.#pauses);
  }
}

/** Runs a probe once. It fails after `timeoutSeconds`, which is 1 by default. */
export function runProbe(probe: Probe, target: ProbeTarget): Promise<ProbeResult> {
  const timeout = (probe.timeoutSeconds ?? 1) * 1000;
  if (probe.httpGet !== undefined) return httpGet(probe.httpGet, target, timeout);
  if (probe.tcpSocket !== undefined) return tcp(probe.tcpSocket, target, timeout);
  if (probe.exec !== undefined) return execute(probe.exec.command, target, timeout);
  if (probe.grpc !== undefined) return grpc(probe.grpc, target, timeout);
  return Promise.resolve({ ok: false, message: `missing probe handler for ${target.container.name}` });
}

function portOf(port: number | string, container: Container): number {
  if (typeof port === 'number') return port;
  return container.ports?.find((one) => one.name === port)?.containerPort ?? Number(port);
}

function httpGet(get: NonNullable<Probe['httpGet']>, target: ProbeTarget, timeout: number): Promise<ProbeResult> {
  const https = get.scheme === 'HTTPS';
  const port = portOf(get.port, target.container);
  const headers = Object.fromEntries((get.httpHeaders ?? []).map(({ name, value }) => [name, value]));
  const host = get.host ?? target.address;
  const path = get.path || '/';
  const probe: HttpProbe = {
    host,
    port,
    path,
    headers: { 'user-agent': 'kube-probe/1.21', ...headers },
    localAddress: GATEWAY,
    timeout,
  };
  const url = `${https ? 'https' : 'http'}://${host}:${port}${path}`;
  return (https ? statusOverTls(probe) : statusOf(probe)).then(
    (status) => {
      const ok = status >= 200 && status < 400;
      return { ok, message: ok ? '' : `HTTP probe failed with statuscode: ${status}` };
    },
    (error: unknown) => ({
      ok: false,
      message: `Get "${url}": ${error instanceof Error ? error.message : String(error)}`,
    }),
  );
}

/** A kubelet trusts whatever certificate the container shows. */
function statusOverTls(probe: HttpProbe): Promise<number> {
  return new Promise((resolve, reject) => {
    const request = httpsRequest({ ...probe, agent: false, rejectUnauthorized: false }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    request.on('timeout', () => request.destroy(new Error('context deadline exceeded')));
    request.on('error', reject);
    request.end();
  });
}

function tcp(socket: NonNullable<Probe['tcpSocket']>, target: ProbeTarget, timeout: number): Promise<ProbeResult> {
  const port = portOf(socket.port, target.container);
  const host = socket.host ?? target.address;
  return new Promise((resolve) => {
    const connection = connect({ host, port, localAddress: GATEWAY, timeout });
    const end = (result: ProbeResult): void => {
      connection.destroy();
      resolve(result);
    };
    connection.once('connect', () => end({ ok: true, message: '' }));
    connection.once('timeout', () => end({ ok: false, message: `dial tcp ${host}:${port}: i/o timeout` }));
    connection.once('error', (error) => end({ ok: false, message: `dial tcp ${host}:${port}: ${error.message}` }));
  });
}

function grpc({ port, service }: NonNullable<Probe['grpc']>, { address }: ProbeTarget, timeout: number) {
  return checkGrpc({ host: address, port, service: service ?? '', localAddress: GATEWAY, timeout });
}

async function execute(command: readonly string[], target: ProbeTarget, timeout: number): Promise<ProbeResult> {
  const { code, output } = await target.exec(command, timeout);
  return { ok: code === 0, message: code === 0 ? '' : output.trim() };
}
