/** The Kubernetes API as the parts of a sandbox use it, whichever program serves it. */
import type { Server } from 'node:net';
import type { AggregatedApi, KindRules, TablePrinter } from '../api/types.ts';
import type { ApiAccess } from '../client/access.ts';
import type { Client } from '../client/client.ts';
import type { KindSupport } from '../fields/support.ts';
import type { StartMessage, ToHost } from './protocol.ts';

/** The input of a sandbox: the host's settings and its listening sockets. */
export interface Beginning {
  readonly start: StartMessage;
  /** Listening sockets of the host. */
  readonly api: Server;
  readonly proxy: Server;
  tell(message: ToHost): void;
  log(component: string, message: string): void;
  /** Ends the sandbox: an essential part is gone. */
  fail(error: unknown): void;
}

export interface ClusterApi {
  readonly access: ApiAccess;
  /** Of this process, as cluster administrator. */
  readonly client: Client;
  /** Serves an OpenShift API in addition to Kubernetes' own. Resolves when it answers. */
  aggregate(api: AggregatedApi): Promise<void>;
  /** The columns that `kubectl get` shows for a stored kind. */
  printTable(group: string, plural: string, printer: TablePrinter): void;
  /** Rules for a CRD's kind beyond its schema; ignored with a real kube-apiserver. */
  extendKind(group: string, plural: string, rules: KindRules): void;
  /** Setting a field that has no effect according to these tables gives a warning. Resolves when that works. */
  supportFields(tables: readonly KindSupport[]): Promise<void>;
  /** Whether kube-controller-manager runs: then the sandbox's own controllers don't. */
  readonly hasControllers: boolean;
}
