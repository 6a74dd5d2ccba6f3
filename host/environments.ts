/** The environments of a session, one at a time: each is opened on first use, and replaces the previous one. */
import { join } from 'node:path';
import type { Lab } from '../model/lab.ts';
import type { ProvidedCluster } from './cluster-provider.ts';
import { type Environment, openEnvironment } from './environment.ts';
import type { SessionOptions } from './session-types.ts';

export class Environments {
  readonly #options: SessionOptions;
  #current: Promise<Environment> | undefined;
  #before: ProvidedCluster | undefined;
  #count = 0;
  #ended = false;
  readonly #lost = Promise.withResolvers<never>();

  constructor(options: SessionOptions) {
    this.#options = options;
    // Callers of the session get the error.
    this.#lost.promise.catch(() => undefined);
  }

  /** Rejects if a cluster ended unexpectedly. Otherwise stays pending. */
  get lost(): Promise<never> {
    return this.#lost.promise;
  }

  /** The current environment; opened for `lab` if there is none. */
  current(lab: Lab): Promise<Environment> {
    if (this.#ended) return Promise.reject(new Error('the session has been stopped'));
    this.#current ??= this.#open(lab);
    return this.#current;
  }

  /** Opens a new terminal on the same cluster. */
  renew(environment: Environment): void {
    this.#current = environment.anew();
  }

  /** A failure on a cluster that is gone says nothing about the lab. @throws {ClusterError} */
  async check({ cluster }: Environment): Promise<void> {
    try {
      await cluster.check?.();
    } catch (error) {
      this.#lost.reject(error);
      throw error;
    }
  }

  /** From now on none is opened: a step that is still queued when the run ends must not start another cluster. */
  end(): void {
    this.#ended = true;
  }

  async close(): Promise<void> {
    const opening = this.#current;
    this.#current = undefined;
    const environment = await opening?.catch(() => undefined);
    if (environment === undefined) return;
    this.#before = environment.cluster;
    await environment.close();
  }

  async #open(lab: Lab): Promise<Environment> {
    this.#count += 1;
    const { name, release, cluster, controlPlane, rewindable } = this.#options;
    const environment = await openEnvironment(lab, {
      name,
      directory: join(this.#options.directory, String(this.#count)),
      release: release.name,
      before: this.#before,
      ...(cluster === undefined ? {} : { cluster }),
      ...(controlPlane === undefined ? {} : { controlPlane }),
      ...(rewindable === undefined ? {} : { rewindable }),
    });
    environment.cluster.lost?.catch((error: unknown) => this.#lost.reject(error));
    return environment;
  }
}
