/** What the parts of a sandbox need of its Kubernetes API, whichever program serves it. */
import type { Server } from 'node:net';
import type { AggregatedApi, KindRules, TablePrinter } from '../api/types.ts';
import type { ApiAccess } from '../client/access.ts';
import type { KindSupport } from '../fields/support.ts';
import type { StartMessage, ToHost } from './protocol.ts';

/** What a sandbox is started with: the host's wishes and its listening sockets. */
export interface Beginning {
  readonly start: StartMessage;
  /** Listening sockets of the host. */
  readonly api: Server;
  readonly proxy: Server;
  tell(message: ToHost): void;
  log(component: string, message: string): void;
  /** Ends the sandbox: a part that it can't be without is gone. */
  fail(error: unknown): void;
}

export interface ClusterApi {
  readonly access: ApiAccess;
  /** Serves an OpenShift API beside Kubernetes' own. Resolves when it answers. */
  aggregate(api: AggregatedApi): Promise<void>;
  /** Columns `kubectl get` shows of a stored kind. */
  printTable(group: string, plural: string, printer: TablePrinter): void;
  /** Rules of a CRD's kind beyond its schema; without effect where a kube-apiserver of Kubernetes' own stands. */
  extendKind(group: string, plural: string, rules: KindRules): void;
  /** Whoever sets a field that is without effect by these tables is warned. Resolves when that holds. */
  supportFields(tables: readonly KindSupport[]): Promise<void>;
  /** Whether kube-controller-manager runs: ours stay away. */
  readonly hasControllers: boolean;
}
