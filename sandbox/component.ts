/**
 * The parts inside the sandbox's process: API server, controllers, OpenShift, mesh, node. `main.ts` starts them in that order and
 * stops them in reverse. All but the API server access the cluster only through the Kubernetes API, so they also work with a real
 * kube-apiserver.
 */
import type { ApiAccess } from './client/access.ts';
import type { Client } from './client/client.ts';
import type { Informers } from './client/informers.ts';

export interface Component {
  readonly name: string;
  stop(): Promise<void>;
}

export interface SandboxContext {
  /** The Kubernetes API, as cluster administrator. */
  readonly client: Client;
  /** One watched copy of each kind for the whole process. */
  readonly informers: Informers;
  readonly settings: SandboxSettings;
  /** Writes one line to the sandbox's log. Never a token, key or Secret's data. */
  log(component: string, message: string): void;
}

export interface SandboxSettings {
  readonly name: string;
  /** Private directory for sockets, bootstraps, logs. */
  readonly directory: string;
  readonly appsDomain: string;
  /** Which release the operators imitate. */
  readonly release: string;
  readonly images: readonly string[];
  /** Path of the Envoy binary. */
  readonly envoy: string;
  /** `172.30.0.0/16`. */
  readonly serviceCidr: string;
  /** `10.128.0.0/14`. */
  readonly podCidr: string;
  /** Address of the node's kubelet and of the router, inside the sandbox. */
  readonly nodeAddress: string;
  /** Names of the nodes (three workers on one machine). */
  readonly nodes: readonly string[];
  /** How a pod's sidecar reaches the mesh control plane: Unix socket path of the ADS server (inside `directory`). */
  readonly xdsSocket: string;
  /** The HTTP server of a real istiod; absent if the sandbox's own control plane serves the mesh. */
  readonly istiod?: string;
  /** Certificate of the sandbox's own servers (API, kubelet), and of the authority that signed it. PEM. */
  readonly tls: { readonly key: string; readonly cert: string; readonly authority: string };
  /** The Kubernetes API as the parts of the sandbox reach it, as cluster administrator. */
  readonly api: ApiAccess;
}
