/**
 * Protects a shared cluster from the lab: the recording proxy, the ledger of what this run created, and the Lease that keeps a
 * second run away.
 */
import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createServerCertificate } from '../certificates/server.ts';
import { KubernetesApi } from '../kube/api.ts';
import { ClusterError } from '../kube/connection.ts';
import { Discovery } from '../kube/discovery.ts';
import { Rest } from '../kube/rest.ts';
import type { Observation } from '../model/evidence.ts';
import { ClusterLease } from './lease.ts';
import { Cleaner } from './ledger/cleanup.ts';
import { type Begin, LEDGER_VERSION, type Snapshot } from './ledger/entry.ts';
import { Ledger } from './ledger/ledger.ts';
import { OwnershipResolver } from './ledger/ownership.ts';
import { SecretReplica } from './ledger/replica.ts';
import { announceOutside } from './outside.ts';
import { apiObservation } from './proxy/evidence.ts';
import { type ChangeRecord, LedgerInterceptor } from './proxy/interceptor.ts';
import { type Passed, RecordingProxy } from './proxy/proxy.ts';
import type { CleanupReport, ExpectedObject, Guard, GuardOptions, Mark, RecordedCall } from './types.ts';

export type * from './types.ts';

/** The default namespace of the Lease and the ledger's copy: every cluster has it, and most users can access it. */
export const STATE_NAMESPACE = 'default';

/** @throws {ClusterError} `LW-CLUSTER-HELD` if another run holds the cluster; `LW-LEASE`, `LW-LEDGER` if they can't be written. */
export async function startGuard(options: GuardOptions): Promise<Guard> {
  const { connection, run, log, namespace = STATE_NAMESPACE } = options;
  const rest = new Rest(connection);
  const lease = await ClusterLease.acquire({ rest, namespace, run });
  try {
    const replica = new SecretReplica(rest, namespace, run.id, (why) =>
      log(`the ledger's copy on the cluster is behind: ${why}`),
    );
    const begin: Begin = {
      type: 'begin',
      version: LEDGER_VERSION,
      at: new Date(rest.serverTime()).toISOString(),
      run,
      server: connection.server.origin,
      namespace,
    };
    const ledger = await Ledger.create(options.reports, begin, replica);
    return await RunGuard.start({ ...options, namespace, rest, lease, replica, ledger });
  } catch (error) {
    await lease.release();
    throw error;
  }
}

interface Parts extends GuardOptions {
  readonly namespace: string;
  readonly rest: Rest;
  readonly lease: ClusterLease;
  readonly replica: SecretReplica;
  readonly ledger: Ledger;
}

class RunGuard implements Guard {
  readonly token: string;
  readonly kubeconfig: string;
  readonly certificateAuthority: string;
  readonly #parts: Parts;
  readonly #owners: OwnershipResolver;
  readonly #api: KubernetesApi;
  readonly #discovery: Discovery;
  readonly #calls: RecordedCall[] = [];
  /** What the interceptor learned about a change, until the call is complete. */
  readonly #changes = new Map<string, ChangeRecord>();
  readonly #lost = Promise.withResolvers<never>();
  #proxy: RecordingProxy | undefined;

