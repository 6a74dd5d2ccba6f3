/**
 * The sandbox's interface for the rest of the project. `sandbox/index.ts` exports only `startSandbox` with these types; only
 * `host/` and `cli/` may import it.
 */

/** Which of the two imitated parts are replaced by real programs. */
export interface ControlPlane {
  /** Real: etcd, kube-apiserver and kube-controller-manager, named by `KUBEBUILDER_ASSETS` or on the PATH. */
  readonly api: 'ours' | 'real';
  /** Real: istiod, named by `LABWRIGHT_ISTIOD` or, as `pilot-discovery`, on the PATH. */
  readonly mesh: 'ours' | 'real';
}

export interface SandboxOptions {
  /** Distinguishes several sandboxes in `status` and in paths. */
  readonly name: string;
  /** `images.yaml` files: which program an image reference runs. */
  readonly images: readonly string[];
  /** Which OpenShift and Service Mesh to imitate, e.g. `2.0`; the sandbox knows the values itself. */
  readonly release?: string;
  /** Default: both built-in. */
  readonly controlPlane?: ControlPlane;
  /** Default `apps.<name>.test`. */
  readonly appsDomain?: string;
  /**
   * An existing, private directory for state, sockets and logs; short, since Unix socket paths are limited to 107 bytes. Created
   * under the system's temporary directory if absent.
   */
  readonly directory?: string;
  /** Gets every line the sandbox logs; lines go to `<directory>/sandbox.log` in any case. */
  readonly log?: (line: string) => void;
  /** The previous sandbox, now stopped: its addresses are reused if they are still free, since browsers know them. */
  readonly reuseAddressesOf?: Pick<Sandbox, 'server' | 'proxy'>;
  /** When `startSandbox` resolves: when the API answers, or (default) when all components run. */
  readonly until?: 'api' | 'cluster';
}

export interface Sandbox {
  readonly name: string;
  /** `https://127.0.0.1:PORT`. */
  readonly server: string;
  /** Bearer token of a cluster administrator; never to be logged. */
  readonly token: string;
  /** Of the same administrator, whose name is `admin`; never to be logged. */
  readonly password: string;
  /** PEM certificate of the authority that signed the server's certificate. */
  readonly certificateAuthority: string;
  /** Path of a kubeconfig (mode 0600) with server, token and certificate authority. */
  readonly kubeconfig: string;
  /** A user without administrator rights who may request projects; never to be logged either. */
  readonly developer: { readonly token: string; readonly password: string; readonly kubeconfig: string };
  /** `http://127.0.0.1:PORT`: the HTTP proxy through which browsers and shells reach Routes (http and, by CONNECT, https). */
  readonly proxy: string;
  readonly appsDomain: string;
  /** Process id, on the host, of the process whose end stops the sandbox. */
  readonly pid: number;
  readonly directory: string;
  /**
   * Resolves when the sandbox has ended for any reason, with the end of its log. `fault` is true if it reported an internal error
   * first; a signal gives it no time to.
   */
  readonly ended: Promise<{ readonly reason: string; readonly fault: boolean; readonly log: string }>;
  /** Ends every process and namespace of the sandbox and removes its directory if the sandbox made it. Idempotent. */
  stop(): Promise<void>;
}
