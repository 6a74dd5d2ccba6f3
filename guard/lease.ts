/**
 * Allows one run at a time on a cluster, with a `coordination.k8s.io` Lease. It is acquired by creating it, or by an update with
 * the resource version that was read, so if two runs race exactly one wins. Times use the server's clock.
 */

import { ClusterError } from '../kube/connection.ts';
import { ApiError, type Rest } from '../kube/rest.ts';
import { recordAt, textAt } from '../model/fields.ts';
import { isGone, parseHolder, thisProcess } from './holder.ts';

export const LEASE_NAME = 'labwright';
const DURATION_S = 60;
const RENEWAL_MS = 10_000;
const LAB = 'labwright.dev/lab';
const RUN = 'labwright.dev/run';
const PROCESS = 'labwright.dev/process';

interface LeaseObject {
  readonly metadata: {
    readonly name: string;
    readonly uid: string;
    readonly resourceVersion: string;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly spec: {
    readonly holderIdentity?: string | null;
    readonly leaseDurationSeconds?: number;
    readonly acquireTime?: string | null;
    readonly renewTime?: string | null;
    readonly leaseTransitions?: number;
  };
}

export interface LeaseOptions {
  readonly rest: Rest;
  readonly namespace: string;
  readonly run: { readonly id: string; readonly lab: string; readonly holder: string };
  /** Shorter in tests. */
  readonly durationSeconds?: number;
}

export class ClusterLease {
  readonly #options: LeaseOptions;
  #lease: LeaseObject;
  #renewing: NodeJS.Timeout | undefined;
  #renewed = performance.now();
  readonly #lost = Promise.withResolvers<never>();
  #over = false;
  #turn: Promise<void> = Promise.resolve();

  private constructor(options: LeaseOptions, lease: LeaseObject) {
    this.#options = options;
    this.#lease = lease;
    this.#lost.promise.catch(() => undefined);
    const every = Math.min(RENEWAL_MS, (this.#duration * 1_000) / 4);
    this.#renewing = setInterval(() => {
      this.#turn = this.#turn.then(() => this.#renew());
    }, every);
    this.#renewing.unref();
  }

  /**
   * Acquires the cluster. A Lease that its holder did not renew in time is taken over, and so is one whose process ran on this
   * machine and is certainly gone, or one of this process for the same run.
   * @throws {ClusterError} `LW-CLUSTER-HELD` with who holds it since when; `LW-LEASE` if it can't be written.
   */
  static async acquire(options: LeaseOptions): Promise<ClusterLease> {
    const { rest, namespace } = options;
    try {
      const found = await read(rest, namespace);
      const lease =
        found === undefined
          ? await create(options)
          : await replace(options, { ...found, spec: specOf(options, takenOver(found, options)) });
      return new ClusterLease(options, lease);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      const winner = error.code === 409 ? await read(rest, namespace) : undefined;
      if (winner !== undefined) throw heldBy(winner);
      throw new ClusterError(
        'LW-LEASE',
        `the Lease ${LEASE_NAME} in namespace ${namespace}, which keeps two runs apart, can't be taken: ${error.message}`,
        `kubectl auth can-i create leases.coordination.k8s.io -n ${namespace}`,
      );
    }
  }

  /** Rejects if another run has taken over the cluster. */
  get lost(): Promise<never> {
    return this.#lost.promise;
  }

  /** False once the time has passed during which nobody else may take it over. */
  get holds(): boolean {
    return !this.#over && performance.now() - this.#renewed < this.#duration * 1_000;
  }

