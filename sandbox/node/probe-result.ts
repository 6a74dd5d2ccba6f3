/** What one run of a probe saw. */
export interface ProbeResult {
  readonly ok: boolean;
  /** Why not; empty for a success. */
  readonly message: string;
}
