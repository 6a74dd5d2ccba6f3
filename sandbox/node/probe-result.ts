/** The result of one run of a probe. */
export interface ProbeResult {
  readonly ok: boolean;
  /** The reason for a failure; empty for a success. */
  readonly message: string;
}
