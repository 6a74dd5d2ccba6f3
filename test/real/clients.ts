/** The Go programs of `clients/`: built, and run against a sandbox. Each prints the same on every API server that is one. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { type Sandbox, startSandbox } from '../../sandbox/index.ts';
import { ask } from '../conformance/api/call.ts';

const SOURCE = join(import.meta.dirname, 'clients');
/** Beside the other programs that `npm run build:real` builds. */
const BIN = join(import.meta.dirname, '../..', '.labwright', 'clients');
export const CLIENTS = ['informer', 'operator'] as const;
type ClientName = (typeof CLIENTS)[number];
const LONGEST_MS = 240_000;

/** Builds both from the module versions that `clients/go.sum` pins. @throws when Go is missing or a module can't be had. */
async function buildClients(): Promise<void> {
  mkdirSync(BIN, { recursive: true });
  const env = { CGO_ENABLED: '0', GOFLAGS: '-mod=readonly' };
  await execa('go', ['build', '-trimpath', '-ldflags', '-s -w', '-o', `${BIN}/`, './...'], { cwd: SOURCE, env });
}

/** Builds and runs both programs on the real API server and on ours. @returns those whose output differs, or that fail. */
export async function clientsThatDiffer(): Promise<readonly ClientName[]> {
  await buildClients();
  const [real, ours] = [await outputs('real'), await outputs('ours')];
  return CLIENTS.filter((name) => {
    const differs = real[name] !== ours[name] || real[name].includes('failed:');
    if (differs)
      console.log(`${name} on kube-apiserver:\n${real[name]}\n${name} on the sandbox's own server:\n${ours[name]}`);
    return differs;
  });
}

async function outputs(api: 'real' | 'ours'): Promise<Readonly<Record<ClientName, string>>> {
  const sandbox = await startSandbox({ name: 'clients', images: [], controlPlane: { api, mesh: 'ours' } });
  try {
    return { informer: await runClient(sandbox, 'informer'), operator: await runClient(sandbox, 'operator') };
  } finally {
    await sandbox.stop();
  }
}

/** @returns what the program printed, its namespace left out. */
async function runClient(sandbox: Sandbox, name: ClientName): Promise<string> {
  // Makes the namespace.
  await ask(sandbox, { name, calls: [] });
  const namespace = `conf-${name}`;
  const env = { KUBECONFIG: sandbox.kubeconfig };
  const { stdout, stderr, exitCode } = await execa(join(BIN, name), [namespace], {
    env,
    reject: false,
    timeout: LONGEST_MS,
  });
  const log = exitCode === 0 ? '' : `\n${stderr.slice(-2000)}`;
  return (stdout + log).replaceAll(namespace, 'NAMESPACE');
}
