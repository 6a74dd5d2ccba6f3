/** The kubeconfig that `oc` reads and writes: clusters, users and contexts under oc's names. */
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

/** Of the files in `KUBECONFIG` the first is written to, as kubectl does. */
function path(): string {
  const [first] = (process.env['KUBECONFIG'] ?? '').split(delimiter).filter((part) => part !== '');
  return first ?? join(homedir(), '.kube', 'config');
}

/** An empty one when there is no file. What else the file holds is kept. @throws {OcError} when it is no YAML. */
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
    // Said below.
  }
  throw new OcError(`error loading config file "${path()}": it is not a kubeconfig`);
}

/** Whole or not at all, readable by its owner only. */
export async function writeKubeconfig(config: Kubeconfig): Promise<void> {
  const temporary = `${path()}.${process.pid}`;
  await mkdir(dirname(temporary), { recursive: true, mode: 0o700 });
  await writeFile(temporary, dump(config), { mode: 0o600 });
  await rename(temporary, path());
}

/** Replaces the entry of that name, or adds it. */
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

/** Of the cluster that the current context names. */
export function currentServer(config: Kubeconfig): string | undefined {
  const cluster = currentContext(config)?.cluster;
  return config.clusters.find(({ name }) => name === cluster)?.cluster.server;
}

/** The project that commands are about when none is named. */
export async function currentNamespace(): Promise<string> {
  return currentContext(await readKubeconfig())?.namespace ?? 'default';
}
