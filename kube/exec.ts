/** Runs a command in a container, over the API's exec subresource. */

import { Writable } from 'node:stream';
import { formatSeconds } from '../model/duration.ts';
import type { Connection } from './connection.ts';
import { ApiError } from './rest.ts';

export interface CommandOutcome {
  readonly exit: number;
  readonly stdout: string;
  readonly stderr: string;
}

interface Container {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
}

interface ExecStatus {
  readonly status?: string;
  readonly message?: string;
  readonly details?: { readonly causes?: readonly { readonly reason?: string; readonly message?: string }[] };
}

/** @throws {ApiError} if the command could not be run, its connection broke, or it took longer than `timeoutMs`. */
export async function execInPod(
  connection: Connection,
  container: Container,
  command: readonly string[],
  timeoutMs: number,
): Promise<CommandOutcome> {
  const stdout = new Collector();
  const stderr = new Collector();
  const status = await untilEnded(connection, container, command, { stdout, stderr, timeoutMs });
  return { exit: exitCodeOf(status), stdout: stdout.text(), stderr: stderr.text() };
}

async function untilEnded(
  connection: Connection,
  { namespace, pod, container }: Container,
  command: readonly string[],
  into: { stdout: Collector; stderr: Collector; timeoutMs: number },
): Promise<ExecStatus> {
  const { Exec } = await import('@kubernetes/client-node');
  const { promise, resolve, reject } = Promise.withResolvers<ExecStatus>();
  const what = `${command[0]} in ${pod}`;
  const opened = new Exec(connection.kubeconfig).exec(
    namespace,
    pod,
    container,
    [...command],
    into.stdout,
    into.stderr,
    null,
    false,
    resolve,
  );
  const timer = setTimeout(() => {
    reject(new ApiError(0, 'Timeout', `${what} did not end within ${formatSeconds(into.timeoutMs)}`));
    // The command must not continue when nobody waits for it.
    opened.then(
      (socket) => socket.close(),
      () => undefined,
    );
  }, into.timeoutMs);
  opened.then(
    (socket) =>
      socket.addEventListener('close', () =>
        reject(new ApiError(0, 'NoAnswer', `the connection to ${pod} ended before ${command[0]} did`)),
      ),
    (error: unknown) =>
      reject(new ApiError(0, 'ExecFailed', `${what} could not be started: ${reasonOf(error)}`, { cause: error })),
  );
  return promise.finally(() => clearTimeout(timer));
}

/** A refused WebSocket reports an event with a message, not an `Error`. */
function reasonOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'message' in error ? String(error.message) : String(error);
}

function exitCodeOf(status: ExecStatus): number {
  if (status.status === 'Success') return 0;
  const cause = status.details?.causes?.find(({ reason }) => reason === 'ExitCode');
  if (cause?.message === undefined)
    throw new ApiError(0, 'ExecFailed', status.message ?? 'the command could not be run');
  return Number(cause.message);
}

class Collector extends Writable {
  readonly #chunks: Buffer[] = [];
  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.#chunks.push(chunk);
    done();
  }
  text(): string {
    return Buffer.concat(this.#chunks).toString('utf8');
  }
}
