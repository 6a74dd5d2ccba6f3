/** A real cluster instead of sandboxes. */

/** What `certify --kubeconfig` tells the host process. Holds paths and names, never a credential. */
export interface ClusterChoice {
  readonly kubeconfig: string;
  readonly context?: string;
  /** HTTP proxy by which browsers and shells reach Routes. */
  readonly proxy?: string;
  /** Folder made by `trustHome`: authorities that browsers and shells trust besides the machine's. */
  readonly trust?: string;
  /** Objects that exist already may be changed, and are put back. */
  readonly adopt: boolean;
  /** Leave on the cluster what the run made. */
  readonly keep: boolean;
  /** Clone the guide's own repositories instead of the lab's copies. */
  readonly upstream: boolean;
  /** Images taken in the place of those that the lab's manifests name. */
  readonly images: Readonly<Record<string, string>>;
  /** Folder of the reports, where the ledger is kept. */
  readonly reports: string;
  /** Id of the run. */
  readonly run: string;
  /** Said beside the release: why it stands for the one that was found. */
  readonly releaseNote?: string;
}
