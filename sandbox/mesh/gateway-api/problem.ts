/** A reason why a condition is not as it should be. */
export interface Problem {
  readonly reason: string;
  readonly message: string;
}
