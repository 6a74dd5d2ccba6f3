/** The app of `test/harbour` behind either control plane, called with curl from outside and from its pods. */
import { join } from 'node:path';
import { setTimeout as after } from 'node:timers/promises';
import { execa } from 'execa';
import { type Sandbox, startSandbox } from '../../../sandbox/index.ts';
import { kubectlFlags } from '../../support/kubectl.ts';
import type { Question } from './questions.ts';

const FILES = join(import.meta.dirname, '..', '..', 'harbour');
const TIMEOUT_MS = 60_000;

/** What is compared: the status, which pod answered, and what it saw. */
export interface Seen {
  readonly status: string;
  readonly rig?: string;
  readonly url?: string;
  readonly method?: string;
  readonly host?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly location?: string;
}

export class Harbour {
  readonly #sandbox: Sandbox;

  private constructor(sandbox: Sandbox) {
    this.#sandbox = sandbox;
  }

  static async start(mesh: 'ours' | 'real'): Promise<Harbour> {
    const images = [join(FILES, 'images.yaml')];
    // The first release of Service Mesh whose istiod always detects a port's protocol, as current ones do.
    const options = { name: `harbour-${mesh}`, images, release: '2.6' };
    const sandbox = await startSandbox({ ...options, controlPlane: { api: 'ours', mesh } });
    const harbour = new Harbour(sandbox);
    try {
      await harbour.#build();
      return harbour;
    } catch (error) {
      await sandbox.stop();
      throw error;
    }
  }

  async #build(): Promise<void> {
    await this.#apply('mesh');
    await this.#until('get csv -n openshift-operators', /servicemeshoperator.*Succeeded/);
    await this.#apply('plane');
    await this.#until('get smcp,smmr -n pilots', /ComponentsReady[\s\S]*Configured/);
    await this.#apply('app');
    await this.#until(
      'get pods -n docks --no-headers',
      /^(?=(?:[\s\S]*2\/2 +Running){4})(?=[\s\S]*stranger +1\/1 +Running)/,
    );
    await this.#apply('rules');
    const quay = { what: '', url: 'http://quay.harbour.example/moved' };
    await this.#waitFor('the gateway', async () => (await this.ask(quay)).status === '308');
  }

  stop(): Promise<void> {
    return this.#sandbox.stop();
  }

  async ask({ url, from, args = [], keep = [] }: Question): Promise<Seen> {
    const options = ['-s', '-i', '--max-time', '10', ...args, url];
    const { stdout } =
      from === undefined
        ? await execa('curl', ['-x', this.#sandbox.proxy, ...options], { reject: false })
        : await this.#kubectl(`exec -n docks ${from} -c hands -- curl`.split(' '), options);
    return seenIn(stdout, keep);
  }

  #kubectl(args: readonly string[], more: readonly string[] = []) {
    return execa('kubectl', [...kubectlFlags(this.#sandbox.kubeconfig), ...args, ...more], { reject: false });
  }

  async #apply(name: string): Promise<void> {
    const { exitCode, stderr } = await this.#kubectl(['apply', '-f', join(FILES, `${name}.yaml`)]);
    if (exitCode !== 0) throw new Error(stderr);
  }

  #until(line: string, words: RegExp): Promise<void> {
    return this.#waitFor(line, async () => words.test((await this.#kubectl(line.split(' '))).stdout));
  }

  async #waitFor(what: string, holds: () => Promise<boolean>): Promise<void> {
    const end = Date.now() + TIMEOUT_MS;
    while (!(await holds())) {
      if (Date.now() > end) throw new Error(`${what}: not within ${TIMEOUT_MS / 1_000} s`);
      await after(50);
    }
  }
}

function seenIn(answer: string, keep: readonly string[]): Seen {
  const status = /^HTTP\/[\d.]+ (\d+)/.exec(answer)?.[1] ?? 'no answer';
  const location = /^location: *(\S+)/im.exec(answer)?.[1];
  const at = answer.indexOf('{');
  if (at < 0) return { status, ...(location === undefined ? {} : { location }) };
  const { rig, url, method, headers } = JSON.parse(answer.slice(at)) as Required<Omit<Seen, 'status'>>;
  const kept = Object.fromEntries(keep.flatMap((name) => (headers[name] === undefined ? [] : [[name, headers[name]]])));
  return { status, rig, url, method, host: headers['host'] ?? '', headers: kept };
}
