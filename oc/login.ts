/** `oc login --token=… --server=…` */
import { readFile } from 'node:fs/promises';
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { OcError } from './error.ts';
import {
  type Cluster,
  clusterName,
  currentContext,
  currentServer,
  type Kubeconfig,
  put,
  readKubeconfig,
  useNamespace,
  writeKubeconfig,
} from './kubeconfig.ts';
import { hintForProjects } from './projects.ts';

export interface LoginOptions {
  readonly server: string | undefined;
  readonly token: string | undefined;
  readonly certificateAuthority: string | undefined;
  readonly insecure: boolean;
}

/** @returns what a person sees. @throws {OcError} */
export async function login(options: LoginOptions): Promise<string> {
  const config = await readKubeconfig();
  const server = normalize(options.server ?? currentServer(config) ?? noServer());
  if (options.token === undefined) throw new OcError('this oc logs in with a token only; use --token');
  const cluster = await clusterFor(server, options, config);
  const user = await ask<{ metadata: { name: string } }>(
    server,
    cluster,
    options.token,
    '/apis/user.openshift.io/v1/users/~',
  );
  const projects = await ask<{ items: { metadata: { name: string } }[] }>(
    server,
    cluster,
    options.token,
    '/apis/project.openshift.io/v1/projects',
  );
  const names = projects.items.map(({ metadata }) => metadata.name).sort();
  const name = clusterName(server);
  const account = `${user.metadata.name}/${name}`;
  const before = currentContext(config)?.namespace;
  const namespace =
    before !== undefined && names.includes(before)
      ? before
      : (names.find((candidate) => candidate === 'default') ?? names[0]);
  put(config.clusters, { name, cluster });
  put(config.users, { name: account, user: { token: options.token } });
  useNamespace(config, name, account, namespace);
  await writeKubeconfig(config);
  return `Logged into "${server}" as "${user.metadata.name}" using the token provided.\n\n${hintForProjects(names, namespace)}`;
}

function normalize(server: string): string {
  const text = /^https?:\/\//.test(server) ? server : `https://${server}`;
  if (!URL.canParse(text)) throw new OcError(`"${server}" is not the address of a server`);
  const url = new URL(text);
  return `${url.protocol}//${url.host}`;
}

function noServer(): never {
  throw new OcError('no server was named; use --server');
}

/** The authority that an earlier login to the same server trusted is kept, as the real oc does. */
async function clusterFor(server: string, options: LoginOptions, config: Kubeconfig): Promise<Cluster> {
  const known = config.clusters.find((entry) => normalize(entry.cluster.server) === server)?.cluster;
  if (options.insecure) return { server, 'insecure-skip-tls-verify': true };
  if (options.certificateAuthority !== undefined) {
    const authority = await readFile(options.certificateAuthority).catch((error: Error) => {
      throw new OcError(`the certificate authority can't be read: ${error.message}`);
    });
    return { server, 'certificate-authority-data': authority.toString('base64') };
  }
  return known === undefined ? { server } : { ...known, server };
}

async function ask<T>(server: string, cluster: Cluster, token: string, path: string): Promise<T> {
  const { status, body } = await get(server + path, cluster, token);
  if (status === 401) throw new OcError('The token provided is invalid or expired.');
  if (status >= 400) throw new OcError(`the server answered ${path} with ${status}`);
  return JSON.parse(body) as T;
}

async function get(url: string, cluster: Cluster, token: string): Promise<{ status: number; body: string }> {
  const data = cluster['certificate-authority-data'];
  const ca =
    data === undefined
      ? cluster['certificate-authority'] === undefined
        ? undefined
        : await readFile(cluster['certificate-authority'])
      : Buffer.from(data, 'base64');
  const options = {
    headers: { authorization: `Bearer ${token}`, accept: 'application/json' },
    rejectUnauthorized: cluster['insecure-skip-tls-verify'] !== true,
    ...(ca === undefined ? {} : { ca }),
  };
  return new Promise((resolve, reject) => {
    const request = (url.startsWith('https:') ? httpsRequest : httpRequest)(url, options, (response) => {
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        body += chunk;
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 500, body }));
    });
    request.once('error', (error: NodeJS.ErrnoException) => reject(new OcError(unreachable(error))));
    request.end();
  });
}

const UNTRUSTED: ReadonlySet<string> = new Set([
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
]);

function unreachable(error: NodeJS.ErrnoException): string {
  if (UNTRUSTED.has(error.code ?? ''))
    return 'The server uses a certificate signed by unknown authority. You may need to use the --certificate-authority flag to provide the path to a certificate file for the certificate authority, or --insecure-skip-tls-verify to bypass the certificate check and use insecure connections.';
  return `${error.message} - verify you have provided the correct host and port and that the server is currently running.`;
}
