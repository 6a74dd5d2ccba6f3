/** The app of `test/harbour` in a sandbox, one per test file, and the ways to reach it. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { execa } from 'execa';
import { type Sandbox, startSandbox } from '../../sandbox/index.ts';
import { kubectlFlags } from './kubectl.ts';

const FILES = join(import.meta.dirname, '..', 'harbour');
let sandbox: Sandbox | undefined;

export interface Output {
  readonly exitCode: number | undefined;
  readonly all: string;
}

async function run(file: string, args: readonly string[], input = ''): Promise<Output> {
  const { exitCode, all } = await execa(file, args, { all: true, reject: false, input });
  return { exitCode, all };
}

export function kubectl(args: readonly string[], input?: string): Promise<Output> {
  return run('kubectl', [...kubectlFlags(started().kubeconfig), ...args], input);
}

/** @throws with the last output if it does not hold within half a minute. */
export async function until(
  what: string,
  look: () => Promise<Output>,
  holds: (output: Output) => boolean,
): Promise<void> {
  const end = Date.now() + 30_000;
  for (;;) {
    const output = await look();
    if (holds(output)) return;
    if (Date.now() > end) assert.fail(`${what}: ${output.all}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

export async function apply(name: string): Promise<void> {
  const { exitCode, all } = await kubectl(['apply', '-f', join(FILES, `${name}.yaml`)]);
  assert.equal(exitCode, 0, all);
}

/** curl from outside, through the sandbox's proxy. */
export function visit(url: string, ...args: string[]): Promise<Output> {
  return run('curl', ['-sS', '--max-time', '10', '-x', started().proxy, ...args, url]);
}

/** curl in a pod. */
export function ask(pod: string, ...args: string[]): Promise<Output> {
  return kubectl(['exec', '-n', 'docks', pod, '-c', 'hands', '--', 'curl', '-sS', '--max-time', '10', ...args]);
}

export const CODE = ['-o', '/dev/null', '-w', '%{http_code}'];
export const quay = (path: string): string => `http://quay.harbour.example${path}`;

export function seen({ all }: Output): { rig: string; url: string; method: string; headers: Record<string, string> } {
  return JSON.parse(all);
}

/** Starts a sandbox with the mesh and the app. */
export async function startHarbour(): Promise<void> {
  sandbox = await startSandbox({ name: 'harbour', release: '2.6', images: [join(FILES, 'images.yaml')] });
  await apply('mesh');
  await until(
    'the operator is installed',
    () => kubectl(['get', 'csv', '-n', 'openshift-operators']),
    ({ all }) => /servicemeshoperator.*Succeeded/.test(all),
  );
  await apply('plane');
  await until(
    'the control plane is ready',
    () => kubectl(['get', 'smcp,smmr', '-n', 'pilots']),
    ({ all }) => all.includes('ComponentsReady') && all.includes('Configured'),
  );
  await apply('app');
  await until(
    'pods are ready',
    () => kubectl(['get', 'pods', '-n', 'docks', '--no-headers']),
    ({ all }) => (all.match(/2\/2 +Running/g) ?? []).length === 4 && /stranger +1\/1 +Running/.test(all),
  );
  await apply('rules');
  await until(
    'the gateway answers',
    () => visit(quay('/split'), ...CODE),
    ({ all }) => all === '200',
  );
}

export async function stopHarbour(): Promise<void> {
  await sandbox?.stop();
}

function started(): Sandbox {
  assert.ok(sandbox, 'the sandbox has not been started');
  return sandbox;
}
