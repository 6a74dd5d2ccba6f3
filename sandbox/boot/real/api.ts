/** The real Kubernetes control plane inside a sandbox: etcd, kube-apiserver, kube-controller-manager. */

import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { selfSigned } from '../../../certificates/self-signed.ts';
import { at, text } from '../../../model/fields.ts';
import { connect } from '../../client/client.ts';
import type { Beginning, ClusterApi } from '../cluster-api.ts';
import { writeKubeconfig } from '../kubeconfig.ts';
import { startAggregation } from './aggregation.ts';
import { startProcess } from './process.ts';
import type { ApiPrograms } from './programs.ts';
import { relay } from './relay.ts';

const PORT = 6443;
const ETCD = 'http://127.0.0.1:2379';
const TIMEOUT_MS = 60_000;

/** Resolves when kube-apiserver is ready. It needs the sandbox's network. @throws if a program exits instead. */
export async function startRealApi(beginning: Beginning, programs: ApiPrograms): Promise<ClusterApi> {
  const { start, log } = beginning;
  const directory = join(start.settings.directory, 'control-plane');
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const front = await selfSigned('front-proxy-client');
  const token = randomBytes(32).toString('hex');
  await writeFiles(directory, beginning, front, token);
  const etcd = startProcess(programs.etcd, etcdFlags(directory), directory);
  const server = startProcess(programs.apiServer, apiServerFlags(directory, start.settings), directory);
  const access = {
    url: `https://127.0.0.1:${PORT}`,
    token,
    certificateAuthority: start.tls.authority,
  };
  const client = connect(access);
  await Promise.race([untilReady(access.url), etcd.ended, server.ended]);
  relay(beginning.api, () => ({ host: '127.0.0.1', port: PORT }));
  const kubeconfig = join(directory, 'kubeconfig');
  await writeKubeconfig(kubeconfig, 'kube-controller-manager', { ...access, server: access.url });
  const manager = startProcess(programs.controllerManager, managerFlags(directory, kubeconfig), directory);
  // Without any of them the cluster can't work.
  for (const { ended } of [etcd, server, manager]) ended.catch(beginning.fail);
  const gitVersion = text(at(await client.request('GET', '/version'), 'gitVersion'));
  const aggregation = { client, host: start.settings.nodeAddress, frontAuthority: front.cert, gitVersion };
  const aggregate = await startAggregation({ ...aggregation, log: (line) => log('openshift-apiserver', line) });
  return {
    access,
    client,
    aggregate,
    // Stored kinds are printed with the columns of their CRDs.
    printTable: () => undefined,
    // kube-apiserver validates only by a CRD's own schema.
    extendKind: () => undefined,
    supportFields: async (tables) => {
      const { startFieldWarnings } = await import('./field-support.ts');
      await startFieldWarnings({ client, tables, log: (line) => log('field-warnings', line) });
    },
    hasControllers: true,
  };
}

async function writeFiles(
  directory: string,
  { start }: Beginning,
  front: { readonly key: string; readonly cert: string },
  /** Of the sandbox's own parts. */
  token: string,
): Promise<void> {
  const accounts = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
  const files: Record<string, string> = {
    'serving.crt': start.tls.cert,
    'serving.key': start.tls.key,
    'authority.crt': start.tls.authority,
    'front.crt': front.cert,
    'front.key': front.key,
    'accounts.key': String(accounts.export({ type: 'sec1', format: 'pem' })),
    'tokens.csv': `${token},system:labwright,labwright,"system:masters"\n${start.token},admin,admin,"system:masters"\n${start.developerToken},developer,developer,"system:authenticated:oauth"\n`,
  };
  const write = ([name, text]: [string, string]) => writeFile(join(directory, name), text, { mode: 0o600 });
  await Promise.all(Object.entries(files).map(write));
}

function etcdFlags(directory: string): string[] {
  return [
    `--data-dir=${join(directory, 'etcd')}`,
    `--listen-client-urls=${ETCD}`,
    `--advertise-client-urls=${ETCD}`,
    '--listen-peer-urls=http://127.0.0.1:2380',
    // A sandbox's state does not outlive it.
    '--unsafe-no-fsync',
  ];
}

function apiServerFlags(directory: string, settings: Beginning['start']['settings']): string[] {
  const at = (name: string): string => join(directory, name);
  return [
    `--etcd-servers=${ETCD}`,
    '--bind-address=0.0.0.0',
    `--secure-port=${PORT}`,
    `--advertise-address=${settings.nodeAddress}`,
    `--tls-cert-file=${at('serving.crt')}`,
    `--tls-private-key-file=${at('serving.key')}`,
    `--token-auth-file=${at('tokens.csv')}`,
    '--authorization-mode=Node,RBAC',
    '--service-account-issuer=https://kubernetes.default.svc',
    `--service-account-key-file=${at('accounts.key')}`,
    `--service-account-signing-key-file=${at('accounts.key')}`,
    `--service-cluster-ip-range=${settings.serviceCidr}`,
    '--allow-privileged=true',
    '--kubelet-preferred-address-types=InternalIP',
    // Aggregated servers are reached at their endpoints, before Services work.
    '--enable-aggregator-routing=true',
    `--requestheader-client-ca-file=${at('front.crt')}`,
    '--requestheader-username-headers=X-Remote-User',
    '--requestheader-group-headers=X-Remote-Group',
    '--requestheader-extra-headers-prefix=X-Remote-Extra-',
    `--proxy-client-cert-file=${at('front.crt')}`,
    `--proxy-client-key-file=${at('front.key')}`,
  ];
}

function managerFlags(directory: string, kubeconfig: string): string[] {
  return [
    `--kubeconfig=${kubeconfig}`,
    '--bind-address=127.0.0.1',
    '--use-service-account-credentials',
    `--service-account-private-key-file=${join(directory, 'accounts.key')}`,
    `--root-ca-file=${join(directory, 'authority.crt')}`,
    '--leader-elect=false',
  ];
}

/** A server that does not answer yet can't be watched. */
async function untilReady(url: string): Promise<void> {
  const end = Date.now() + TIMEOUT_MS;
  for (;;) {
    const answer = await fetch(`${url}/readyz`).catch(() => undefined);
    if (answer?.ok) return;
    if (Date.now() > end) throw new Error(`kube-apiserver is not ready after ${TIMEOUT_MS / 1000} s`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
