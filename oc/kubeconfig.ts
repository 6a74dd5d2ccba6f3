/** The kubeconfig that `oc` reads and writes, with clusters, users and contexts named as oc names them. */
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { dump, load } from 'js-yaml';
import { OcError } from './error.ts';

export interface Cluster {
  server: string;
  'certificate-authority-data'?: string;
  'certificate-authority'?: string;
  'insecure-skip-tls-verify'?: boolean;
}
interface Context {
  cluster: string;
  user: string;
  namespace?: string;
}
export interface Kubeconfig {
  apiVersion: 'v1';
  kind: 'Config';
  clusters: { name: string; cluster: Cluster }[];
  users: { name: string; user: { token?: string } }[];
  contexts: { name: string; context: Context }[];
  'current-context': string;
}

/** Writes to the first of the files in `KUBECONFIG`, as kubectl does. */
function path(): string {
  const [first] = (process.env['KUBECONFIG'] ?? '').split(delimiter).filter((part) => part !== '');
  return first ?? join(homedir(), '.kube', 'config');
}

/** Returns an empty kubeconfig if there is no file. Keeps unknown fields. @throws {OcError} if the file is not YAML. */
export async function readKubeconfig(): Promise<Kubeconfig> {
  const text = await readFile(path(), 'utf8').catch(() => '');
  const read = parse(text);
  return {
    ...read,
    apiVersion: 'v1',
    kind: 'Config',
    clusters: read.clusters ?? [],
    users: read.users ?? [],
    contexts: read.contexts ?? [],
    'current-context': read['current-context'] ?? '',
  };
}

function parse(text: string): Partial<Kubeconfig> {
  try {
    const read = text.trim() === '' ? {} : load(text);
    if (typeof read === 'object' && read !== null) return read;
  } catch {
    // Reported below.
  }
  throw new OcError(`error loading config file "${path()}": it is not a kubeconfig`);
}

/** Writes the file atomically, readable only by its owner. */
export async function writeKubeconfig(config: Kubeconfig): Promise<void> {
  const temporary = `${path()}.${process.pid}`;
  await mkdir(dirname(temporary), { recursive: true, mode: 0o700 });
  await writeFile(temporary, dump(config), { mode: 0o600 });
  await rename(temporary, path());
}

/** Replaces the entry with that name, or adds it. */
export function put<T extends { name: string }>(entries: T[], entry: T): void {
  const index = entries.findIndex(({ name }) => name === entry.name);
  if (index < 0) entries.push(entry);
  else entries[index] = entry;
}

/** `https://c1.example.com:6443` → `c1-example-com:6443` */
export function clusterName(server: string): string {
  const url = new URL(server);
  const port = url.port === '' ? (url.protocol === 'https:' ? '443' : '80') : url.port;
  return `${url.hostname.replaceAll('.', '-')}:${port}`;
}

/** Makes `namespace` the current one for the cluster and user, under oc's context name. */
export function useNamespace(config: Kubeconfig, cluster: string, user: string, namespace: string | undefined): void {
  const shortUser = user.split('/')[0] ?? user;
  const name = `${namespace ?? ''}/${cluster}/${shortUser}`;
  put(config.contexts, { name, context: { cluster, user, ...(namespace === undefined ? {} : { namespace }) } });
  config['current-context'] = name;
}

export function currentContext(config: Kubeconfig): Context | undefined {
  return config.contexts.find(({ name }) => name === config['current-context'])?.context;
}

/** The address of the current context's cluster. */
export function currentServer(config: Kubeconfig): string | undefined {
  const cluster = currentContext(config)?.cluster;
  return config.clusters.find(({ name }) => name === cluster)?.cluster.server;
}

/** The project that commands use if none is named. */
export async function currentNamespace(): Promise<string> {
  return currentContext(await readKubeconfig())?.namespace ?? 'default';
}
