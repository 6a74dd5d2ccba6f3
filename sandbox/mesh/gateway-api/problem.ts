/** What keeps a condition from being as it should. */
export interface Problem {
  readonly reason: string;
  readonly message: string;
}
