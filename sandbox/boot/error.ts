/** A sandbox that could not start, or ended unexpectedly: `code` is stable, the message says what to do next. */
export class SandboxError extends Error {
  readonly code: string;
  /** The command that fixes it, if there is one. */
  readonly next: string | undefined;

  constructor(code: string, message: string, next?: string) {
    super(`${message}${next === undefined ? '' : `\nNext: ${next}`}  (${code})`);
    this.name = 'SandboxError';
    this.code = code;
    this.next = next;
  }
}
