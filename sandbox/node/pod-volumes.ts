/** The volumes of one pod: written, refreshed when their sources change or a token is about to expire, removed. */
import type { Client } from '../client/client.ts';
import { reasonOf } from './container-launch.ts';
import type { Pod } from './kinds.ts';
import { PodTokens } from './pod-tokens.ts';
import { writeVolumes } from './volumes.ts';

const RETRY = 5_000;

export class PodVolumes {
  readonly directory: string;
  readonly #client: Client;
  readonly #log: (message: string) => void;
  readonly #tokens: PodTokens;
  #pod: Pod | undefined;
  #work: Promise<void> = Promise.resolve();
  #timer: NodeJS.Timeout | undefined;
  #stopped = false;

  /** @param directory contains a directory per volume. */
  constructor(client: Client, directory: string, log: (message: string) => void) {
    this.#client = client;
    this.directory = directory;
    this.#log = log;
    this.#tokens = new PodTokens(client);
  }

  /** @throws {ConfigError} if a source is missing. */
  async write(pod: Pod): Promise<void> {
    await writeVolumes({ client: this.#client, pod, tokens: this.#tokens }, this.directory);
    this.#pod = pod;
    const { refreshAt } = this.#tokens;
    if (refreshAt !== undefined) this.#again(Math.max(RETRY, refreshAt - Date.now()));
  }

  /** Does nothing before the first `write`. */
  refresh(pod: Pod | undefined = this.#pod): void {
    if (this.#pod === undefined || pod === undefined) return;
    this.#work = this.#work
      .then(() => (this.#stopped ? undefined : this.write(pod)))
      // The previous content is kept, as in kubelets.
      .catch((error) => {
        this.#log(`volumes: ${reasonOf(error)}`);
        this.#again(RETRY);
      });
  }

  /** Resolves when nothing is written any more. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#work;
  }

  #again(ms: number): void {
    clearTimeout(this.#timer);
    if (!this.#stopped) this.#timer = setTimeout(() => this.refresh(), ms);
  }
}
