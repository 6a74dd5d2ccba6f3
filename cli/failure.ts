/** The exit codes of the commands. */
import { INTERNAL_EXIT } from '../model/internal-fault.ts';

export const EXIT = {
  certified: 0,
  labFailed: 1,
  usage: 2,
  notFit: 3,
  lost: 4,
  /** An error in Labwright itself: it says nothing about the lab or the cluster. */
  internal: INTERNAL_EXIT,
  interrupted: 130,
} as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** A failure that the user can fix: shown without a stack, with the next command if there is one. */
export class CliError extends Error {
  readonly exitCode: ExitCode;
  readonly code: string;
  readonly next: string | undefined;

  /** @param code stable, `LW-…`, listed in `docs/errors.md`. */
  constructor(exitCode: ExitCode, code: string, message: string, next?: string) {
    super(message);
    this.name = 'CliError';
    this.exitCode = exitCode;
    this.code = code;
    this.next = next;
  }

  /** For a terminal: message, next command, code. */
  render(): string {
    const next = this.next === undefined ? '' : `\n  Next: ${this.next}`;
    return `${this.message}${next}  (${this.code})`;
  }
}
