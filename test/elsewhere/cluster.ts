/** Somebody else's cluster for the real command line: a sandbox of another process, known by its kubeconfig and proxy. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { execa } from 'execa';
import { kubectlFlags } from '../support/kubectl.ts';

const ROOT = join(import.meta.dirname, '..', '..');
export const CLI = join(ROOT, 'cli', 'labwright.js');
/** A mesh whose app differs from the certified lab's in names, ports, labels, weights and rules. */
export const LAB = join(import.meta.dirname, 'another-app', 'lab');
/** Lasts as long as the test wants: its last step waits for a ConfigMap. */
export const ERRAND = join(import.meta.dirname, 'errand', 'lab');

export class Elsewhere implements AsyncDisposable {
  readonly child: ChildProcess;
  readonly kubeconfig: string;
  readonly proxy: string;
  /** Removed with the cluster. */
  readonly directory = mkdtempSync(join(tmpdir(), 'lw-elsewhere-'));
  readonly reports = join(this.directory, 'reports');

  private constructor(child: ChildProcess, kubeconfig: string, proxy: string) {
    this.child = child;
    this.kubeconfig = kubeconfig;
    this.proxy = proxy;
  }

  static async start(name: string): Promise<Elsewhere> {
    const args = [CLI, 'sandbox', 'up', '--name', name, '--lab', LAB, '--json'];
    const child = spawn(process.execPath, args, { cwd: ROOT, stdio: ['ignore', 'pipe', 'inherit'] });
    const [line]: string[] = await once(createInterface({ input: child.stdout }), 'line');
    const { kubeconfig, proxy } = JSON.parse(line ?? '');
    return new Elsewhere(child, kubeconfig, proxy);
  }

  /** As another user of the cluster. */
  kubectl(...args: string[]) {
    return execa('kubectl', [...kubectlFlags(this.kubeconfig), ...args], { reject: false, all: true });
  }

  /** In a process group of its own, as a shell starts it. */
  certify(lab: string, ...args: string[]) {
    const { kubeconfig, proxy, reports } = this;
    const command = [CLI, 'certify', lab, '--kubeconfig', kubeconfig, '--proxy', proxy, '--reports', reports, ...args];
    const options = { cwd: ROOT, reject: false, all: true, detached: true, env: { NO_COLOR: '1' } } as const;
    return execa(process.execPath, command, options);
  }

  /** The objects that a run must leave unchanged: all except those that the cluster itself renews. */
  async inventory(): Promise<string[]> {
    const { stdout } = await this.kubectl('api-resources', '--verbs=list', '-o', 'name');
    const kinds = stdout
      .split('\n')
      .filter((kind) => kind !== '' && !/^(events|leases|packagemanifests|projects)\b/.test(kind));
    const { stdout: all } = await this.kubectl('get', kinds.join(','), '-A', '--ignore-not-found', '-o', 'json');
    const { items } = JSON.parse(all) as { items: { kind: string; metadata: { namespace?: string; name: string } }[] };
    return items.map(({ kind, metadata }) => `${kind} ${metadata.namespace ?? ''}/${metadata.name}`).sort();
  }

  /** Ends the cluster without notice. */
  async vanish(): Promise<void> {
    const exited = once(this.child, 'exit');
    this.child.kill('SIGKILL');
    await exited;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.child.exitCode === null && this.child.signalCode === null) {
      const exited = once(this.child, 'exit');
      this.child.kill('SIGTERM');
      await exited;
    }
    rmSync(this.directory, { recursive: true, force: true });
  }
}

/** Resolves when the run has printed it. */
export function until(run: ReturnType<Elsewhere['certify']>, words: RegExp): Promise<void> {
  let said = '';
  return new Promise((resolve, reject) => {
    run.all.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      if (words.test(said)) resolve();
    });
    void run.then(() => reject(new Error(`the run ended before:\n${said}`)));
  });
}
