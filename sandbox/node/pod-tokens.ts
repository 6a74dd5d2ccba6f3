/** A pod's service account tokens: bound to the pod, renewed after four fifths of their lifetime. Never logged. */
import { at, fields, text } from '../../model/fields.ts';
import { ApiError, type Client } from '../client/client.ts';
import { ConfigError } from './environment.ts';
import type { Pod, TokenSource } from './kinds.ts';
import { SERVICE_ACCOUNTS } from './kinds.ts';

interface Held {
  readonly token: string;
  /** Milliseconds since the epoch. */
  readonly refreshAt: number;
}

interface IssuedToken {
  readonly token: string;
  /** A time in RFC 3339. */
  readonly expirationTimestamp: string;
}

export class PodTokens {
  readonly #client: Client;
  readonly #held = new Map<string, Held>();

  constructor(client: Client) {
    this.#client = client;
  }

  /** @throws {ConfigError} if the API issues none. */
  async get(pod: Pod, { audience = '', expirationSeconds = 3600 }: TokenSource): Promise<string> {
    const key = `${audience}\0${expirationSeconds}`;
    const held = this.#held.get(key);
    if (held !== undefined && held.refreshAt > Date.now()) return held.token;
    const { token, expirationTimestamp } = await this.#request(pod, audience, expirationSeconds);
    const life = Date.parse(expirationTimestamp) - Date.now();
    this.#held.set(key, { token, refreshAt: Date.now() + life * 0.8 });
    return token;
  }

  /** When the next token must be renewed; undefined without tokens. */
  get refreshAt(): number | undefined {
    return [...this.#held.values()].map((held) => held.refreshAt).sort((a, b) => a - b)[0];
  }

  async #request(pod: Pod, audience: string, expirationSeconds: number): Promise<IssuedToken> {
    const { name, namespace, uid } = pod.metadata;
    const account = pod.spec.serviceAccountName ?? 'default';
    const body = {
      apiVersion: 'authentication.k8s.io/v1',
      kind: 'TokenRequest',
      spec: {
        audiences: audience === '' ? [] : [audience],
        expirationSeconds,
        boundObjectRef: { apiVersion: 'v1', kind: 'Pod', name, uid },
      },
    };
    try {
      const path = this.#client.path(SERVICE_ACCOUNTS, namespace, account, 'token');
      const { token, expirationTimestamp } = fields(at(await this.#client.request('POST', path, body), 'status'));
      return { token: text(token), expirationTimestamp: text(expirationTimestamp) };
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      throw new ConfigError(`failed to fetch token: ${error.message}`);
    }
  }
}