  private constructor(parts: Parts, certificateAuthority: string) {
    this.#parts = parts;
    this.certificateAuthority = certificateAuthority;
    this.token = `sha256~${randomBytes(32).toString('base64url')}`;
    this.kubeconfig = join(parts.directory, 'guard.kubeconfig');
    this.#api = new KubernetesApi(parts.connection);
    const { rest, ledger, adopt, declaredChanges: declared } = parts;
    this.#discovery = new Discovery(rest);
    const discovery = this.#discovery;
    this.#owners = new OwnershipResolver({ rest, discovery, inventory: ledger.inventory, adopt, declared });
    this.#lost.promise.catch(() => undefined);
    parts.lease.lost.catch((error: unknown) => this.#lost.reject(error));
  }

  static async start(parts: Parts): Promise<RunGuard> {
    const certificate = await createServerCertificate('labwright-guard');
    const guard = new RunGuard(parts, certificate.authority);
    const { connection, rest, ledger, lease } = parts;
    const interceptor = new LedgerInterceptor({
      connection,
      rest,
      ledger,
      owners: guard.#owners,
      holds: () => lease.holds,
      record: ({ method, path }, record) => guard.#changes.set(`${method} ${path}`, record),
    });
    const onPassed = (passed: Passed): void => guard.#note(passed);
    guard.#proxy = await RecordingProxy.start({ connection, certificate, token: guard.token, interceptor, onPassed });
    await writeFile(guard.kubeconfig, kubeconfigFor(guard.server, certificate.authority, guard.token), { mode: 0o600 });
    return guard;
  }

  get server(): string {
    return this.#proxy?.server ?? '';
  }

  get lost(): Promise<never> {
    return this.#lost.promise;
  }

  async mark(): Promise<Mark> {
    const { ledger, rest } = this.#parts;
    const sequence = ledger.nextSequence();
    await ledger.append({ type: 'mark', seq: sequence, at: new Date(rest.serverTime()).toISOString() });
    return { sequence };
  }

  announce(expected: readonly ExpectedObject[]): Promise<() => Promise<void>> {
    const { rest, ledger } = this.#parts;
    return announceOutside({ rest, discovery: this.#discovery, ledger }, expected);
  }

  rewind({ sequence }: Mark): Promise<CleanupReport> {
    return this.#clean(sequence);
  }

  calls(since = 0): readonly RecordedCall[] {
    return this.#calls.slice(since);
  }

  observed(since: number): Observation | undefined {
    return apiObservation(this.calls(since));
  }

  async cleanup(): Promise<CleanupReport> {
    const report = await this.#clean(0);
    const { ledger, rest, replica, run } = this.#parts;
    if (!report.complete) return { ...report, next: `npx labwright cleanup --run ${run.id}` };
    await closeBooks(ledger, rest, replica);
    return report;
  }

  async stop(): Promise<void> {
    await this.#proxy?.stop();
    await this.#parts.ledger.close();
    await this.#parts.lease.release();
  }

  #clean(since: number): Promise<CleanupReport> {
    const { rest, ledger, log } = this.#parts;
    return new Cleaner({ rest, api: this.#api, ledger, owners: this.#owners, log }).run(since);
  }

  #note(passed: Passed): void {
    const key = `${passed.method} ${passed.path}`;
    const change = this.#changes.get(key);
    this.#changes.delete(key);
    this.#calls.push({ ...passed, ...(change === undefined ? {} : withoutSecrets(change)) });
    if (passed.status !== 401) return;
    this.#lost.reject(
      new ClusterError(
        'LW-TOKEN-EXPIRED',
        'the cluster no longer accepts the credential of the kubeconfig: its token has expired, or was revoked',
        'log in again (oc login), then npx labwright cleanup --kubeconfig F, and start the run again',
      ),
    );
  }
}

/** Writes the last line: nothing is left. Then the cluster's copy of the ledger is deleted too. @throws {ApiError} */
export async function closeBooks(ledger: Ledger, rest: Rest, replica: SecretReplica): Promise<void> {
  await ledger.append({ type: 'done', at: new Date(rest.serverTime()).toISOString() });
  await replica.remove();
}

/** Removes values that must not appear in reports. */
function withoutSecrets(change: ChangeRecord): ChangeRecord {
  const hidden = (object: Snapshot | undefined): Snapshot | undefined => {
    if (object?.kind !== 'Secret') return object;
    const { data: _data, stringData: _stringData, ...rest } = object;
    return { ...rest, apiVersion: object.apiVersion, kind: object.kind, metadata: object.metadata };
  };
  const before = hidden(change.before);
  const after = hidden(change.after);
  return {
    ...change,
    ...(before === undefined ? {} : { before }),
    ...(after === undefined ? {} : { after }),
  };
}

function kubeconfigFor(server: string, authority: string, token: string): string {
  const name = 'labwright';
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name, cluster: { server, 'certificate-authority-data': Buffer.from(authority).toString('base64') } }],
    users: [{ name, user: { token } }],
    contexts: [{ name, context: { cluster: name, user: name } }],
    'current-context': name,
  });
}
