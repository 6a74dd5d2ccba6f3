/** Somebody else's cluster, known only by its kubeconfig. Tests change it through a guard and past it. */

import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { execa } from 'execa';
import { type Guard, type GuardOptions, startGuard } from '../../guard/guard.ts';
import { Connection } from '../../kube/connection.ts';
import { Rest } from '../../kube/rest.ts';
import { rootPathOf } from '../../model/api-version.ts';
import { startSandbox } from '../../sandbox/index.ts';
import { kubectlFlags } from './kubectl.ts';

export interface Said {
  readonly exit: number;
  readonly out: string;
}

export class ForeignCluster implements AsyncDisposable {
  readonly kubeconfig: string;
  /** The proxy to its Routes. */
  readonly proxy: string;
  readonly directory: string;
  readonly connection: Connection;
  readonly rest: Rest;
  readonly #stops: (() => Promise<unknown>)[];
  #runs = 0;
  #guard: Guard | undefined;

  private constructor(
    kubeconfig: string,
    proxy: string,
    directory: string,
    connection: Connection,
    stops: (() => Promise<unknown>)[],
  ) {
    this.kubeconfig = kubeconfig;
    this.proxy = proxy;
    this.directory = directory;
    this.connection = connection;
    this.rest = new Rest(connection);
    this.#stops = stops;
  }

  /** @param images `images.yaml` files with the programs that its pods run. */
  static async start(name: string, images: readonly string[] = []): Promise<ForeignCluster> {
    const sandbox = await startSandbox({ name, images });
    const directory = await mkdtemp(join(tmpdir(), 'lw-foreign-'));
    const connection = await Connection.open(sandbox.kubeconfig);
    return new ForeignCluster(sandbox.kubeconfig, sandbox.proxy, directory, connection, [
      () => rm(directory, { recursive: true, force: true }),
      () => sandbox.stop(),
      () => Promise.resolve(connection.close()),
    ]);
  }

  /** A guard that is stopped with the cluster at the latest. */
  async guard(options: Partial<GuardOptions> = {}): Promise<Guard> {
    this.#runs += 1;
    // A failed test may have left its guard running.
    await this.#guard?.stop().catch(() => undefined);
    const guard = await startGuard({
      connection: this.connection,
      directory: this.directory,
      reports: this.directory,
      run: { id: `run-${this.#runs}`, lab: 'a-lab', holder: 'student@desk' },
      adopt: false,
      declaredChanges: [],
      log: () => undefined,
      ...options,
    });
    this.#guard = guard;
    return guard;
  }

  /** Runs kubectl past the guard, as another user of the cluster. */
  admin(...args: string[]): Promise<Said> {
    return kubectl(this.kubeconfig, args);
  }

  /** The current objects of every kind except events, by path. A run must leave them unchanged. */
  async dump(): Promise<Map<string, string>> {
    const found = new Map<string, string>();
    const { out } = await this.admin('api-resources', '--verbs=list,get', '--no-headers');
    for (const [kind, path] of listPaths(out)) {
      if (RENEWED.has(kind)) continue;
      const { kind: listKind, apiVersion, items } = (await this.rest.json('GET', path)) as ObjectList;
      for (const item of items) {
        const { managedFields: _fields, resourceVersion: _version, ...rest } = item.metadata;
        const metadata: Record<string, unknown> = rest;
        for (const name of ['annotations', 'labels'])
          if (JSON.stringify(metadata[name]) === '{}') delete metadata[name];
        const key = `${listKind.replace(/List$/, '')} ${item.metadata.namespace ?? ''}/${item.metadata.name}`;
        found.set(key, JSON.stringify({ ...item, apiVersion, metadata, status: undefined }));
      }
    }
    return found;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#guard?.stop().catch(() => undefined);
    for (const stop of this.#stops.toReversed()) await stop().catch(() => undefined);
  }
}

/** @returns one line per object that differs; none if a run left no trace. */
export function differences(before: Map<string, string>, now: Map<string, string>): string[] {
  const keys = [...new Set([...before.keys(), ...now.keys()])];
  return keys.flatMap((key) => {
    if (before.get(key) === now.get(key)) return [];
    return [`${key}: ${before.get(key) ?? 'was not there'} -> ${now.get(key) ?? 'is gone'}`];
  });
}

/** Kinds that the cluster itself keeps renewing, or that only show other objects again. */
const RENEWED = new Set([
  'componentstatuses',
  'endpoints',
  'events',
  'leases',
  'nodes',
  'packagemanifests',
  'projects',
]);

/** @returns name and list path of each kind in the lines of `kubectl api-resources`: NAME, SHORTNAMES, APIVERSION, NAMESPACED, KIND. */
function* listPaths(lines: string): Generator<readonly [name: string, path: string]> {
  for (const line of lines.trim().split('\n')) {
    const [name = ''] = line.split(/\s+/, 1);
    const apiVersion = line.split(/\s+/).at(-3) ?? '';
    yield [name, `${rootPathOf(apiVersion)}/${name}`];
  }
}

interface ObjectList {
  readonly kind: string;
  readonly apiVersion: string;
  readonly items: readonly Item[];
}

interface Item {
  readonly metadata: { readonly name: string; readonly namespace?: string; readonly [key: string]: unknown };
}

/** @returns the exit code, and stdout and stderr together. */
export async function kubectl(kubeconfig: string, args: readonly string[], input?: string): Promise<Said> {
  const ran = await execa('kubectl', [...kubectlFlags(kubeconfig), ...args], {
    reject: false,
    timeout: 60_000,
    all: true,
    ...(input === undefined ? { stdin: 'ignore' as const } : { input }),
  });
  return { exit: ran.exitCode ?? -1, out: ran.all ?? '' };
}

/** Runs kubectl until a line of its output matches, then ends it. @returns the line. */
export async function firstLine(kubeconfig: string, args: readonly string[], line: RegExp): Promise<string> {
  const child = spawn('kubectl', args, {
    env: { ...process.env, KUBECONFIG: kubeconfig },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const timer = setTimeout(() => child.kill('SIGKILL'), 20_000);
  try {
    for await (const said of createInterface({ input: child.stdout })) if (line.test(said)) return said;
    return '';
  } finally {
    clearTimeout(timer);
    child.kill('SIGKILL');
  }
}
