import type { Position } from '../model/lab.ts';

/** How the actual value differs from the expected one, for the lab's author. */
export interface Mismatch {
  /** One clause: what did not match. */
  readonly message: string;
  readonly expected: string;
  readonly actual: string;
  /** The expectation, or the part of it that failed. */
  readonly at: Position;
}
