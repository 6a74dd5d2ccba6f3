import type { Position } from '../model/lab.ts';

/** How what was seen differs from what was promised: what a lab's author reads. */
export interface Mismatch {
  /** One clause: what did not hold. */
  readonly message: string;
  readonly expected: string;
  readonly actual: string;
  /** The expectation, or the part of it that failed. */
  readonly at: Position;
}
