/** Faults of Labwright's own, told apart from findings about a lab and from clusters that are not fit. */

/** Exit code of `labwright` then: `EX_SOFTWARE` of sysexits. */
export const INTERNAL_EXIT = 70;

export const INTERNAL_FAULT = 'LW-INTERNAL';

/** Stable codes of such faults, as messages end with them. */
const CODES = /\((LW-INTERNAL|LW-SANDBOX-CRASHED)\)\s*$/;

/** Whether a message with its code, as `HostError` makes it, tells of such a fault. */
export function tellsInternalFault(message: string): boolean {
  return CODES.test(message);
}

const NATIVE = [TypeError, RangeError, ReferenceError, SyntaxError] as const;

/**
 * Whether only a mistake in Labwright's own code raises such an error. Errors of the network and of Node's own checks
 * (a malformed address, a missing file) carry a `code` or a `cause`; those of a mistake do not.
 */
export function isInternalFault(error: unknown): boolean {
  if (!(error instanceof Error)) return true;
  return NATIVE.some((kind) => error instanceof kind) && !('code' in error) && error.cause === undefined;
}

/** What a person is told: the error, and where it was raised. */
export function describeInternalFault(error: unknown): string {
  if (!(error instanceof Error)) return `Labwright itself failed: ${String(error)}`;
  const raised = /^\s+at .*$/m.exec(error.stack ?? '')?.[0].trim();
  return `Labwright itself failed: ${error.name}: ${error.message}${raised === undefined ? '' : ` (${raised})`}`;
}

/** The next step for whoever meets one. */
export const INTERNAL_NEXT = 'report it with this message: it says nothing about the lab or the cluster';
