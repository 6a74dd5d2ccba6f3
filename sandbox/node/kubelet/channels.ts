/** What exec and attach see of a client, whichever protocol it speaks. */
import type { Readable, Writable } from 'node:stream';
import type { ExitStatus } from '../container-process.ts';

/** Which streams a client asked for. */
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
  /** Ends the conversation with the command's outcome. */
  finish(status: object): void;
  /** The client went away. */
  onClose(listener: () => void): void;
}

/** The `Status` in which a client finds the exit code. */
export function outcome({ exitCode }: ExitStatus): object {
  if (exitCode === 0) return { metadata: {}, status: 'Success' };
  return {
    metadata: {},
    status: 'Failure',
    message: `command terminated with non-zero exit code: error executing command, exit code ${exitCode}`,
    reason: 'NonZeroExitCode',
    details: { causes: [{ reason: 'ExitCode', message: String(exitCode) }] },
  };
}

export function internalError(message: string): object {
  return { metadata: {}, status: 'Failure', message, reason: 'InternalError', code: 500 };
}
