/** What the parts of a sandbox need of its Kubernetes API, whichever program serves it. */
import type { AggregatedApi, TablePrinter } from '../api/types.ts';
import type { ApiAccess } from '../client/access.ts';

export interface ClusterApi {
  readonly access: ApiAccess;
  /** Serves an OpenShift API beside Kubernetes' own. Resolves when it answers. */
  aggregate(api: AggregatedApi): Promise<void>;
  /** Columns `kubectl get` shows of a stored kind. */
  printTable(group: string, plural: string, printer: TablePrinter): void;
  /** Whether kube-controller-manager runs: ours stay away. */
  readonly hasControllers: boolean;
}
