/** The connection to the cluster of a kubeconfig: address, credentials, kept connections. */
import { type ClientRequest, Agent as HttpAgent, request as httpRequest, type OutgoingHttpHeaders } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest, type RequestOptions } from 'node:https';
import type { KubeConfig } from '@kubernetes/client-node';
import { machineAuthorities } from '../certificates/trust.ts';

/** What the user must fix before anything can run; printed without a stack. */
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

/** The options of a request, with the credentials among its headers. */
interface SignedOptions extends RequestOptions {
  headers?: OutgoingHttpHeaders | undefined;
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
   * @param file a kubeconfig.
   * @param context one of its contexts; default: the current one.
   * @throws {ClusterError} `LW-KUBECONFIG` if it can't be read or names no cluster.
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

  /** Options of one request; credentials are read each time, since an exec plugin may renew them. */
  async requestOptions(): Promise<SignedOptions> {
    const options: SignedOptions = {};
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

  /**
   * A request with the credentials of the kubeconfig, not sent yet: the caller ends it.
   * @param path below the server's own, beginning with a slash.
   */
  async request(
    method: string,
    path: string,
    headers: OutgoingHttpHeaders = {},
    signal?: AbortSignal,
  ): Promise<ClientRequest> {
    const options = await this.requestOptions();
    const send = this.server.protocol === 'http:' ? httpRequest : httpsRequest;
    return send({
      ...options,
      method,
      path: this.pathPrefix + path,
      headers: { ...headers, ...options.headers },
      ...(signal === undefined ? {} : { signal }),
    });
  }

  /** The agent that keeps connections and holds certificates and authorities. */
  get agent(): HttpAgent | HttpsAgent {
    return this.#agent;
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
  // The proxy of the machine's network; it is never used for this machine itself, whatever NO_PROXY says.
  const proxyEnv = /^(localhost|127\.|\[::1\])/.test(server.hostname) ? {} : { proxyEnv: process.env };
  if (server.protocol === 'http:') return new HttpAgent({ keepAlive: true, ...proxyEnv });
  const { cert, key, pfx, passphrase, rejectUnauthorized, servername } = options;
  return new HttpsAgent({
    keepAlive: true,
    // As kubectl does if the kubeconfig names no authority.
    ca: options.ca ?? machineAuthorities(),
    cert,
    key,
    pfx,
    passphrase,
    servername,
    ...proxyEnv,
    ...(rejectUnauthorized === undefined ? {} : { rejectUnauthorized }),
  });
}
