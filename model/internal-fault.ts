/** Internal errors of Labwright, distinguished from findings about a lab and from clusters that are not fit. */

/** The exit code of `labwright` for such an error: `EX_SOFTWARE` of sysexits. */
export const INTERNAL_EXIT = 70;

export const INTERNAL_FAULT = 'LW-INTERNAL';

/** Stable codes of such errors, with which messages end. */
const CODES = /\((LW-INTERNAL|LW-SANDBOX-CRASHED)\)\s*$/;

/** Whether a message with its code, as in `HostError`, is about such an error. */
export function tellsInternalFault(message: string): boolean {
  return CODES.test(message);
}

const NATIVE = [TypeError, RangeError, ReferenceError, SyntaxError] as const;

/**
 * Whether only a mistake in Labwright's own code raises such an error. Errors of the network and of Node's own checks (a malformed
 * address, a missing file) have a `code` or a `cause`; those of a mistake do not.
 */
export function isInternalFault(error: unknown): boolean {
  if (!(error instanceof Error)) return true;
  return NATIVE.some((kind) => error instanceof kind) && !('code' in error) && error.cause === undefined;
}

/** The message for the user: the error, and where it was raised. */
export function describeInternalFault(error: unknown): string {
  if (!(error instanceof Error)) return `Labwright itself failed: ${String(error)}`;
  const raised = /^\s+at .*$/m.exec(error.stack ?? '')?.[0].trim();
  return `Labwright itself failed: ${error.name}: ${error.message}${raised === undefined ? '' : ` (${raised})`}`;
}

/** The next step for the user. */
export const INTERNAL_NEXT = 'report it with this message; it says nothing about the lab or the cluster';
