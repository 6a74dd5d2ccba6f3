/** `oc login`: with a token, with a name and a password, or through a browser. */
import { readFile } from 'node:fs/promises';
import { listAt, textAt } from '../../model/fields.ts';
import { tokenByBrowser } from '../browser-login.ts';
import { type Command, flag, parse, text } from '../command.ts';
import { OcError } from '../error.ts';
import { ask } from '../http.ts';
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
} from '../kubeconfig.ts';
import { findOAuthServer, tokenByPassword } from '../oauth.ts';
import { hintForProjects } from './projects.ts';

const OPTIONS = {
  token: text,
  server: { ...text, short: 's' },
  username: { ...text, short: 'u' },
  password: { ...text, short: 'p' },
  web: { ...flag, short: 'w' },
  'callback-port': text,
  'certificate-authority': text,
  'insecure-skip-tls-verify': flag,
} as const;

interface Wanted {
  readonly server: string | undefined;
  readonly token: string | undefined;
  readonly username: string | undefined;
  readonly password: string | undefined;
  readonly web: boolean;
  readonly callbackPort: number;
  readonly certificateAuthority: string | undefined;
  readonly insecure: boolean;
}

export const login: Command = {
  words: 'login',
  about: 'logs in: --token, -u and -p, or --web',
  run: async (words) => {
    const { values, positionals } = parse('login', words, OPTIONS);
    return logIn({
      server: values.server ?? positionals[0],
      token: values.token,
      username: values.username,
      password: values.password,
      web: values.web === true,
      callbackPort: Number(values['callback-port'] ?? 0),
      certificateAuthority: values['certificate-authority'],
      insecure: values['insecure-skip-tls-verify'] === true,
    });
  },
};

async function logIn(wanted: Wanted): Promise<string> {
  const config = await readKubeconfig();
  const server = normalize(wanted.server ?? currentServer(config) ?? noServer());
  const cluster = await clusterFor(server, wanted, config);
  const token = wanted.token ?? (await tokenFor(server, cluster, wanted));
  const user = textAt(await fromApi(server, cluster, token, '/apis/user.openshift.io/v1/users/~'), 'metadata', 'name');
  const listed = await fromApi(server, cluster, token, '/apis/project.openshift.io/v1/projects');
  const names = listAt(listed, 'items')
    .flatMap((project) => textAt(project, 'metadata', 'name') ?? [])
    .sort();
  const name = clusterName(server);
  const account = `${user ?? 'unknown'}/${name}`;
  const before = currentContext(config)?.namespace;
  const namespace =
    before !== undefined && names.includes(before)
      ? before
      : (names.find((candidate) => candidate === 'default') ?? names[0]);
  put(config.clusters, { name, cluster });
  put(config.users, { name: account, user: { token } });
  useNamespace(config, name, account, namespace);
  await writeKubeconfig(config);
  const how =
    wanted.token === undefined ? 'Login successful.' : `Logged into "${server}" as "${user}" using the token provided.`;
  return `${how}\n\n${hintForProjects(names, namespace)}`;
}

/** @throws {OcError} with the real oc's message if the password is wrong. */
async function tokenFor(server: string, cluster: Cluster, wanted: Wanted): Promise<string> {
  const oauth = await findOAuthServer(server, cluster);
  if (wanted.web) return tokenByBrowser(oauth, cluster, wanted.callbackPort);
  const { username: name, password } = wanted;
  if (name === undefined || password === undefined)
    throw new OcError('this oc does not prompt: use oc login -u NAME -p PASSWORD, --token=TOKEN, or --web');
  const token = await tokenByPassword(oauth, cluster, { name, password });
  if (token !== undefined) return token;
  console.log('Login failed (401 Unauthorized)\nVerify you have provided the correct credentials.');
  throw new OcError('');
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

/** Keeps the authority that an earlier login to the same server trusted, as the real oc does. */
async function clusterFor(server: string, wanted: Wanted, config: Kubeconfig): Promise<Cluster> {
  const known = config.clusters.find((entry) => normalize(entry.cluster.server) === server)?.cluster;
  if (wanted.insecure) return { server, 'insecure-skip-tls-verify': true };
  if (wanted.certificateAuthority !== undefined) {
    const authority = await readFile(wanted.certificateAuthority).catch((error: Error) => {
      throw new OcError(`the certificate authority can't be read: ${error.message}`);
    });
    return { server, 'certificate-authority-data': authority.toString('base64') };
  }
  return known === undefined ? { server } : { ...known, server };
}

async function fromApi(server: string, cluster: Cluster, token: string, path: string): Promise<unknown> {
  const { status, body } = await ask(server + path, cluster, { headers: { authorization: `Bearer ${token}` } });
  if (status === 401) throw new OcError('The token provided is invalid or expired.');
  if (status >= 400) throw new OcError(`the server answered ${path} with ${status}`);
  return JSON.parse(body);
}
