/** A `grpc` probe: gRPC's health checking protocol (kubernetes, pkg/probe/grpc). */
import { type ClientHttp2Session, connect } from 'node:http2';
import { connect as connectTcp } from 'node:net';
import type { ProbeResult } from './probe-result.ts';

export interface GrpcProbe {
  readonly host: string;
  readonly port: number;
  /** The service's name on the server; empty for the server as a whole. */
  readonly service: string;
  /** The local address from which the probe is sent. */
  readonly localAddress: string;
  /** The timeout in milliseconds. */
  readonly timeout: number;
}

const STATUSES = ['UNKNOWN', 'SERVING', 'NOT_SERVING', 'SERVICE_UNKNOWN'];
const UNIMPLEMENTED = '12';

/** Never rejects: a failure is reported in the result's message. */
export async function checkGrpc(probe: GrpcProbe): Promise<ProbeResult> {
  const { host, port, localAddress, timeout } = probe;
  const where = JSON.stringify(`${host}:${port}`);
  const seconds = `${timeout / 1000}s`;
  let connected = false;
  const socket = connectTcp({ host, port, localAddress });
  socket.once('connect', () => {
    connected = true;
  });
  const session = connect(`http://${host}:${port}`, { createConnection: () => socket });
  const failed = new Promise<never>((_, reject) => session.on('error', reject));
  const deadline = setTimeout(() => session.destroy(new Error('deadline')), timeout);
  try {
    return resultOf(await Promise.race([ask(session, probe.service), failed]));
  } catch (error) {
    const why = reasonOf(error);
    if (why !== 'deadline') {
      const what = connected ? 'error: health rpc probe failed' : `error: failed to connect service at ${where}`;
      return { ok: false, message: `${what}: ${why}` };
    }
    const message = connected
      ? `timeout: health rpc did not complete within ${seconds}`
      : `timeout: failed to connect service ${where} within ${seconds}`;
    return { ok: false, message };
  } finally {
    clearTimeout(deadline);
    session.destroy();
  }
}

/** When the connection ends, the stream's error has the reason as its cause. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? error.cause.message : error.message;
}

interface GrpcAnswer {
  /** gRPC's status, `0` for success. */
  readonly status: string;
  readonly message: string;
  readonly body: Buffer;
}

function ask(session: ClientHttp2Session, service: string): Promise<GrpcAnswer> {
  return new Promise((resolve, reject) => {
    const stream = session.request({
      ':method': 'POST',
      ':path': '/grpc.health.v1.Health/Check',
      'content-type': 'application/grpc',
      te: 'trailers',
      'user-agent': 'kube-probe/1.34',
    });
    let status: string | undefined;
    let message = '';
    const note = (headers: Record<string, unknown>): void => {
      status = text(headers['grpc-status']) ?? status;
      message = text(headers['grpc-message']) ?? message;
    };
    const body: Buffer[] = [];
    stream.on('response', note);
    stream.on('trailers', note);
    stream.on('data', (chunk: Buffer) => body.push(chunk));
    stream.on('error', reject);
    stream.on('close', () => {
      if (status === undefined) reject(new Error('the server does not speak gRPC'));
      else resolve({ status, message, body: Buffer.concat(body) });
    });
    stream.end(requestFor(service));
  });
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** A HealthCheckRequest with the service's name as its only field, after gRPC's prefix: uncompressed, and the length. */
function requestFor(service: string): Buffer {
  const name = Buffer.from(service);
  const field =
    name.length === 0 ? Buffer.alloc(0) : Buffer.concat([Buffer.from([0x0a, ...varint(name.length)]), name]);
  const prefix = Buffer.alloc(5);
  prefix.writeUInt32BE(field.length, 1);
  return Buffer.concat([prefix, field]);
}

function varint(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...varint(value >>> 7)];
}

function resultOf({ status, message, body }: GrpcAnswer): ProbeResult {
  if (status === UNIMPLEMENTED) {
    const what = 'error: this server does not implement the grpc health protocol (grpc.health.v1.Health)';
    return { ok: false, message: `${what}: ${message}` };
  }
  if (status !== '0') return { ok: false, message: `error: health rpc probe failed: ${message}` };
  // Field 1, a varint; absent when it is 0.
  const code = body[5] === 0x08 ? (body[6] ?? 0) : 0;
  if (code === 1) return { ok: true, message: '' };
  return { ok: false, message: `service unhealthy (responded with ${JSON.stringify(STATUSES[code] ?? String(code))})` };
}
