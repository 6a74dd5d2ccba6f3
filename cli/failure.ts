/** What the commands end with. */
import { INTERNAL_EXIT } from '../model/internal-fault.ts';

export const EXIT = {
  certified: 0,
  labFailed: 1,
  usage: 2,
  notFit: 3,
  lost: 4,
  /** A fault of Labwright's own: neither lab nor cluster was judged. */
  internal: INTERNAL_EXIT,
  interrupted: 130,
} as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** A failure the person can mend: shown without a stack, with the next command where there is one. */
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
