/** A real cluster instead of sandboxes. */

/** Passed from `certify --kubeconfig` to the host process. Holds paths and names, never a credential. */
export interface ClusterChoice {
  readonly kubeconfig: string;
  readonly context?: string;
  /** HTTP proxy through which browsers and shells reach Routes. */
  readonly proxy?: string;
  /** Folder created by `trustHome`: additional authorities that browsers and shells trust. */
  readonly trust?: string;
  /** Existing objects may be changed, and are restored. */
  readonly adopt: boolean;
  /** Keep what the run created on the cluster. */
  readonly keep: boolean;
  /** Clone the guide's own repositories instead of the lab's copies. */
  readonly upstream: boolean;
  /** Images that replace those in the lab's manifests. */
  readonly images: Readonly<Record<string, string>>;
  /** Folder of the reports, where the ledger is kept. */
  readonly reports: string;
  /** Id of the run. */
  readonly run: string;
  /** Shown beside the release: why it was chosen for the detected one. */
  readonly releaseNote?: string;
}
