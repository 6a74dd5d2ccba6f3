/** The environment of the lab's terminal: a separate home directory, a kubeconfig to log in with, and `oc`. */
import { chmod, mkdir, symlink, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import type { ProvidedCluster } from './cluster-provider.ts';
import { BashTerminal } from './terminal.ts';

/** Passed on from the user's environment; anything else would make runs differ. */
const PASSED_ON = [
  'PATH',
  'LANG',
  'LC_ALL',
  'TERM',
  'TZ',
  'HTTPS_PROXY',
  'https_proxy',
  'NO_PROXY',
  'no_proxy',
  'SSL_CERT_FILE',
  'SSL_CERT_DIR',
];

/** @param directory private directory of the session. */
export async function openTerminal(
  cluster: ProvidedCluster,
  directory: string,
  redact: (text: string) => string,
): Promise<BashTerminal> {
  const home = join(directory, 'home');
  const work = join(directory, 'work');
  const bin = join(directory, 'bin');
  await Promise.all([home, work, bin].map((path) => mkdir(path, { recursive: true, mode: 0o700 })));
  await provideOc(bin);
  const kubeconfig = join(home, 'kubeconfig');
  await writeFile(kubeconfig, initialKubeconfig(cluster), { mode: 0o600 });
  const passedOn = Object.fromEntries(
    PASSED_ON.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]])),
  );
  return new BashTerminal({
    directory: work,
    env: {
      ...passedOn,
      ...cluster.env,
      HOME: home,
      PATH: `${bin}${delimiter}${process.env['PATH'] ?? ''}`,
      LABWRIGHT_SERVER: cluster.server,
      LABWRIGHT_TOKEN: cluster.login.token,
      // The lab's expectations quote English messages of git and kubectl.
      LC_ALL: 'C.UTF-8',
    },
    kubeconfig,
    redact,
  });
}

/** Contains the cluster and its authority but no credentials: logging in is the lab's first step. */
function initialKubeconfig(provided: ProvidedCluster): string {
  const authority = provided.login.certificateAuthority;
  const cluster = {
    server: provided.server,
    ...(authority === undefined ? {} : { 'certificate-authority-data': Buffer.from(authority).toString('base64') }),
  };
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'cluster', cluster }],
    users: [],
    contexts: [],
    'current-context': '',
  });
}

async function provideOc(bin: string): Promise<void> {
  const { execa } = await import('execa');
  const real = await execa('bash', ['-c', 'command -v oc'], { reject: false });
  if (real.exitCode === 0) return;
  const standIn = join(import.meta.dirname, '..', 'oc', 'oc');
  await symlink(standIn, join(bin, 'oc'));
  await chmod(standIn, 0o755).catch(() => undefined);
}
