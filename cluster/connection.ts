/** How to talk to the cluster that a kubeconfig names: address, credentials, kept connections. */
import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent, type RequestOptions } from 'node:https';
import type { KubeConfig } from '@kubernetes/client-node';

/** What the user must mend before anything can run; printed without a stack. */
export class ClusterError extends Error {
  readonly code: string;
  readonly next: string;
  constructor(code: string, message: string, next: string) {
    super(message);
    this.name = 'ClusterError';
    this.code = code;
    this.next = next;
  }
}

export class Connection {
  readonly kubeconfig: KubeConfig;
  readonly server: URL;
  readonly #agent: HttpAgent | HttpsAgent;

  private constructor(kubeconfig: KubeConfig, server: URL, agent: HttpAgent | HttpsAgent) {
    this.kubeconfig = kubeconfig;
    this.server = server;
    this.#agent = agent;
  }

  /**
   * @param file a kubeconfig; @param context its context, or else the current one.
   * @throws {ClusterError} `LW-KUBECONFIG` when it can't be read or names no cluster.
   */
  static async open(file: string, context?: string): Promise<Connection> {
    const { KubeConfig } = await import('@kubernetes/client-node');
    const kubeconfig = new KubeConfig();
    try {
      kubeconfig.loadFromFile(file);
    } catch (error) {
      throw new ClusterError(
        'LW-KUBECONFIG',
        `the kubeconfig ${file} can't be used: ${error instanceof Error ? error.message : String(error)}`,
        `kubectl --kubeconfig ${file} config view`,
      );
    }
    if (context !== undefined) kubeconfig.setCurrentContext(context);
    const cluster = kubeconfig.getCurrentCluster();
    if (cluster === null) {
      const known = kubeconfig.getContexts().map(({ name }) => name);
      throw new ClusterError(
        'LW-KUBECONFIG',
        `the kubeconfig ${file} has no context "${kubeconfig.getCurrentContext()}"; it has: ${known.join(', ') || 'none'}`,
        `kubectl --kubeconfig ${file} config get-contexts`,
      );
    }
    const server = new URL(cluster.server);
    const options: RequestOptions = {};
    await kubeconfig.applyToHTTPSOptions(options);
    return new Connection(kubeconfig, server, agentFor(server, options, cluster.proxyUrl !== undefined));
  }

  /** Options of one request; credentials are asked for anew, since an exec plugin may renew them. */
  async requestOptions(): Promise<RequestOptions> {
    const options: RequestOptions = {};
    await this.kubeconfig.applyToHTTPSOptions(options);
    return {
      headers: options.headers,
      auth: options.auth,
      agent: this.#agent,
      host: this.server.hostname,
      port: this.server.port,
      protocol: this.server.protocol,
    };
  }

  get pathPrefix(): string {
    return this.server.pathname.replace(/\/$/, '');
  }

  close(): void {
    this.#agent.destroy();
  }
}

function agentFor(server: URL, options: RequestOptions, proxied: boolean): HttpAgent | HttpsAgent {
  if (proxied && options.agent instanceof HttpAgent) return options.agent;
  if (server.protocol === 'http:') return new HttpAgent({ keepAlive: true });
  const { ca, cert, key, pfx, passphrase, rejectUnauthorized, servername } = options;
  return new HttpsAgent({
    keepAlive: true,
    ca,
    cert,
    key,
    pfx,
    passphrase,
    servername,
    ...(rejectUnauthorized === undefined ? {} : { rejectUnauthorized }),
  });
}
