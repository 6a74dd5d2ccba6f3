/** A client of exec and attach, independent of its protocol. */
import type { Readable, Writable } from 'node:stream';
import type { ExitStatus } from '../container-process.ts';

/** The streams that a client asked for. */
export interface Wanted {
  readonly stdin: boolean;
  readonly stdout: boolean;
  readonly stderr: boolean;
  readonly tty: boolean;
}

export interface Channels {
  readonly stdin: Readable | undefined;
  readonly stdout: Writable | undefined;
  readonly stderr: Writable | undefined;
  /** Ends the session with the outcome of the command. */
  finish(status: Outcome): void;
  /** The client has disconnected. */
  onClose(listener: () => void): void;
}

/** The fields of a `Status` that clients of exec read. */
export interface Outcome {
  readonly metadata: object;
  readonly status: 'Success' | 'Failure';
  readonly message?: string;
  readonly reason?: string;
  readonly code?: number;
  readonly details?: object;
}

/** The `Status` that tells a client the exit code. */
export function outcome({ exitCode }: ExitStatus): Outcome {
  if (exitCode === 0) return { metadata: {}, status: 'Success' };
  return {
    metadata: {},
    status: 'Failure',
    message: `command terminated with non-zero exit code: error executing command, exit code ${exitCode}`,
    reason: 'NonZeroExitCode',
    details: { causes: [{ reason: 'ExitCode', message: String(exitCode) }] },
  };
}

export function internalError(message: string): Outcome {
  return { metadata: {}, status: 'Failure', message, reason: 'InternalError', code: 500 };
}