  /** Releases the cluster. A Lease that another run holds by now is left alone. */
  async release(): Promise<void> {
    if (this.#over) return;
    this.#over = true;
    clearInterval(this.#renewing);
    await this.#turn;
    const { uid, resourceVersion } = this.#lease.metadata;
    const body = { apiVersion: 'v1', kind: 'DeleteOptions', preconditions: { uid, resourceVersion } };
    await this.#options.rest
      .json('DELETE', `${leasesOf(this.#options.namespace)}/${LEASE_NAME}`, { body })
      .catch((error: unknown) => {
        if (!(error instanceof ApiError)) throw error;
      });
  }

  get #duration(): number {
    return this.#options.durationSeconds ?? DURATION_S;
  }

  async #renew(): Promise<void> {
    if (this.#over) return;
    const { rest, namespace } = this.#options;
    const renewTime = microTime(rest.serverTime());
    try {
      this.#lease = await replace(this.#options, { ...this.#lease, spec: { ...this.#lease.spec, renewTime } });
      this.#renewed = performance.now();
    } catch (error) {
      // Unavailable or busy: the next attempt may succeed. A conflict means that another run wrote it.
      if (!(error instanceof ApiError) || (error.code !== 409 && error.code !== 404)) return;
      const now = await read(rest, namespace).catch(() => this.#lease);
      if (now === undefined || !isOfThisRun(now, this.#options.run.id)) this.#lose(now);
      else this.#lease = now;
    }
  }

  #lose(now: LeaseObject | undefined): void {
    this.#over = true;
    clearInterval(this.#renewing);
    const who = now === undefined ? 'its Lease was deleted' : `${holderOf(now)} has it now`;
    this.#lost.reject(
      new ClusterError('LW-LEASE-LOST', `this run no longer holds the cluster: ${who}`, 'npx labwright cleanup'),
    );
  }
}

async function read(rest: Rest, namespace: string): Promise<LeaseObject | undefined> {
  try {
    return leaseIn(await rest.json('GET', `${leasesOf(namespace)}/${LEASE_NAME}`));
  } catch (error) {
    if (error instanceof ApiError && error.code === 404) return undefined;
    throw error;
  }
}

/** @throws {ApiError} `NotALease` */
function leaseIn(answer: unknown): LeaseObject {
  if (isLease(answer)) return answer;
  throw new ApiError(0, 'NotALease', `the API answered with no Lease: ${JSON.stringify(answer).slice(0, 200)}`);
}

function isLease(value: unknown): value is LeaseObject {
  return textAt(value, 'metadata', 'uid') !== undefined && recordAt(value, 'spec') !== undefined;
}

async function create(options: LeaseOptions): Promise<LeaseObject> {
  const body = {
    apiVersion: 'coordination.k8s.io/v1',
    kind: 'Lease',
    metadata: { name: LEASE_NAME, annotations: annotationsOf(options) },
    spec: specOf(options, 0),
  };
  return leaseIn(await options.rest.json('POST', leasesOf(options.namespace), { body }));
}

/** Fails with a conflict if someone else has written it since it was read: it carries the resource version that was read. */
async function replace(options: LeaseOptions, lease: LeaseObject): Promise<LeaseObject> {
  const metadata = { ...lease.metadata, annotations: { ...lease.metadata.annotations, ...annotationsOf(options) } };
  const body = { ...lease, apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata };
  return leaseIn(await options.rest.json('PUT', `${leasesOf(options.namespace)}/${LEASE_NAME}`, { body }));
}

/**
 * @returns how often the Lease has changed hands.
 * @throws {ClusterError} if it is held.
 */
function takenOver(lease: LeaseObject, { rest, run }: LeaseOptions): number {
  const { renewTime, leaseDurationSeconds = DURATION_S, leaseTransitions = 0 } = lease.spec;
  const until = Date.parse(renewTime ?? '1970-01-01') + leaseDurationSeconds * 1_000;
  const expired = rest.serverTime() > until;
  if (!expired && !isOrphaned(lease, run.id)) throw heldBy(lease);
  return leaseTransitions + 1;
}

function isOrphaned(lease: LeaseObject, run: string): boolean {
  const holder = parseHolder(lease.metadata.annotations?.[PROCESS]);
  return isOfThisRun(lease, run) || (holder !== undefined && isGone(holder));
}

/** Another process may have taken over the Lease for the same run, to clean up after it. */
function isOfThisRun(lease: LeaseObject, run: string): boolean {
  const { [RUN]: id, [PROCESS]: holder } = lease.metadata.annotations ?? {};
  return id === run && parseHolder(holder)?.instance === thisProcess().instance;
}

function specOf({ rest, run, durationSeconds }: LeaseOptions, leaseTransitions: number): LeaseObject['spec'] {
  const now = microTime(rest.serverTime());
  return {
    holderIdentity: `${run.holder} ${run.id}`,
    leaseDurationSeconds: durationSeconds ?? DURATION_S,
    acquireTime: now,
    renewTime: now,
    leaseTransitions,
  };
}

function annotationsOf({ run }: LeaseOptions): Record<string, string> {
  return { [LAB]: run.lab, [RUN]: run.id, [PROCESS]: JSON.stringify(thisProcess()) };
}

function heldBy(lease: LeaseObject): ClusterError {
  const run = lease.metadata.annotations?.[RUN];
  const message = `the cluster is in use: ${holderOf(lease)}. A Lease that is not renewed for ${lease.spec.leaseDurationSeconds ?? DURATION_S} s is taken over`;
  return new ClusterError(
    'LW-CLUSTER-HELD',
    message,
    `wait for it to end, or end it and run: npx labwright cleanup${run === undefined ? '' : ` --run ${run}`}`,
  );
}

function holderOf(lease: LeaseObject): string {
  const lab = lease.metadata.annotations?.[LAB];
  const what = lab === undefined ? '' : `, which plays ${lab}`;
  return `run ${lease.metadata.annotations?.[RUN] ?? 'unknown'} of ${lease.spec.holderIdentity?.split(' ')[0] ?? 'nobody'}${what}, since ${lease.spec.acquireTime ?? 'an unknown time'}`;
}

function leasesOf(namespace: string): string {
  return `/apis/coordination.k8s.io/v1/namespaces/${encodeURIComponent(namespace)}/leases`;
}

function microTime(at: number): string {
  return new Date(at).toISOString().replace('Z', '000Z');
}
